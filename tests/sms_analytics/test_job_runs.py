"""The latest runs of each job are kept: those that did something, and those that did not end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from sms_analytics.job_book import Job, JobBook
from sms_analytics.job_runs import RUNS_KEPT, JobRuns, Run, read

START = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)


class Jobs:
    """A book whose clock is a second later at each look."""

    def __init__(self, folder: Path, second: int = 0) -> None:
        seconds = count(second)
        self.path = folder / "run/job_runs.ndjson"
        self._book = JobBook(
            folder / "run/jobs.json",
            lambda: START + timedelta(seconds=next(seconds)),
            JobRuns(self.path),
        )

    def run(self, job: Job, name: str = "seal") -> list[Run]:
        self._book.kept(name, job)()
        return read(self.path)


def fail() -> int:
    raise ValueError("+40722334455 is somebody's")


def test_a_run_is_told_whole(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)
    assert jobs.run(lambda: 12) == [
        Run(
            job="seal",
            started_at=START,
            ended_at=START + timedelta(seconds=1),
            duration_seconds=1.0,
            outcome="succeeded",
            events=12,
        )
    ]


def test_a_failure_is_told_by_its_kind_and_nobodys_number(tmp_path: Path) -> None:
    (run,) = Jobs(tmp_path).run(fail)
    assert (run.outcome, run.error) == ("failed", "ValueError")


def test_who_reads_meanwhile_sees_that_it_runs(tmp_path: Path) -> None:
    jobs, seen = Jobs(tmp_path), []

    def look() -> int:
        seen.extend(read(jobs.path))
        return 1

    jobs.run(look)
    assert [(run.outcome, run.ended_at) for run in seen] == [("running", None)]


def test_of_idle_runs_only_the_last_is_kept_and_only_while_it_is_the_last(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)
    jobs.run(lambda: 5)
    for _ in range(3):
        runs = jobs.run(lambda: 0)
    assert [run.outcome for run in runs] == ["succeeded", "idle"]
    assert runs[1].started_at == START + timedelta(seconds=6)
    assert [run.outcome for run in jobs.run(fail)] == ["succeeded", "failed"]


def test_the_history_is_bounded_for_each_job(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)
    jobs.run(lambda: 1, "tidy")
    for number in range(RUNS_KEPT + 5):
        runs = jobs.run(lambda number=number: number + 1)  # type: ignore[misc]
    assert [run.events for run in runs if run.job == "seal"] == list(range(6, RUNS_KEPT + 6))
    assert [run.job for run in runs].count("tidy") == 1


def test_what_was_running_when_its_process_died_was_interrupted(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)

    def die() -> int:
        raise KeyboardInterrupt  # no failure of the job: the process goes

    jobs.run(lambda: 1)
    before = read(jobs.path)
    with pytest.raises(KeyboardInterrupt):
        jobs.run(lambda: die())
    torn = Run(job="seal", started_at=START + timedelta(seconds=9))
    history = JobRuns(jobs.path)
    history.put(torn)
    history.write(synced=False)
    runs = Jobs(tmp_path, 20).run(lambda: 2)
    assert runs[0] == before[0]
    cut = runs[-2]
    assert (cut.outcome, cut.started_at, cut.ended_at) == ("interrupted", torn.started_at, None)
    assert runs[-1].events == 2


def test_a_file_that_is_not_ours_is_begun_again(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)
    jobs.run(lambda: 1)
    jobs.path.write_bytes(jobs.path.read_bytes() + b'{"job": "se')
    assert len(read(jobs.path)) == 1
    assert len(Jobs(tmp_path, 20).run(lambda: 2)) == 2
