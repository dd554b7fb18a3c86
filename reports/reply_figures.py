"""What came back in a period, asked of the catalogue when it is first needed."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

import polars as pl

from reports import behind, bins, comparison, measures, slots
from reports.comparison import Bin, Rate, Timed
from reports.figures import Figures, Row, dates, filled, of_network, within
from reports.period import Period
from reports.query import Query
from reports.week import whole_week

ATTRIBUTIONS = ("explicit", "inferred", "unsolicited")
COUNTS = ("replies", *ATTRIBUTIONS, "opt_outs")
SUMS = ("replies", "unknown_reference", "before_delivery", "copies", "opt_outs")
QUARTER_SECONDS = 900


class ReplyFigures:
    """Replies of the networks looked at, by the time they were received."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures

    @property
    def any_ever(self) -> bool:
        """Whether the log has a reply: without one, rates are not applicable."""
        return self.figures.about.replies > 0

    @cached_property
    def _range(self) -> Period:
        before, period = self.figures.asked.before(), self.figures.period
        return Period(before.from_date, period.to_date) if before else period

    @cached_property
    def facts(self) -> pl.DataFrame:
        """Replies of all days asked for, by day and quarter of an hour."""
        facts = self.figures.desk.ask(Query("reply_facts", dates(self._range)))
        return facts.filter(of_network(self.figures.asked.network))

    @cached_property
    def all_times(self) -> pl.DataFrame:
        """Times to reply, seconds, with how many replies took each, now and before."""
        return self.figures.desk.ask(self.times_query)

    @property
    def times_query(self) -> Query:
        period = self.figures.period
        before = self.figures.asked.before() or period
        bounds = {"before_from": before.from_date, "before_to": before.to_date}
        return Query("reply_times", dates(period) | bounds)

    def times(self, *, now: bool) -> pl.DataFrame:
        """Times to reply of the networks looked at, in the period or before it."""
        ours = pl.col("is_now") == pl.lit(now)
        return self.all_times.filter(ours & of_network(self.figures.asked.network))

    @cached_property
    def now(self) -> Row:
        """The counts of the period, and its time to reply (time_to_reply_p50 …)."""
        return self._row(self.figures.period, now=True)

    @cached_property
    def before(self) -> Row | None:
        """The same of the days compared with."""
        period = self.figures.asked.before()
        return self._row(period, now=False) if period else None

    def _row(self, period: Period, *, now: bool) -> Row:
        facts = within(self.facts, period)
        by_name = {
            name: pl.col("replies").filter(pl.col("attribution") == name) for name in ATTRIBUTIONS
        }
        row = facts.select(*map(pl.sum, SUMS), **{k: v.sum() for k, v in by_name.items()}).row(
            0, named=True
        )
        timed = self.times(now=now).with_columns(all=pl.lit(0))
        found = measures.percentiles(timed, ["all"], "seconds", "replies", "time_to_reply")
        return row | (found.row(0, named=True) if found.height else dict.fromkeys(found.columns))

    def median(self, *, now: bool) -> Timed:
        """The median time to reply, in the period or before it."""
        row = self.now if now else self.before or {}
        times = bins.by_second(self.times(now=now), "seconds", "replies")
        return Timed(row.get("time_to_reply_p50"), times)

    @property
    def any_now(self) -> bool:
        return bool(self.now["replies"])

    @property
    def rate(self) -> Rate | None:
        """Of delivered messages of the period that are old enough, those answered."""
        return self.figures.now.replies if self.any_ever else None

    @property
    def rate_before(self) -> Rate | None:
        before = self.figures.asked.before()
        if before is None or not self.any_ever:
            return None
        facts = within(self.figures.facts, before)
        return comparison.rate(int(facts["replied"].sum()), int(facts["eligible"].sum()))

    def people(self, period: Period | None) -> tuple[Rate | None, Rate | None]:
        """Return, of the people whom a period's messages reached, who replied and who opted out."""
        if period is None or not self.any_ever:
            return None, None
        found = self.figures.desk.ask(self.people_query(period))
        ours = found.filter(of_network(self.figures.asked.network))
        reached, repliers, opted_out = ours.drop("mcc", "mnc").sum().row(0)
        return comparison.rate(repliers, reached), comparison.rate(opted_out, reached)

    def people_query(self, period: Period) -> Query:
        return Query("recipients", dates(period) | behind.by_network(self.figures))

    @cached_property
    def bins(self) -> list[Bin]:
        """Times to reply of the period, in bins."""
        return bins.binned(self.times(now=True), "seconds", "replies")

    @cached_property
    def steps(self) -> pl.DataFrame:
        """One row a step of what is shown: replies by attribution, and the reply rate."""
        figures = self.figures
        facts = within(self.facts, figures.shown)
        if figures.unit == "hour":
            hour = (pl.col("quarter") * QUARTER_SECONDS * 1_000_000).cast(pl.Datetime("us", "UTC"))
            stepped = facts.with_columns(step=_hour_of(hour, figures))
        else:
            stepped = facts.with_columns(step=slots.step_of(pl.col("date"), figures.unit))
        counted = stepped.group_by("step").agg(
            pl.sum("replies", "opt_outs"),
            *(
                pl.col("replies").filter(pl.col("attribution") == name).sum().alias(name)
                for name in ATTRIBUTIONS
            ),
        )
        steps = slots.slots(figures.shown, figures.about.time_zone)
        whole = filled(steps, counted, COUNTS).with_columns(provisional=pl.lit(value=False))
        if "reply_rate" in figures.steps.columns and self.any_ever:
            rated = figures.steps.select(
                "slot", "reply_rate", "reply_rate_low", "reply_rate_high", "eligible"
            )
            return whole.join(rated, on="slot", how="left", maintain_order="left")
        blank = {f"reply_rate{end}": pl.lit(None, pl.Float64) for end in ("", "_low", "_high")}
        return whole.with_columns(**blank, eligible=pl.lit(0))

    @cached_property
    def weekly(self) -> pl.DataFrame:
        """Replies (`count`) by weekday and hour of the report time zone."""
        zone = self.figures.about.time_zone
        at = (pl.col("quarter") * QUARTER_SECONDS * 1_000_000).cast(pl.Datetime("us", "UTC"))
        local = at.dt.convert_time_zone(zone)
        counted = (
            within(self.facts, self.figures.period)
            .group_by(weekday=local.dt.weekday(), hour_of_day=local.dt.hour())
            .agg(count=pl.sum("replies"))
        )
        return whole_week(counted).with_columns(pl.col("count").fill_null(0))

    @cached_property
    def networks(self) -> pl.DataFrame:
        """One row a network that replies came from: replies, time_to_reply_p50, …_p90."""
        keys = ["mcc", "mnc"]
        facts = self.figures.desk.ask(Query("reply_facts", dates(self._range)))
        times = self.all_times.filter("is_now")
        period = self.figures.period
        counted = within(facts, period).group_by(keys).agg(pl.sum("replies", "opt_outs"))
        timed = measures.percentiles(times, keys, "seconds", "replies", "time_to_reply")
        return counted.join(timed, on=keys, how="left")


def _hour_of(instant: pl.Expr, figures: Figures) -> pl.Expr:
    """Return the start of the hour, counted from the first instant of what is shown."""
    start = datetime.combine(
        figures.shown.from_date, datetime.min.time(), ZoneInfo(figures.about.time_zone)
    )
    since = (instant.dt.epoch("s") - int(start.timestamp())) // 3600
    return ((since * 3600 + int(start.timestamp())) * 1_000_000).cast(pl.Datetime("us", "UTC"))
