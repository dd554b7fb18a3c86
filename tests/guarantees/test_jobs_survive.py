"""Jobs survive their own death, and never run twice at once, however many servers there are."""

from __future__ import annotations

import os
import signal
import threading
from datetime import timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from analytics.door import Catalogue
from eventlog.event import encode_record
from eventlog.layout import Layout
from ingest.compactor import Compactor
from ingest.journal import Journal
from ingest.sealer import Sealer
from sms_analytics import job_runs, jobs
from sms_analytics.job_book import read
from sms_analytics.scheduler import schedule
from sms_analytics.settings import load
from sms_analytics.turn import holder
from tests.ingest.records import FORM, record, status_body
from tests.serving import DEADLINE_SECONDS, run, serving, wait_until


def take(layout: Layout, first: int, count: int) -> None:
    with Journal.open(layout.journal) as journal:
        numbers = range(first, first + count)
        journal.append_many([encode_record(record(number)) for number in numbers])


def published(layout: Layout) -> int:
    with Catalogue.open(layout.catalogue) as catalogue:
        return catalogue.about().events


def is_running(layout: Layout, job: str) -> bool:
    state = read(layout.job_book).get(job)
    return state is not None and state.running


def stands_still(process: int) -> bool:
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def stopped_midway(layout: Layout, job: str) -> int:
    """Stop the process of the jobs while one of them runs, for sure; return its id."""
    while True:
        wait_until(lambda: is_running(layout, job), f"{job} runs")
        process = holder(layout.jobs_lock)
        assert process is not None
        os.kill(process, signal.SIGSTOP)
        wait_until(partial(stands_still, process), "it stands still")
        if is_running(layout, job):
            return process
        os.kill(process, signal.SIGCONT)


@pytest.mark.parametrize("job", ["seal", "refresh"])
def test_a_job_killed_midway_leaves_the_last_good_state_and_runs_again(
    tmp_path: Path, job: str
) -> None:
    layout = Layout(tmp_path / "data")
    take(layout, 1, 100)
    assert run("refresh", "--data", layout.root).returncode == 0
    first = published(layout)
    take(layout, 101, 30_000)

    def outcomes() -> set[str]:
        return {run.outcome for run in job_runs.read(layout.job_runs) if run.job == job}

    with serving(layout.root):
        jobs_process = stopped_midway(layout, job)
        before = published(layout)
        os.kill(jobs_process, signal.SIGKILL)
        assert published(layout) == before
        wait_until(lambda: published(layout) == first + 20_000, "the next run has done it all")
        wait_until(lambda: {"interrupted", "succeeded"} <= outcomes(), "both runs are told of")
        assert holder(layout.jobs_lock) != jobs_process
    assert run("verify", "--data", layout.root).returncode == 0


def overlapping(runs: list[job_runs.Run]) -> list[tuple[job_runs.Run, job_runs.Run]]:
    """Return the neighbours of one job of which the second began before the first had ended."""
    pairs = pairwise(runs)
    return [
        (first, second)
        for first, second in pairs
        if first.job == second.job and (first.ended_at or second.started_at) > second.started_at
    ]


def test_of_two_servers_on_one_data_directory_one_runs_the_jobs(tmp_path: Path) -> None:
    """Both take webhooks; the jobs of the second wait, and go on when the first is killed."""
    layout = Layout(tmp_path / "data")

    def post(url: str, number: int) -> int:
        body = status_body(f"m{number}")
        answer = httpx.post(f"{url}/webhooks/smso", content=body, headers={"content-type": FORM})
        return answer.status_code

    often = {"SMS_ANALYTICS_INGEST__SEAL_INTERVAL_SECONDS": "0.2"}
    with serving(layout.root, **often) as first:
        wait_until(lambda: holder(layout.jobs_lock) is not None, "the first runs the jobs")
        turn = holder(layout.jobs_lock)
        with serving(layout.root, **often) as second:
            wait_until(lambda: "warning jobs wait" in second.log.read_text(), "the second waits")
            for number in range(20):
                assert post((first.url, second.url)[number % 2], number) == 204
            wait_until(lambda: layout.catalogue.exists() and published(layout) == 20, "all is in")
            assert holder(layout.jobs_lock) == turn
            first.kill()
            wait_until(lambda: holder(layout.jobs_lock) != turn, "the second runs the jobs")
            assert post(second.url, 20) == 204
            wait_until(lambda: published(layout) == 21, "it does what the first did")
            assert overlapping(job_runs.read(layout.job_runs)) == []
            assert "Traceback" not in second.log.read_text()
    assert run("verify", "--data", layout.root).returncode == 0


def test_runs_that_were_missed_are_made_up_for_once(tmp_path: Path) -> None:
    settings = load(data=tmp_path, ingest__seal_interval_seconds=3600)
    layout = settings.layout
    with Sealer(layout) as sealer, Compactor(layout, 1_000) as compactor:
        scheduler = schedule(settings, sealer, compactor)
        ten_missed = jobs.utc_now() - timedelta(hours=10)
        scheduler.start(paused=True)
        for job in scheduler.get_jobs():
            job.modify(next_run_time=ten_missed)
        scheduler.resume()
        wait_until(lambda: read(layout.job_book).get("seal") is not None, "a seal was tried")
        scheduler.shutdown(wait=True)
        assert read(layout.job_book)["seal"].runs == 1


def test_a_stop_waits_for_the_seal_that_runs_and_is_not_held_up_by_its_news(tmp_path: Path) -> None:
    settings = load(data=tmp_path, ingest__seal_interval_seconds=3600)
    layout = settings.layout
    take(layout, 1, 10)
    sealing = threading.Event()

    def reached(step: str) -> None:
        if step == "seal recorded":
            sealing.set()
            wait_until(lambda: not scheduler.running, "the stop has begun")

    with (
        Sealer(layout, reached=reached) as sealer,
        Compactor(layout, 1_000) as compactor,
    ):
        scheduler = schedule(settings, sealer, compactor)
        scheduler.start()
        assert sealing.wait(DEADLINE_SECONDS)
        scheduler.shutdown(wait=True)
    state = read(layout.job_book)["seal"]
    assert (state.running, state.failures) == (False, 0)
