"""Whoever asks whether the server is ready is told by name what is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sms_analytics.job_book import JobBook
from sms_analytics.job_runs import JobRuns
from sms_analytics.readiness import Check, checks
from sms_analytics.settings import Settings

NOW = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, ingest={"free_bytes_min": 1})


def run_seal(settings: Settings, at: datetime, *, fails: bool = False) -> None:
    def seal() -> int:
        if fails:
            raise OSError("no room")
        return 0

    layout = settings.layout
    JobBook(layout.job_book, lambda: at, JobRuns(layout.job_runs)).kept("seal", seal)()


def asked(settings: Settings, up: timedelta = HOUR, *, well: bool = True) -> dict[str, Check]:
    return checks(settings, journal_is_open=well, jobs_are_alive=well, up=up, now=NOW)


def test_all_is_in_order(settings: Settings) -> None:
    run_seal(settings, NOW - timedelta(seconds=5))
    assert asked(settings) == dict.fromkeys(("journal", "jobs", "sealer", "disk"), Check(True))


def test_journal_and_jobs_are_named_when_they_fail(settings: Settings) -> None:
    found = asked(settings, well=False)
    assert "journal failed" in found["journal"].reason
    assert "does not run" in found["jobs"].reason


@pytest.mark.parametrize(
    ("ago", "fails", "up", "ok", "said"),
    [
        (timedelta(minutes=5), False, HOUR, False, "for too long"),
        (timedelta(seconds=5), True, HOUR, False, "failed: OSError"),
        (timedelta(minutes=5), False, timedelta(seconds=3), True, "since the start"),
        (timedelta(minutes=5), False, timedelta(seconds=90), False, "since the start"),
    ],
)
def test_a_sealer_that_does_not_seal_is_noticed(
    settings: Settings, ago: timedelta, fails: bool, up: timedelta, ok: bool, said: str
) -> None:
    run_seal(settings, NOW - ago, fails=fails)
    sealer = asked(settings, up)["sealer"]
    assert (sealer.ok, said in sealer.reason) == (ok, True)


def test_too_little_room_is_noticed_before_there_is_none(settings: Settings) -> None:
    ingest = settings.ingest.model_copy(update={"free_bytes_min": 2**60})
    short = settings.model_copy(update={"ingest": ingest})
    disk = asked(short)["disk"]
    assert (disk.ok, "bytes are free" in disk.reason) == (False, True)
