"""What else can be wrong: that no webhook comes, and that a job fails. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from analytics.alerts.silence import longest_usual, silent_limit
from sms_analytics.alert_book import Finding
from sms_analytics.job_book import JobState
from sms_analytics.job_runs import Run

TIMES = 2
WRONG = ("failed", "interrupted")
KILLED = "its process was killed"


def silence(minutes: Sequence[datetime], since: datetime, now: datetime) -> list[Finding]:
    """Return that no webhook has come for longer than usual, if so.

    `minutes` are those in which one came, in order; before `since` none could.
    """
    usual = longest_usual(minutes, now)
    if usual is None or now - max(minutes[-1], since) <= silent_limit(usual):
        return []
    seconds = usual.total_seconds()
    return [Finding(kind="silence", began_at=minutes[-1], usual_silence_seconds=seconds)]


def failing_jobs(runs: Iterable[Run], states: Mapping[str, JobState]) -> list[Finding]:
    """Return each job whose last two runs failed or were killed, with none between them."""
    found = []
    ended = sorted(
        (run for run in runs if run.outcome != "running"), key=lambda run: (run.job, run.started_at)
    )
    for job, group in groupby(ended, key=lambda run: run.job):
        last = list(group)[-TIMES:]
        if len(last) == TIMES and all(run.outcome in WRONG for run in last):
            # Of runs that found nothing to do only one that is the last is remembered.
            well_at = states[job].succeeded_at if job in states else None
            if well_at is None or well_at < last[0].started_at:
                began_at, error = last[0].started_at, last[-1].error or KILLED
                found.append(Finding(kind="job", job=job, began_at=began_at, error=error))
    return found
