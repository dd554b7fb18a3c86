"""The steps along a time axis: days, or hours when the period is short. Pure.

A slot frame has `slot` (its name, unique), `tick` (its label under the axis, or null where there is
no room for one) and the key to join figures to: `date`, or `hour` (a UTC instant).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from reports import words
from reports.period import Period

HOURLY_DAYS_MAX = 2
_TICKS_MAX = 6


def is_hourly(period: Period) -> bool:
    """Say whether the period is short enough to be drawn hour by hour."""
    return period.days <= HOURLY_DAYS_MAX


def day_slots(period: Period) -> pl.DataFrame:
    """Return one row a day: date, slot, tick."""
    days = list(period.dates())
    with_year = days[0].year != days[-1].year
    return pl.DataFrame(
        {
            "date": days,
            "slot": [words.day(day, weekday=True, year=with_year) for day in days],
            "tick": _day_ticks(days),
        },
        schema={"date": pl.Date, "slot": pl.String, "tick": pl.String},
    )


def hour_slots(period: Period, time_zone: str) -> pl.DataFrame:
    """Return one row an hour of the report time zone: hour (UTC), slot, tick."""
    zone = ZoneInfo(time_zone)
    start = datetime.combine(period.from_date, time(), zone).astimezone(UTC)
    end = datetime.combine(period.to_date + timedelta(days=1), time(), zone).astimezone(UTC)
    hours = [start + timedelta(hours=n) for n in range(int((end - start) / timedelta(hours=1)))]
    local = [hour.astimezone(zone) for hour in hours]
    return pl.DataFrame(
        {
            "hour": hours,
            "slot": [
                f"{words.day(at.date(), weekday=True)} {at:%H:%M}{' again' if at.fold else ''}"
                for at in local
            ],
            "tick": [_hour_tick(at, 3 * period.days) for at in local],
        },
        schema={"hour": pl.Datetime("us", "UTC"), "slot": pl.String, "tick": pl.String},
    )


def _hour_tick(at: datetime, step_hours: int) -> str | None:
    return f"{at:%H:%M}" if at.hour % step_hours == 0 and not at.fold else None


def _day_ticks(days: list[date]) -> list[str | None]:
    if len(days) <= 8:
        return [f"{day:%a}<br>{day.day}" for day in days]
    if len(days) <= 200:
        return _thinned(days, lambda day: day.weekday() == 0, words.day)
    if len(days) <= 800:
        return _thinned(days, lambda day: day.day == 1, lambda day: f"{day:%b}<br>{day.year}")
    return _thinned(days, lambda day: (day.month, day.day) == (1, 1), lambda day: str(day.year))


def _thinned(
    days: list[date], chosen: Callable[[date], bool], label: Callable[[date], str]
) -> list[str | None]:
    candidates = [day for day in days if chosen(day)]
    step = -(-len(candidates) // _TICKS_MAX) or 1
    kept = set(candidates[::step])
    return [label(day) if day in kept else None for day in days]
