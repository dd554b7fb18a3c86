"""Webhooks recorded elsewhere go through the same decoder and journal as those over HTTP."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from eventlog.event import DeadLetter, Record, StatusReported, decode_record
from eventlog.layout import Layout
from ingest.importer import BATCH_RECORDS_MAX, ImportSummary, decoders, import_file
from ingest.journal import Journal
from ingest.recorded import LINE_BYTES_MAX
from ingest.sealer import Sealer
from ingest.taken import Taken
from tests.ingest.records import FORM, status_body

TOKEN = "smsa_" + "aB3-_x90" * 4
NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal.sqlite") as journal:
        yield journal


def line(**fields: Any) -> bytes:
    return json.dumps({"content_type": FORM, "body": status_body("a").decode()} | fields).encode()


def run(journal: Journal, *lines: bytes, allow_duplicates: bool = False) -> ImportSummary:
    taken = Taken(() if allow_duplicates else journal.imported_keys())
    given = [each + b"\n" for each in lines]
    return import_file(given, journal, lambda: NOW, lambda _bytes: None, taken=taken)


def records(journal: Journal) -> list[Record]:
    return [decode_record(blob) for _, blob in journal.head(0, 10_000)]


def test_a_recorded_webhook_becomes_an_event_of_its_own_time(journal: Journal) -> None:
    summary = run(journal, line(ingested_at="2026-11-02T10:15:05+02:00"))
    (record,) = records(journal)
    assert (summary.events, summary.dead_letters, summary.refused) == (1, 0, 0)
    assert isinstance(record.outcome, StatusReported)
    assert record.ingested_at == datetime(2026, 11, 2, 8, 15, 5, tzinfo=UTC)
    assert record.source == "import"


def test_a_line_without_a_time_has_come_now(journal: Journal) -> None:
    run(journal, line(), line(ingested_at=None))
    assert [record.ingested_at for record in records(journal)] == [NOW, NOW]


def test_a_webhook_that_cannot_be_decoded_is_a_dead_letter(journal: Journal) -> None:
    assert run(journal, line(body="hello=world"), line()).dead_letters == 1
    assert isinstance(records(journal)[0].outcome, DeadLetter)


def test_a_body_may_be_exact_bytes(journal: Journal) -> None:
    raw = b"body=caf\xe9\x00"
    run(journal, line(body=None, body_base64=base64.b64encode(raw).decode()))
    assert records(journal)[0].webhook.raw == raw


@pytest.mark.parametrize(
    ("url", "tags"),
    [
        (
            "https://x.example/webhooks/smso/spring?team=a%20b",
            {"campaign": "spring", "team": "a b"},
        ),
        ("/webhooks/smso?campaign=autumn", {"campaign": "autumn"}),
        ("/webhooks/smso/", {}),
        (f"https://x.example/webhooks/smso/{TOKEN}", {}),
        (f"/webhooks/smso/{TOKEN}/?team=a", {"team": "a"}),
        (f"/webhooks/smso/{TOKEN}/spring", {"campaign": "spring"}),
        ("/webhooks/smso/token-of-another-make/spring", {"campaign": "spring"}),
        ("", {}),
    ],
)
def test_the_url_gives_tags_as_over_http(journal: Journal, url: str, tags: dict[str, str]) -> None:
    run(journal, line(url=url))
    assert records(journal)[0].webhook.tags == tags


@pytest.mark.parametrize(
    "bad",
    [
        b"{",
        b"[]",
        b"\xff",
        b'"text"',
        b'{"body": 3}',
        line(body=None),
        line(body_base64="AA=="),
        line(body=None, body_base64="?"),
        line(ingested_at="yesterday"),
        line(url="http://[x"),
        line(body="x" * LINE_BYTES_MAX),
    ],
)
def test_a_line_that_is_no_webhook_is_named_and_the_rest_is_taken(
    journal: Journal, bad: bytes
) -> None:
    summary = run(journal, line(), bad, b"", line())
    assert (summary.events, summary.refused) == (2, 1)
    assert [refused.number for refused in summary.refused_lines] == [2]
    assert len(records(journal)) == 2


def test_a_long_file_goes_in_batches_in_order(journal: Journal) -> None:
    count = 2 * BATCH_RECORDS_MAX + 3
    told: list[int] = []
    lines = [line(body=status_body(f"m-{n}").decode()) for n in range(count)]
    import_file(lines, journal, lambda: NOW, told.append)
    outcomes = [record.outcome for record in records(journal)]
    assert [each.message_id for each in outcomes if isinstance(each, StatusReported)] == [
        f"m-{n}" for n in range(count)
    ]
    assert (len(told), told[-1]) == (3, sum(map(len, lines)))


def test_processes_decode_the_same_in_the_same_order(journal: Journal) -> None:
    lines = [line(body=status_body(f"m-{n}").decode()) for n in range(3 * BATCH_RECORDS_MAX)]
    lines[4_321] = b"{"
    with decoders(size_bytes=1 << 30) as pool:
        summary = import_file(lines, journal, lambda: NOW, lambda _bytes: None, pool=pool)
    bodies = [record.webhook.raw for record in records(journal)]
    assert bodies == [status_body(f"m-{n}") for n in range(len(lines)) if n != 4_321]
    assert [refused.number for refused in summary.refused_lines] == [4_322]


def test_the_same_import_again_adds_nothing(journal: Journal) -> None:
    lines = [line(body=status_body(f"m-{n % 700}").decode()) for n in range(1_000)]
    lines.append(line(body="hello=world", ingested_at="2026-11-02T08:15:05Z"))
    assert run(journal, *lines).events == 1_000
    again = run(journal, *lines)
    assert (again.events, again.dead_letters, again.taken_before) == (0, 0, 1_001)
    assert journal.last_seq() == 1_001


def test_nor_does_it_when_the_journal_has_been_sealed(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    with Journal.open(layout.journal) as journal, Sealer(layout) as sealer:
        run(journal, line(), line(body="hello=world"))
        assert sealer.seal(10) == 2
        assert run(journal, line(), line(body="hello=world"), line(content_type="")).events == 1
        assert sealer.seal(10) == 1


def test_what_came_to_a_file_since_is_taken(journal: Journal) -> None:
    run(journal, line(), b"{", line(url="/webhooks/smso/a"))
    mended = run(journal, line(url="/webhooks/smso/b"), line(), line(url="/webhooks/smso/a"))
    assert (mended.events, mended.taken_before) == (1, 2)
    assert records(journal)[-1].webhook.tags == {"campaign": "b"}


def test_another_spelling_of_the_json_is_the_same_webhook(journal: Journal) -> None:
    run(journal, line(ingested_at="2026-11-02T08:15:05Z"))
    other = json.dumps(json.loads(line(ingested_at="2026-11-02T10:15:05+02:00")), indent=None)
    assert run(journal, b"  " + other.replace(":", " : ", 1).encode()).taken_before == 1


def test_lines_that_repeat_in_one_file_were_sent_again_and_count(journal: Journal) -> None:
    assert run(journal, line(), line()).events == 2
    more = run(journal, line(), line(), line())
    assert (more.events, more.taken_before) == (1, 2)


def test_what_was_imported_before_is_taken_again_on_demand(journal: Journal) -> None:
    run(journal, line())
    assert run(journal, line(), allow_duplicates=True).events == 1
    assert run(journal, line(), line(), line()).events == 1
