"""What `/metrics` tells: counts of webhooks, the journal, the jobs, the disk, the catalogue.

Everything is read from the data directory when it is asked for, so it is the same whichever of
several server processes is asked. Nothing in it is personal.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import version
from typing import get_args

from eventlog.event import decode_record
from eventlog.layout import Layout
from ingest.counters import BOUNDS_SECONDS, totals
from ingest.journal import Journal, JournalError
from sms_analytics import alert_book, job_book
from sms_analytics.alert_book import AlertBookError, Kind
from sms_analytics.exposition import Family, Sample, histogram
from sms_analytics.job_book import JobState

PREFIX = "sms_analytics_"


def gather(layout: Layout, jobs_are_alive: bool, now: datetime) -> Iterator[Family]:
    """Yield every family of metrics as of `now`."""
    jobs = job_book.read(layout.job_book)
    yield _gauge("info", "Always 1; the version is its label.", 1, version=version("sms-analytics"))
    yield from _webhooks(layout)
    yield from _journal(layout, jobs, now)
    yield _gauge("jobs_up", "Whether the jobs process runs.", jobs_are_alive)
    yield from _jobs(jobs)
    yield _alerts(layout)
    yield from _disk(layout)


def _gauge(name: str, meaning: str, value: float, **labels: str) -> Family:
    return Family(PREFIX + name, "gauge", meaning, [Sample(value, labels)])


def _webhooks(layout: Layout) -> Iterator[Family]:
    found = totals(layout.counters)
    yield Family(
        f"{PREFIX}webhooks_total",
        "counter",
        "Webhooks acknowledged, which are on disk, by kind.",
        [Sample(count, {"kind": kind}) for kind, count in found.taken.items()],
    )
    yield Family(
        f"{PREFIX}webhooks_refused_total",
        "counter",
        "Requests to the endpoint that were answered without having been taken, by reason.",
        [Sample(count, {"reason": reason}) for reason, count in found.refused.items()],
    )
    yield Family(
        f"{PREFIX}acknowledgement_seconds",
        "histogram",
        "From the end of a request's head to its acknowledgement.",
        histogram(BOUNDS_SECONDS, found.buckets, found.seconds),
    )
    yield _gauge("queue_records", "Webhooks that wait to be on disk.", found.waiting_records)
    yield _gauge("queue_bytes", "What they take, as they are encoded.", found.waiting_bytes)


def _journal(layout: Layout, jobs: dict[str, JobState], now: datetime) -> Iterator[Family]:
    try:
        depth, oldest_seconds = _waiting(layout, jobs, now)
    except JournalError:
        yield _gauge("journal_up", "Whether the journal can be read.", 0)
        return
    yield _gauge("journal_up", "Whether the journal can be read.", 1)
    yield _gauge("journal_records", "Webhooks in the journal that are not sealed yet.", depth)
    yield _gauge(
        "journal_oldest_seconds",
        "How long the first of them has waited; 0 when none waits.",
        oldest_seconds,
    )


def _waiting(layout: Layout, jobs: dict[str, JobState], now: datetime) -> tuple[int, float]:
    if not layout.journal.exists():
        return 0, 0.0
    with Journal.open(layout.journal) as journal:
        head = journal.head(journal.sealed_upto(), 1)
        depth = journal.depth() if head else 0
    if not head:
        return 0, 0.0
    record = decode_record(head[0][1])
    since = record.ingested_at
    if record.source != "webhook":
        # It came with a time of its own; what is known is that the last seal did not take it.
        since = jobs.get("seal", JobState()).succeeded_at or now
    return depth, max(0.0, (now - since).total_seconds())


def _jobs(jobs: dict[str, JobState]) -> Iterator[Family]:
    known = sorted(jobs.items())
    yield Family(
        f"{PREFIX}job_seconds",
        "summary",
        "Runs of each job, and how long they took together.",
        [
            sample
            for name, job in known
            for sample in (
                Sample(job.seconds, {"job": name}, "_sum"),
                Sample(job.runs, {"job": name}, "_count"),
            )
        ],
    )
    yield Family(
        f"{PREFIX}job_failures_total",
        "counter",
        "Runs of each job that failed.",
        [Sample(job.failures, {"job": name}) for name, job in known],
    )
    yield Family(
        f"{PREFIX}job_running",
        "gauge",
        "Whether the job is at work.",
        [Sample(job.running, {"job": name}) for name, job in known],
    )
    yield Family(
        f"{PREFIX}job_last_success_timestamp_seconds",
        "gauge",
        "When each job last ended well, also if there was nothing to do.",
        [
            Sample(job.succeeded_at.timestamp(), {"job": name})
            for name, job in known
            if job.succeeded_at
        ],
    )


def _alerts(layout: Layout) -> Family:
    """Count the open alerts; without samples where the file of them cannot be read."""
    samples: list[Sample] = []
    try:
        book = alert_book.read(layout.alerts)
    except AlertBookError:
        pass
    else:
        found = Counter(alert.kind for alert in book.open.values())
        samples = [Sample(found[kind], {"kind": kind}) for kind in get_args(Kind)]
    return Family(f"{PREFIX}alerts_open", "gauge", "Alerts that are open, by kind.", samples)


def _disk(layout: Layout) -> Iterator[Family]:
    free = shutil.disk_usage(layout.root).free
    yield _gauge("disk_free_bytes", "Free space where the data directory lies.", free)
    if layout.catalogue.exists():
        published = layout.catalogue.stat().st_mtime
        yield _gauge(
            "catalogue_published_timestamp_seconds",
            "When the catalogue that everybody reads was published.",
            published,
        )
