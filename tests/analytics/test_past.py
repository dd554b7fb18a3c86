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
