"""What a card shows, as rows to download: exactly what is drawn. Pure."""

from __future__ import annotations

import polars as pl

from reports.comparison import Bin

INTERVAL = ("", "_low", "_high")


def by_step(steps: pl.DataFrame, unit: str, *columns: str) -> pl.DataFrame:
    """Return the steps over time (of an hour, or by their first date) with some columns."""
    name = "hour" if unit == "hour" else "date"
    return steps.select(pl.col("step").alias(name), *columns, "provisional")


def binned(bins: list[Bin], what: str, many: str) -> pl.DataFrame:
    """Return bins of a time, seconds: from, to (null: no end), and how many."""
    edges = {f"{what}_from_seconds": pl.Int64, f"{what}_to_seconds": pl.Int64}
    return pl.DataFrame(bins, schema={**edges, many: pl.Int64}, orient="row")


def weekly(frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Return the hours of the week (weekday 1 is Monday) with some columns."""
    return frame.select("weekday", "hour_of_day", *columns)


def by_network(frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Return networks with some columns."""
    return frame.select("mcc", "mnc", "network", "country", *columns)


def rate(name: str) -> tuple[str, ...]:
    """Name a rate and the ends of its interval."""
    return tuple(f"{name}{end}" for end in INTERVAL)
