"""Everything the overview shows, asked of the catalogue once.

A period that holds pending messages is provisional. Its *settled* part are the days before the
first provisional one: only these are compared with the period before, since receipts that are
still coming would look like a fall.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from analytics.door import Catalogue, CatalogueInfo
from reports import comparison, slots
from reports.comparison import Bin, Rate
from reports.period import DAYS_MAX, Period
from reports.query import Query

COUNTS = ("messages", "delivered", "undelivered", "expired", "error", "pending", "unknown")
REPLY_COUNTS = ("replies", "explicit", "inferred", "unsolicited")
Row = dict[str, Any]


@dataclass(frozen=True)
class Totals:
    """The figures of one period over all networks, and the latencies they come from."""

    period: Period
    row: Row
    bins: list[Bin]

    @property
    def messages(self) -> int:
        return int(self.row["messages"])

    @property
    def pending(self) -> int:
        return int(self.row["pending"])

    @property
    def delivery(self) -> Rate | None:
        return comparison.rate(self.row["delivered"], self.messages)

    @property
    def coverage(self) -> Rate | None:
        open_ones = self.row["pending"] + self.row["unknown"]
        return comparison.rate(self.messages - open_ones, self.messages)


@dataclass(frozen=True)
class Figures:
    """Frames and rows of a period; `queries` has, by name, what each was asked with.

    `shown` is the part that is drawn over time: without the days before the log begins. `extent`
    is the whole log's.
    """

    about: CatalogueInfo
    period: Period
    shown: Period
    today: date
    now: Totals
    settled: Totals | None
    before: Totals
    days: pl.DataFrame
    steps: pl.DataFrame
    reply_steps: pl.DataFrame
    networks: pl.DataFrame
    network_order: list[tuple[str, str]]
    campaigns: pl.DataFrame
    replies: Row
    replies_before: Row
    weekly: pl.DataFrame
    quality: pl.DataFrame
    extent: Period | None
    queries: dict[str, Query]

    @property
    def is_provisional(self) -> bool:
        return self.now.pending > 0

    @property
    def comparable(self) -> Totals | None:
        """The settled part, if the period before it is settled and has messages too."""
        if self.settled is None or not self.settled.messages:
            return None
        return self.settled if self.before.messages and not self.before.pending else None

    @property
    def has_replies(self) -> bool:
        return bool(self.replies["replies"])


def today_of(about: CatalogueInfo) -> date:
    """Return the report time zone's day at the catalogue's instant."""
    return about.today


def gather(catalogue: Catalogue, period: Period) -> Figures:
    """Ask the catalogue for everything the overview of a period shows."""
    about = catalogue.about()
    log = Query("log").run(catalogue)
    extent = _extent(log)
    shown = period.since(extent.from_date) if extent else period
    queries = _queries(period, shown, about)
    frame = {name: query.run(catalogue) for name, query in queries.items()}
    replies = frame["replies"].row(0, named=True)
    queries["weekly"] = _weekly_query(period, about, answers=bool(replies["replies"]))
    days = _filled(slots.day_slots(shown), frame["days"], "date", COUNTS)
    settled = _settled(days, period)
    before = period.previous()
    queries["networks"] = _networks_query(period, settled, before)
    bins = Query("histogram", _dates(Period(before.from_date, period.to_date))).run(catalogue)
    now = _totals(catalogue, period, bins)
    settled_totals: Totals | None = now
    if settled != period:
        settled_totals = _totals(catalogue, settled, bins) if settled else None
    return Figures(
        about=about,
        period=period,
        shown=shown,
        today=today_of(about),
        now=now,
        settled=settled_totals,
        before=_totals(catalogue, before, bins),
        days=days,
        steps=_steps(shown, about, days, frame),
        reply_steps=_reply_steps(shown, about, frame),
        networks=queries["networks"].run(catalogue),
        network_order=list(log.select("mcc", "mnc").iter_rows()),
        campaigns=frame["campaigns"],
        replies=replies,
        replies_before=Query("replies", _dates(before)).run(catalogue).row(0, named=True),
        weekly=queries["weekly"].run(catalogue),
        quality=frame["quality"],
        extent=extent,
        queries=queries,
    )


def _dates(period: Period) -> dict[str, Any]:
    return {"from_date": period.from_date, "to_date": period.to_date}


def _queries(period: Period, shown: Period, about: CatalogueInfo) -> dict[str, Query]:
    dates = _dates(period)
    plain = ("days", "campaigns", "histogram", "replies", "reply_days", "quality")
    queries = {name: Query(name, dates) for name in plain}
    if slots.is_hourly(shown):
        start = datetime.combine(shown.from_date, time(), ZoneInfo(about.time_zone))
        stop = datetime.combine(shown.to_date + timedelta(days=1), time(), start.tzinfo)
        queries["hours"] = Query("hours", _dates(shown) | {"start": start})
        queries["reply_hours"] = Query("reply_hours", {"start": start, "stop": stop})
    return queries


def _weekly_query(period: Period, about: CatalogueInfo, *, answers: bool) -> Query:
    name = "answers" if answers else "sendings"
    return Query(name, _dates(period) | {"time_zone": about.time_zone})


def _networks_query(period: Period, settled: Period | None, before: Period) -> Query:
    nothing = period.from_date - timedelta(days=1)
    return Query(
        "networks",
        _dates(period)
        | {"settled_to": settled.to_date if settled else nothing}
        | {"before_from": before.from_date, "before_to": before.to_date},
    )


def _extent(log: pl.DataFrame) -> Period | None:
    """Return the days from the first message of the log to its last."""
    if log.is_empty():
        return None
    first, last = log.select(pl.min("first_date"), pl.max("last_date")).row(0)
    return Period(first, max(first, min(last, first + timedelta(days=DAYS_MAX - 1))))


def _totals(catalogue: Catalogue, period: Period, bins: pl.DataFrame) -> Totals:
    edges = ("latency_from_seconds", "latency_to_seconds")
    ours = bins.filter(pl.col("date").is_between(period.from_date, period.to_date))
    summed = ours.group_by(edges).agg(pl.sum("messages")).sort(edges[0])
    row = Query("totals", _dates(period)).run(catalogue).row(0, named=True)
    return Totals(period, row, list(summed.iter_rows()))


def _filled(
    steps: pl.DataFrame, frame: pl.DataFrame, key: str, counts: tuple[str, ...]
) -> pl.DataFrame:
    """Give every slot a row; where nothing happened counts are 0 and measures null."""
    typed = frame.with_columns(pl.col(key).cast(steps.schema[key]))
    joined = steps.join(typed, on=key, how="left", maintain_order="left")
    counted = joined.with_columns(pl.col(name).cast(pl.Int64).fill_null(0) for name in counts)
    if "provisional" in counted.columns:
        return counted.with_columns(pl.col("provisional").cast(pl.Boolean).fill_null(value=False))
    return counted


def _settled(days: pl.DataFrame, period: Period) -> Period | None:
    provisional = days.filter("provisional")["date"]
    if provisional.is_empty():
        return period
    return period.until(provisional[0] - timedelta(days=1))


def _steps(
    shown: Period, about: CatalogueInfo, days: pl.DataFrame, frame: dict[str, pl.DataFrame]
) -> pl.DataFrame:
    """Return the steps that charts over time are drawn in: hours of a short period, else days."""
    if "hours" not in frame:
        return days
    hours = slots.hour_slots(shown, about.time_zone)
    return _filled(hours, frame["hours"], "hour", COUNTS)


def _reply_steps(
    shown: Period, about: CatalogueInfo, frame: dict[str, pl.DataFrame]
) -> pl.DataFrame:
    """Return the same steps for replies; none is provisional."""
    if "reply_hours" in frame:
        hours = slots.hour_slots(shown, about.time_zone)
        steps = _filled(hours, frame["reply_hours"], "hour", REPLY_COUNTS)
    else:
        steps = _filled(slots.day_slots(shown), frame["reply_days"], "date", REPLY_COUNTS)
    return steps.with_columns(provisional=pl.lit(value=False))
