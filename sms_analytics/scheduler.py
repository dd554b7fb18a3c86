"""The jobs process: APScheduler runs the jobs here, so that none of them slows the endpoint.

The process lives as long as the pipe to its parent: when the parent closes it, or dies, the
running jobs are let finish and the process ends.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from multiprocessing.connection import Connection

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from analytics import projector
from eventlog.table_log import newest_version
from ingest.compactor import Compactor
from ingest.sealer import Sealer
from sms_analytics import jobs, logs
from sms_analytics.children import leave_signals_to_the_parent, wait_for_close
from sms_analytics.job_book import JobBook
from sms_analytics.settings import Settings

log = logging.getLogger(__name__)

_JOB_DEFAULTS = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}


class Freshness:
    """Projects and publishes when a table has changed, or when the published ages have grown old.

    Whoever changed it: the sealer, a merge, or a command in another process.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._published: tuple[int, ...] = ()
        self._published_at: datetime | None = None

    def refresh(self) -> None:
        """Bring the projections and the catalogue up to date with the event log."""
        folded = projector.project(self._settings.layout, self._settings.definitions_of_numbers())
        now, versions = jobs.utc_now(), self._versions()
        if versions != self._published or self._is_old(now):
            jobs.publish(self._settings, now)
            self._published, self._published_at = versions, now
            log.info("published", extra={"folded": folded})

    def _versions(self) -> tuple[int, ...]:
        layout = self._settings.layout
        tables = [layout.events, layout.dead_letters, *sorted(layout.projections.glob("*/"))]
        return tuple(newest_version(table) for table in tables)

    def _is_old(self, now: datetime) -> bool:
        idle = timedelta(seconds=self._settings.jobs.idle_publish_seconds)
        return self._published_at is None or now - self._published_at >= idle


class Sealing:
    """Seals what the journal holds."""

    def __init__(self, settings: Settings, sealer: Sealer) -> None:
        self._sealer = sealer
        self._records_max = settings.ingest.seal_records_max

    def seal(self) -> None:
        """Move the journal's head into the event log."""
        if sealed := jobs.drain(self._sealer, self._records_max):
            log.info("sealed", extra={"records": sealed})


class Compacting:
    """Merges small files of the event log."""

    def __init__(self, compactor: Compactor) -> None:
        self._compactor = compactor

    def compact(self) -> None:
        """Merge what has become many small files."""
        if merged := jobs.merge(self._compactor):
            log.info("compacted", extra={"files": merged})


def schedule(settings: Settings, sealer: Sealer, compactor: Compactor) -> BackgroundScheduler:
    """Return a scheduler, not yet started, with every job in it. It ticks in UTC."""
    book = JobBook(settings.layout.job_book, jobs.utc_now)
    scheduler = BackgroundScheduler(
        timezone="UTC",
        job_defaults=_JOB_DEFAULTS,
        executors={"default": ThreadPoolExecutor(5)},
    )

    def every(seconds: float, name: str, job: Callable[[], None], delay_seconds: float = 0) -> None:
        first = jobs.utc_now() + timedelta(seconds=delay_seconds)
        kept = book.kept(name, job)
        scheduler.add_job(kept, "interval", seconds=seconds, id=name, next_run_time=first)

    every(settings.ingest.seal_interval_seconds, "seal", Sealing(settings, sealer).seal)
    every(settings.jobs.refresh_interval_seconds, "refresh", Freshness(settings).refresh, 1)
    every(settings.jobs.report_interval_seconds, "report", lambda: _report(settings), 10)
    every(settings.jobs.compact_interval_seconds, "compact", Compacting(compactor).compact, 30)
    every(3600, "tidy", lambda: jobs.tidy(settings, jobs.utc_now()), 120)
    return scheduler


def _report(settings: Settings) -> None:
    if settings.layout.catalogue.exists():
        jobs.report(settings)


def run(settings: Settings, parent: Connection) -> None:
    """Run the jobs until the parent closes its end of the pipe. The entry of the jobs process."""
    leave_signals_to_the_parent()
    logs.configure()
    with (
        Sealer(settings.layout) as sealer,
        Compactor(settings.layout, settings.jobs.compact_file_rows) as compactor,
    ):
        scheduler = schedule(settings, sealer, compactor)
        scheduler.start()
        log.info("jobs started")
        wait_for_close(parent)
        scheduler.shutdown(wait=True)
        jobs.drain(sealer, settings.ingest.seal_records_max)
    log.info("jobs stopped")
