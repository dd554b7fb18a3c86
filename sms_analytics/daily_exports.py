"""The files of exports that are written each day: `exports/daily/2026-11-24/delivery_daily.csv`.

A day's folder is written aside and renamed into place when all its files are whole; that it is
there says that the day is done. So a day is done once, also when it comes late, and of days that
were missed only the last is. The files are written in a process of their own, which ends with them.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import anyio

from eventlog.durable import sync_folders
from reports.reader import Reader
from sms_analytics.settings import Settings

log = logging.getLogger(__name__)

TIME_LIMIT_SECONDS = 3_600.0
ASIDE = ".aside-"


class DailyExports:
    """Writes the files of each day at its time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = settings.layout.daily_exports

    def write(self, now: datetime) -> int | None:
        """Write the files of the day, if it is time; return 0 if there was nothing to do.

        Raises `ExportError`, `CatalogueMissing` and `ReaderError`.
        """
        day = self._due(now)
        if day is None:
            return 0
        self._folder.mkdir(parents=True, exist_ok=True)
        self._clean(day)
        with tempfile.TemporaryDirectory(prefix=ASIDE, dir=self._folder) as aside:
            whole = Path(aside) / day.isoformat()
            reader = Reader(1, TIME_LIMIT_SECONDS)
            try:
                anyio.run(reader.run, write_all, self._settings, day, whole)
            finally:
                reader.close()
            whole.replace(self._folder / day.isoformat())
        sync_folders([self._folder])
        log.info("daily exports written", extra={"files": len(self._settings.exports.views)})
        return None

    def _due(self, now: datetime) -> date | None:
        """Return the day whose files are missing and whose time has come."""
        local = now.astimezone(ZoneInfo(self._settings.definitions.time_zone))
        is_time = local.time() >= time.fromisoformat(self._settings.exports.at)
        if not (self._settings.exports.views and is_time):
            return None
        return None if (self._folder / local.date().isoformat()).exists() else local.date()

    def _clean(self, day: date) -> None:
        """Delete the folders that are old enough, and what a run left that was cut short."""
        oldest = day - timedelta(days=self._settings.exports.keep_days)
        for path in self._folder.iterdir():
            if path.name.startswith(ASIDE) or _is_before(path.name, oldest):
                shutil.rmtree(path)


def _is_before(name: str, oldest: date) -> bool:
    try:
        return date.fromisoformat(name) <= oldest
    except ValueError:
        return False


def write_all(settings: Settings, day: date, folder: Path) -> None:
    """Write every view that is asked for, of the days up to the one before `day`.

    A view without days is written whole. Raises `ExportError` and `CatalogueMissing`.
    """
    from reports.exports import export, has_days

    asked = settings.exports
    for name in asked.views:
        days = (day - timedelta(days=asked.days), day - timedelta(days=1))
        export(
            settings.layout.catalogue,
            name,
            asked.format,
            folder / f"{name}.{asked.format}",
            *(days if has_days(name) else (None, None)),
            show_personal_data=settings.reports.show_personal_data,
        )
