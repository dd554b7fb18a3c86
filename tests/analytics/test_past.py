"""The log as it stood is published as it would have been then, beside what is published now."""

from __future__ import annotations

import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from analytics.catalogue import publish
from analytics.definitions import Definitions
from analytics.door import Catalogue
from analytics.past import LEFT_SECONDS, PREFIX, PastError, as_it_stood
from eventlog.layout import Layout
from simulator.recording import write_recording
from simulator.traffic import history
from tests.oracle.comparing import VIEWS
from tests.oracle.pipeline import SMALL, published, take

DEFINITIONS = Definitions(time_zone="Europe/Bucharest")
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
THEN = NOW - timedelta(days=2, hours=1)
BAD = b'{"ingested_at": "%s", "content_type": "text/plain", "body": "nothing"}'


def recorded() -> list[bytes]:
    """Return the webhooks of five days, and one on either side of THEN that cannot be read."""
    lines = io.StringIO()
    write_recording(history(3, NOW - timedelta(days=5), NOW, 200), lines)
    bad = [(THEN + timedelta(seconds=n)).isoformat().encode() for n in (-1, 1)]
    return [*lines.getvalue().encode().splitlines(), *(BAD % at for at in bad)]


def came_at(line: bytes) -> datetime:
    return datetime.fromisoformat(msgspec.json.decode(line)["ingested_at"])


def figures(catalogue: Catalogue) -> dict[str, list[tuple[object, ...]]]:
    frames = {view: catalogue.frame(f"from {view} order by all") for view in VIEWS}
    return {view: frame.rows() for view, frame in frames.items()}


def test_the_past_reads_as_it_was_published_then(tmp_path: Path) -> None:
    lines = recorded()
    early = [line for line in lines if came_at(line) <= THEN]
    assert 100 < len(early) < len(lines) - 100
    with published(tmp_path / "then", [early], DEFINITIONS, THEN) as catalogue:
        wanted, about = figures(catalogue), catalogue.about()
    layout = Layout(tmp_path / "now")
    take(layout, lines)
    publish(layout, DEFINITIONS, NOW)
    with as_it_stood(layout, DEFINITIONS, THEN, SMALL) as past:
        assert past.root.parent == layout.root
        with Catalogue.open(past.catalogue) as catalogue:
            assert figures(catalogue) == wanted
            said = catalogue.about()
    assert (said.as_of, said.events, said.dead_letters) == (THEN, about.events, 1)
    assert not past.root.exists()
    with Catalogue.open(layout.catalogue) as catalogue:
        assert (catalogue.about().as_of, catalogue.about().dead_letters) == (NOW, 2)


def alert(name: str, fired_at: datetime, resolved_at: datetime | None) -> dict[str, object]:
    """Return a network's fall, of which somebody was told an hour after it was found."""
    return {
        "alert_id": name,
        "kind": "delivery",
        "began_at": fired_at - timedelta(hours=1),
        "fired_at": fired_at,
        "told_at": fired_at + timedelta(hours=1),
        "resolved_at": resolved_at,
        "messages": 200,
        "delivered": 120,
        "usual_rate": 0.95,
    }


def test_alerts_are_those_that_had_been_found_by_then_and_as_they_stood(tmp_path: Path) -> None:
    hour, layout = timedelta(hours=1), Layout(tmp_path / "data")
    take(layout, [BAD % (THEN - hour).isoformat().encode()])
    book = {
        "alerts": [
            alert("over", THEN - 9 * hour, THEN - hour),
            alert("open", THEN - 3 * hour, THEN + hour),
            alert("just found", THEN, None),
            alert("later", THEN + hour, None),
        ]
    }
    layout.alerts.parent.mkdir()
    layout.alerts.write_bytes(msgspec.json.encode(book))
    with (
        as_it_stood(layout, DEFINITIONS, THEN, SMALL) as past,
        Catalogue.open(past.catalogue) as catalogue,
    ):
        found = catalogue.frame(
            "select alert_id, is_open, resolved_at, told_at, messages, delivered_rate, usual_rate"
            " from alerts order by fired_at"
        ).rows()
    assert found == [
        ("over", False, THEN - hour, THEN - 8 * hour, 200, 0.6, 0.95),
        ("open", True, None, THEN - 2 * hour, None, None, None),
        ("just found", True, None, None, None, None, None),
    ]


@pytest.mark.parametrize("text", [None, "torn", '{"alerts": [{}]}'])
def test_without_a_file_of_alerts_that_can_be_read_there_are_none(
    tmp_path: Path, text: str | None
) -> None:
    layout = Layout(tmp_path / "data")
    take(layout, [BAD % THEN.isoformat().encode()])
    if text:
        layout.alerts.parent.mkdir()
        layout.alerts.write_text(text)
    with (
        as_it_stood(layout, DEFINITIONS, THEN, SMALL) as past,
        Catalogue.open(past.catalogue) as catalogue,
    ):
        assert catalogue.frame("from alerts").is_empty()


def test_before_the_first_webhook_there_is_nothing_and_it_says_since_when(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "data")
    with pytest.raises(PastError, match="there is no data"):
        as_it_stood(layout, DEFINITIONS, THEN).__enter__()
    take(layout, [BAD % b"2026-11-20T10:00:00+00:00"])
    with pytest.raises(PastError, match="the first webhook came at 2026-11-20 10:00:00 UTC"):
        as_it_stood(layout, DEFINITIONS, datetime(2026, 11, 20, 9, tzinfo=UTC)).__enter__()


def test_what_a_killed_process_left_is_deleted_after_a_day(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "data")
    take(layout, [BAD % b"2026-11-20T10:00:00+00:00"])
    old, new = (layout.root / f"{PREFIX}{name}" for name in ("old", "new"))
    for folder in (old, new):
        folder.mkdir()
    long_ago = new.stat().st_mtime - LEFT_SECONDS - 60
    os.utime(old, (long_ago, long_ago))
    with as_it_stood(layout, DEFINITIONS, NOW, SMALL):
        assert (old.exists(), new.exists()) == (False, True)
