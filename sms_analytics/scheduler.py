"""The jobs process: APScheduler runs the jobs here, so that none of them slows the endpoint.

The process lives as long as the pipe to its parent: when the parent closes it, or dies, the
running jobs are let finish and the process ends. Of several servers on one data directory one runs
the jobs; the others wait, and the next goes on when it ends, however that was.

A job never runs twice at once, a run that could not be on time is made up for once, however many
were missed, and one that fails or is killed is tried again at its next time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from threading import Event, Thread

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from analytics.failures import CatalogueMissing
from analytics.priority import give_way
from analytics.projections.engine import ProjectionError
from eventlog.table import LOG_FOLDER, TableError
from eventlog.table_log import newest_version
from ingest.compactor import Compactor
from ingest.journal import JournalError
from ingest.sealer import Sealer
from sms_analytics import jobs, logs
from sms_analytics.alerting import TICK_SECONDS, Alerting
from sms_analytics.children import leave_signals_to_the_parent, wait_for_close
from sms_analytics.daily_exports import DailyExports
from sms_analytics.job_book import Job, JobBook
from sms_analytics.job_runs import JobRuns
from sms_analytics.settings import Settings
from sms_analytics.turn import turn

log = logging.getLogger(__name__)

STRETCH_RECORDS = 100_000
SEAL_SHARE = 0.6
"""Of the interval, between two seals: the rest is for sealing, folding and publishing."""
_JOB_DEFAULTS = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}


class Freshness:
    """Projects and publishes when a table has changed, or when the published ages have grown old.

    Whoever changed it: the sealer, a merge, or a command in another process.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._published: tuple[int, ...] = ()
        self._published_at: datetime | None = None

    def refresh(self) -> int:
        """Bring projections and catalogue up to date with the log; return the events folded."""
        folded = jobs.project(self._settings)
        now, versions = jobs.utc_now(), self._versions()
        if versions != self._published or self._is_old(now):
            jobs.publish(self._settings, now)
            self._published, self._published_at = versions, now
            log.info("published", extra={"folded": folded})
        return folded

    def _versions(self) -> tuple[int, ...]:
        layout = self._settings.layout
        logs = layout.projections.glob(f"*/{LOG_FOLDER}")
        tables = [layout.events, layout.dead_letters, *sorted(log.parent for log in logs)]
        return tuple(newest_version(table) for table in tables)

    def _is_old(self, now: datetime) -> bool:
        idle = timedelta(seconds=self._settings.jobs.idle_publish_seconds)
        return self._published_at is None or now - self._published_at >= idle


class Sealing:
    """Seals what the journal holds.

    After a long stop that is much. It is folded stretch by stretch then, since one fold of all of
    it would take memory by the gigabyte.
    """

    def __init__(self, settings: Settings, sealer: Sealer, fold: Callable[[], object]) -> None:
        """`fold` brings the projections up to date with what was sealed."""
        self._sealer = sealer
        self._records_max = settings.ingest.seal_records_max
        self._fold = fold

    def seal(self) -> int:
        """Move the journal's head into the event log; return how many webhooks that were."""
        total = 0
        while sealed := jobs.drain(self._sealer, self._records_max, STRETCH_RECORDS):
            log.info("sealed", extra={"records": sealed})
            total += sealed
            if sealed < STRETCH_RECORDS:
                break
            self._fold_stretch()
        return total

    def _fold_stretch(self) -> None:
        """Fold, if that is possible: what is wrong with a fold must not keep webhooks unsealed."""
        try:
            self._fold()
        except (ProjectionError, TableError) as error:
            log.warning("not folded between seals", extra={"error": type(error).__name__})


class Compacting:
    """Merges small files of the event log."""

    def __init__(self, compactor: Compactor) -> None:
        self._compactor = compactor

    def compact(self) -> int | None:
        """Merge what has become many small files; return 0 if there was nothing to merge."""
        if merged := jobs.merge(self._compactor):
            log.info("compacted", extra={"files": merged})
        return None if merged else 0


def schedule(settings: Settings, sealer: Sealer, compactor: Compactor) -> BackgroundScheduler:
    """Return a scheduler, not yet started, with every job in it. It ticks in UTC."""
    layout = settings.layout
    book = JobBook(layout.job_book, jobs.utc_now, JobRuns(layout.job_runs))
    scheduler = BackgroundScheduler(
        timezone="UTC",
        job_defaults=_JOB_DEFAULTS,
        executors={"default": ThreadPoolExecutor(6)},
    )

    def every(seconds: float, name: str, job: Job, delay_seconds: float = 0) -> None:
        first = jobs.utc_now() + timedelta(seconds=delay_seconds)
        kept = book.kept(name, job)
        scheduler.add_job(kept, "interval", seconds=seconds, id=name, next_run_time=first)

    sealing = Sealing(settings, sealer, lambda: jobs.project(settings))
    freshness, is_news = Freshness(settings), Event()

    def seal() -> int:
        """Seal, and have what was sealed published without waiting for the next turn."""
        sealed = sealing.seal()
        if sealed:
            is_news.set()
            # By a thread that no stop waits for: a stop holds the lock that it needs.
            Thread(target=_run_now, args=(scheduler, "refresh"), daemon=True).start()
        return sealed

    def refresh() -> int:
        """Refresh, and once more when something was sealed meanwhile."""
        is_news.clear()
        folded = freshness.refresh()
        if is_news.is_set():
            is_news.clear()
            folded += freshness.refresh()
        return folded

    every(settings.ingest.seal_interval_seconds * SEAL_SHARE, "seal", seal)
    every(settings.jobs.refresh_interval_seconds, "refresh", refresh, 1)
    every(settings.jobs.report_interval_seconds, "report", lambda: _report(settings), 10)
    every(settings.jobs.compact_interval_seconds, "compact", Compacting(compactor).compact, 30)
    if settings.exports.views:
        daily = DailyExports(settings)
        every(60, "export", lambda: daily.write(jobs.utc_now()), 20)
    alerting = Alerting(settings, book.seen, jobs.utc_now())
    alerting.begin()
    tick = min(TICK_SECONDS, settings.alerts.interval_seconds)
    every(tick, "alerts", lambda: alerting.run(jobs.utc_now()), 40)
    every(3600, "tidy", lambda: jobs.tidy(settings, jobs.utc_now()), 120)
    return scheduler


def _run_now(scheduler: BackgroundScheduler, name: str) -> None:
    with suppress(JobLookupError):  # it has stopped meanwhile
        scheduler.modify_job(name, next_run_time=jobs.utc_now())


def _report(settings: Settings) -> int | None:
    """Write the report, unless there is no catalogue yet, or that of a folder that was moved.

    Whoever publishes one says why there is none.
    """
    try:
        jobs.report(settings)
    except CatalogueMissing:
        return 0
    return None


def run(settings: Settings, parent: Connection) -> None:
    """Run the jobs until the parent closes its end of the pipe. The entry of the jobs process."""
    leave_signals_to_the_parent()
    give_way()
    logs.configure()
    with turn(settings.layout.jobs_lock, parent) as is_ours:
        if is_ours:
            _run(settings, parent)


def _run(settings: Settings, parent: Connection) -> None:
    with (
        Sealer(settings.layout) as sealer,
        Compactor(settings.layout, settings.jobs.compact_file_rows) as compactor,
    ):
        scheduler = schedule(settings, sealer, compactor)
        scheduler.start()
        log.info("jobs started")
        wait_for_close(parent)
        scheduler.shutdown(wait=True)
        _seal_the_rest(sealer, settings.ingest.seal_records_max)
    log.info("jobs stopped")


def _seal_the_rest(sealer: Sealer, records_max: int) -> None:
    """Seal what is left, if that is possible: where it is not, the next start does."""
    try:
        jobs.drain(sealer, records_max)
    except (JournalError, TableError, OSError) as error:
        log.warning("not all is sealed", extra={"error": type(error).__name__})
