"""A job that fails twice in a row, and no webhook for longer than usual, are findings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sms_analytics.alert_findings import failing_jobs, silence
from sms_analytics.job_book import JobState
from sms_analytics.job_runs import Outcome, Run

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LONG_AGO = NOW - timedelta(days=30)


def runs(*outcomes: Outcome, job: str = "refresh") -> list[Run]:
    return [
        Run(job=job, started_at=NOW + n * MINUTE, outcome=each, error="OSError: No space left")
        for n, each in enumerate(outcomes)
    ]


def test_a_job_that_failed_twice_in_a_row_is_found() -> None:
    (finding,) = failing_jobs(runs("succeeded", "failed", "failed", "running"), {})
    assert (finding.job, finding.began_at) == ("refresh", NOW + MINUTE)
    assert finding.error == "OSError: No space left"


def test_a_job_that_was_killed_twice_is_found_too() -> None:
    killed = [Run(job="seal", started_at=NOW + n * MINUTE, outcome="interrupted") for n in (0, 1)]
    (finding,) = failing_jobs(killed, {})
    assert finding.error == "its process was killed"


def test_a_job_that_failed_once_or_went_well_since_is_not() -> None:
    assert failing_jobs(runs("failed", "succeeded", "failed"), {}) == []
    assert failing_jobs(runs("failed", "failed", "idle"), {}) == []
    assert failing_jobs(runs("failed"), {}) == []


def test_each_job_is_judged_by_its_own_runs() -> None:
    assert failing_jobs([*runs("failed", job="seal"), *runs("failed", job="tidy")], {}) == []


def test_an_idle_run_between_two_failures_that_is_not_remembered_counts() -> None:
    well = {"refresh": JobState(succeeded_at=NOW + MINUTE / 2)}
    assert failing_jobs(runs("failed", "failed"), well) == []


def test_no_webhook_for_longer_than_usual_is_found() -> None:
    minutes = [NOW - timedelta(days=5) + n * MINUTE for n in range(5 * 24 * 60)]
    last = minutes[-1]
    assert silence(minutes, LONG_AGO, last + 15 * MINUTE) == []
    (finding,) = silence(minutes, LONG_AGO, last + 16 * MINUTE)
    assert (finding.began_at, finding.usual_silence_seconds) == (last, 60)


def test_nobody_listened_before_the_server_began() -> None:
    minutes = [NOW - timedelta(days=5) + n * MINUTE for n in range(4 * 24 * 60)]
    assert silence(minutes, NOW, NOW + 10 * MINUTE) == []
    assert len(silence(minutes, NOW, NOW + 20 * MINUTE)) == 1


def test_where_webhooks_never_came_nothing_is_usual() -> None:
    assert silence([], LONG_AGO, NOW) == []
