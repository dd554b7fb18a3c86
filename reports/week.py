"""Facts by weekday and hour of the day, in the report time zone. Pure."""

from __future__ import annotations

import polars as pl

from reports import measures

KEYS = ("weekday", "hour_of_day")


def weekly(hour_facts: pl.DataFrame, time_zone: str) -> pl.DataFrame:
    """Return the measures of messages by weekday (1 = Monday) and hour sent: one row for each."""
    measured = measures.measure(placed(hour_facts, time_zone), *KEYS)
    return whole_week(measured).with_columns(pl.col("messages").fill_null(0))


def placed(hour_facts: pl.DataFrame, time_zone: str) -> pl.DataFrame:
    """Add the weekday and the hour of the day sent to facts by hour."""
    local = pl.col("hour").dt.convert_time_zone(time_zone)
    return hour_facts.with_columns(weekday=local.dt.weekday(), hour_of_day=local.dt.hour())


def whole_week(frame: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each of the 168 hours of a week; null where there was none."""
    days = pl.DataFrame({"weekday": range(1, 8)}, schema={"weekday": pl.Int8})
    hours = pl.DataFrame({"hour_of_day": range(24)}, schema={"hour_of_day": pl.Int8})
    week = days.join(hours, how="cross")
    typed = frame.with_columns(pl.col(KEYS).cast(pl.Int8))
    return week.join(typed, on=KEYS, how="left", maintain_order="left")
