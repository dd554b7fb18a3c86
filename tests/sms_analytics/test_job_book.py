"""The book tells of every run of a job, and outlives the process that keeps it."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sms_analytics.job_book import JobBook, JobState, read
from sms_analytics.job_runs import JobRuns

START = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)


class Clock:
    """Each look is a second later than the one before."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def fail() -> int:
    raise OSError(28, "no room")


def nothing_to_do() -> int:
    return 0


def book(path: Path) -> JobBook:
    return JobBook(path, Clock(), JobRuns(path.with_name("job_runs.ndjson")))


def test_every_run_is_in_the_book(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "run/jobs.json"
    seen: list[JobState] = []
    keeper = book(path)
    keeper.kept("seal", lambda: seen.append(read(path)["seal"]))()
    assert seen[0].running
    with caplog.at_level(logging.ERROR):
        keeper.kept("seal", fail)()
    assert "job failed" in caplog.text
    state = read(path)["seal"]
    assert (state.runs, state.failures, state.seconds, state.running) == (2, 1, 2.0, False)
    assert (state.error, state.succeeded_at) == ("OSError: no room", START + timedelta(seconds=2))


def test_the_book_goes_on_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "jobs.json"
    for _ in range(2):
        book(path).kept("seal", nothing_to_do)()
    assert read(path)["seal"].runs == 2


def test_a_torn_book_is_begun_again_and_a_full_disk_stops_no_job(tmp_path: Path) -> None:
    path = tmp_path / "jobs.json"
    path.write_bytes(b'{"seal": {"ru')
    assert read(path) == {}
    (tmp_path / "in the way").write_text("")
    ran: list[int] = []
    book(tmp_path / "in the way/jobs.json").kept("seal", lambda: ran.append(1))()
    assert ran == [1]


def test_a_run_is_among_the_runs_before_the_book_says_that_it_runs(tmp_path: Path) -> None:
    """Who dies between the two leaves a run that is found interrupted, not one nobody knows of."""
    path = tmp_path / "jobs.json"
    (tmp_path / "job_runs.ndjson").mkdir()  # nothing can be put in its place
    said: list[dict[str, JobState]] = []
    JobBook(path, Clock(), JobRuns(tmp_path / "job_runs.ndjson")).kept(
        "seal", lambda: said.append(read(path))
    )()
    assert said == [{}]
