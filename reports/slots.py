"""The steps along a time axis: hours, days, weeks or months, as the period is long. Pure.

A slot frame has `slot` (its name, unique), `tick` (its label under the axis, or null where there is
no room for one) and `step`, the key to join figures to: the first date of the step, or for hours
their UTC instant.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from reports import words
from reports.period import Period

HOURLY_DAYS_MAX = 2
DAILY_DAYS_MAX = 124
WEEKLY_DAYS_MAX = 800
TRUNCATED = {"day": "1d", "week": "1w", "month": "1mo"}
_TICKS_MAX = 6


def unit(period: Period) -> str:
    """Name the steps that a period is drawn in: hour, day, week or month."""
    if period.days <= HOURLY_DAYS_MAX:
        return "hour"
    if period.days <= DAILY_DAYS_MAX:
        return "day"
    return "week" if period.days <= WEEKLY_DAYS_MAX else "month"


def slots(period: Period, time_zone: str) -> pl.DataFrame:
    """Return one row a step of the period: step, slot, tick."""
    named = unit(period)
    return hour_slots(period, time_zone) if named == "hour" else date_slots(period, named)


def step_of(dates: pl.Expr, named: str) -> pl.Expr:
    """Return the first date of the day, week or month that each date is in."""
    return dates.dt.truncate(TRUNCATED[named])


def date_slots(period: Period, named: str) -> pl.DataFrame:
    """Return one row a day, week or month that the period touches."""
    dates = pl.DataFrame({"date": list(period.dates())}, schema={"date": pl.Date})
    steps = dates.select(step_of(pl.col("date"), named).unique(maintain_order=True))["date"]
    starts = steps.to_list()
    with_year = starts[0].year != starts[-1].year
    names = {
        "day": lambda at: words.day(at, weekday=True, year=with_year),
        "week": lambda at: f"week of {words.day(at, year=with_year)}",
        "month": lambda at: f"{at:%B} {at.year}",
    }
    return pl.DataFrame(
        {
            "step": starts,
            "slot": [names[named](start) for start in starts],
            "tick": _day_ticks(starts) if named == "day" else _sparse_ticks(starts),
        },
        schema={"step": pl.Date, "slot": pl.String, "tick": pl.String},
    )


def hour_slots(period: Period, time_zone: str) -> pl.DataFrame:
    """Return one row an hour of the report time zone, by its UTC instant."""
    zone = ZoneInfo(time_zone)
    start = datetime.combine(period.from_date, time(), zone).astimezone(UTC)
    end = datetime.combine(period.to_date + timedelta(days=1), time(), zone).astimezone(UTC)
    hours = [start + timedelta(hours=n) for n in range(int((end - start) / timedelta(hours=1)))]
    local = [hour.astimezone(zone) for hour in hours]
    return pl.DataFrame(
        {
            "step": hours,
            "slot": [
                f"{words.day(at.date(), weekday=True)} {at:%H:%M}{' again' if at.fold else ''}"
                for at in local
            ],
            "tick": [_hour_tick(at, 3 * period.days) for at in local],
        },
        schema={"step": pl.Datetime("us", "UTC"), "slot": pl.String, "tick": pl.String},
    )


def _hour_tick(at: datetime, step_hours: int) -> str | None:
    return f"{at:%H:%M}" if at.hour % step_hours == 0 and not at.fold else None


def _day_ticks(days: list[date]) -> list[str | None]:
    if len(days) <= 8:
        return [
            f"{day:%a}<br>{day.day if n and day.day > 1 else words.day(day)}"
            for n, day in enumerate(days)
        ]
    return _thinned(days, lambda day: day.weekday() == 0, words.day)


def _sparse_ticks(starts: list[date]) -> list[str | None]:
    """Label the first week or month of some months, or of some years."""
    if len(starts) > 60:
        return _thinned(starts, lambda day: day.month == 1, lambda day: str(day.year))
    firsts = {min(day for day in starts if _month(day) == month) for month in map(_month, starts)}
    return _thinned(starts, firsts.__contains__, lambda day: f"{day:%b}<br>{day.year}")


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def _thinned(
    days: list[date], chosen: Callable[[date], bool], label: Callable[[date], str]
) -> list[str | None]:
    candidates = [day for day in days if chosen(day)]
    step = -(-len(candidates) // _TICKS_MAX) or 1
    kept = set(candidates[::step])
    return [label(day) if day in kept else None for day in days]
