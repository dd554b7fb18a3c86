"""Which catalogue a command asks: the published one, or one of the log as it stood at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from analytics.past import PastError, as_it_stood
from analytics.projections.engine import Resources
from sms_analytics.progress import status
from sms_analytics.settings import Settings


def instant(text: str, time_zone: str, now: datetime) -> datetime:
    """Read a time from ISO text; without a zone of its own it is in `time_zone`.

    Raises `PastError`, also for a time to come.
    """
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        expected = "expected a time like 2026-11-24T09:30 or 2026-11-24T09:30Z"
        raise PastError(f"--as-of: {expected}, got {text[:40]!r}") from None
    at = read if read.tzinfo else read.replace(tzinfo=ZoneInfo(time_zone))
    if at > now:
        raise PastError(f"--as-of: {text} lies in the future")
    return at.astimezone(UTC)


@contextmanager
def catalogue(settings: Settings, at: datetime | None) -> Iterator[Path]:
    """Yield the path of the published catalogue, or of one as of an instant. Raises `PastError`."""
    if at is None:
        yield settings.layout.catalogue
        return
    resources = Resources(settings.jobs.memory_bytes_max)
    definitions = settings.definitions_of_numbers()
    with ExitStack() as stack:
        with status() as say:
            say(f"folding the log as of {at:%Y-%m-%d %H:%M:%S} UTC")
            past = stack.enter_context(as_it_stood(settings.layout, definitions, at, resources))
        yield past.catalogue


def named(at: datetime | None) -> str:
    """Name what is of a past instant, so that it stands beside what is of now."""
    return f"-as-of-{at:%Y-%m-%dT%H%M%SZ}" if at else ""
