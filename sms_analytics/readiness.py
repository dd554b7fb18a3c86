"""What `/readyz` tells: whether webhooks are taken, and sealed, and have room."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta

import msgspec

from sms_analytics import job_book
from sms_analytics.settings import Settings

STARTING = timedelta(seconds=60)
SEAL_QUIET_MAX = timedelta(seconds=60)
SEAL_RUN_MAX = timedelta(minutes=10)


class Check(msgspec.Struct, frozen=True):
    """Whether one thing is in order, and if not, why."""

    ok: bool
    reason: str = ""


def checks(
    settings: Settings, *, journal_is_open: bool, jobs_are_alive: bool, up: timedelta, now: datetime
) -> dict[str, Check]:
    """Return each check by its name; `up` is how long the server has run."""
    return {
        "journal": Check(True)
        if journal_is_open
        else Check(False, "the last write to the journal failed"),
        "jobs": Check(True) if jobs_are_alive else Check(False, "the jobs process does not run"),
        "sealer": _sealer(settings, up, now),
        "disk": _disk(settings),
    }


def _sealer(settings: Settings, up: timedelta, now: datetime) -> Check:
    state = job_book.read(settings.layout.job_book).get("seal")
    began = state.began_at if state else None
    if state is None or began is None or began < now - up:
        return Check(up < STARTING, "no seal was tried since the start")
    if state.error:
        return Check(False, f"the last seal failed: {state.error}")
    if state.running:
        took_long = now - began > SEAL_RUN_MAX
        return Check(not took_long, "a seal has been running for too long" if took_long else "")
    quiet = now - (state.ended_at or began)
    quiet_max = max(SEAL_QUIET_MAX, timedelta(seconds=10 * settings.ingest.seal_interval_seconds))
    return Check(quiet <= quiet_max, "" if quiet <= quiet_max else "no seal was tried for too long")


def _disk(settings: Settings) -> Check:
    free = shutil.disk_usage(settings.layout.root).free
    if free >= settings.ingest.free_bytes_min:
        return Check(True)
    return Check(False, f"{free:,} bytes are free, of at least {settings.ingest.free_bytes_min:,}")
