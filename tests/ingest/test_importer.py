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
from ingest.importer import BATCH_RECORDS_MAX, LINE_BYTES_MAX, ImportSummary, import_file
from ingest.journal import Journal
from tests.ingest.records import FORM, status_body

TOKEN = "smsa_" + "aB3-_x90" * 4
NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal.sqlite") as journal:
        yield journal


def line(**fields: Any) -> bytes:
    return json.dumps({"content_type": FORM, "body": status_body("a").decode()} | fields).encode()


def run(journal: Journal, *lines: bytes) -> ImportSummary:
    return import_file([each + b"\n" for each in lines], journal, lambda: NOW, lambda _bytes: None)


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
