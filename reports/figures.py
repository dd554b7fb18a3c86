"""Everything that pages show of a period, asked of the catalogue when it is first needed.

A period that holds pending messages is provisional. Its *settled* part are the days before the
first provisional one: only these are compared with the days before, since receipts that are still
coming would look like a fall.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

import polars as pl

from reports import bins, comparison, labels, measures, slots, theme
from reports.asked import Asked
from reports.comparison import Bin, Rate
from reports.desk import Desk
from reports.nouns import OUTCOMES
from reports.period import DAYS_MAX, Period
from reports.query import Query

COUNTS = ("messages", *OUTCOMES)
CODES = ("mcc", "mnc")
NETWORK = (*CODES, "network", "country")
BETWEEN = pl.col("date").is_between
Row = dict[str, Any]


@dataclass(frozen=True)
class Totals:
    """The figures of one period over the networks looked at, and the latencies they come from."""

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

    @property
    def replies(self) -> Rate | None:
        """Of delivered messages old enough to be judged, those that were answered."""
        return comparison.rate(self.row["replied"], self.row["eligible"])

    def outcome(self, name: str) -> Rate | None:
        return comparison.rate(self.row[name], self.messages)


class Figures:
    """The figures of what was asked for, over one network or all."""

    def __init__(self, desk: Desk, asked: Asked) -> None:
        self.desk = desk
        self.asked = asked
        self.about = desk.about
        self.period = asked.period
        self.today = desk.about.today

    @cached_property
    def extent(self) -> Period | None:
        """The days from the first message of the log to its last."""
        first, last = self.desk.ask(Query("extent")).row(0)
        if first is None:
            return None
        return Period(first, max(first, min(last, first + timedelta(days=DAYS_MAX - 1))))

    @cached_property
    def shown(self) -> Period:
        """The part that is drawn over time: without the days before the log begins."""
        return self.period.since(self.extent.from_date) if self.extent else self.period

    @property
    def unit(self) -> str:
        """What the steps over time are: hour, day, week or month."""
        return slots.unit(self.shown)

    @cached_property
    def network_order(self) -> list[tuple[str, str]]:
        """The networks of the whole log, busiest first."""
        return list(self.desk.ask(Query("log")).select("mcc", "mnc").iter_rows())

    @cached_property
    def all_facts(self) -> pl.DataFrame:
        """The facts of all networks, from the first day compared to the last day shown."""
        before = self.asked.before()
        first = min(before.from_date, self.period.from_date) if before else self.period.from_date
        facts = self.desk.ask(Query("facts", dates(Period(first, self.period.to_date))))
        return measures.told_apart(facts)

    @cached_property
    def facts(self) -> pl.DataFrame:
        """The facts of the networks looked at."""
        return self.all_facts.filter(of_network(self.asked.network))

    @cached_property
    def now_facts(self) -> pl.DataFrame:
        return within(self.facts, self.period)

    @property
    def now(self) -> Totals:
        return self._totals[self.period]

    @cached_property
    def _totals(self) -> dict[Period, Totals]:
        """Of the period, its settled part and the days compared with, added up at once."""
        before = self.asked.before(self.settled_period)
        return totals(self.facts, self.period, self.settled_period, before)

    @cached_property
    def days(self) -> pl.DataFrame:
        """One row a day that has messages."""
        return measures.measure(self.now_facts, "date")

    @cached_property
    def settled_period(self) -> Period | None:
        provisional = self.days.filter("provisional")["date"]
        if provisional.is_empty():
            return self.period
        return self.period.until(provisional[0] - timedelta(days=1))

    @property
    def settled(self) -> Totals | None:
        return self._totals[self.settled_period] if self.settled_period else None

    @property
    def before(self) -> Totals | None:
        """The figures compared with; None when nothing is."""
        period = self.asked.before(self.settled_period)
        return self._totals[period] if period else None

    @property
    def is_before_whole(self) -> bool:
        """Whether the log reaches back to the first day compared with, so that counts compare."""
        before = self.asked.before()
        return bool(before and self.extent and self.extent.from_date <= before.from_date)

    @property
    def is_provisional(self) -> bool:
        return self.now.pending > 0

    @cached_property
    def comparable(self) -> tuple[Totals, Totals] | None:
        """The settled part and what it is compared with, if that is settled and has messages."""
        settled, before = self.settled, self.before
        if settled is None or before is None or not settled.messages or not before.messages:
            return None
        return None if before.pending else (settled, before)

    @cached_property
    def steps(self) -> pl.DataFrame:
        """One row a step of what is shown: counts (0 where nothing happened) and measures."""
        frame = slots.slots(self.shown, self.about.time_zone)
        if self.unit == "hour":
            measured = measures.measure(self.hour_facts.rename({"hour": "step"}), "step")
        elif self.unit == "day":
            measured = self.days.rename({"date": "step"})
        else:
            stepped = self.now_facts.with_columns(step=slots.step_of(pl.col("date"), self.unit))
            measured = measures.measure(stepped, "step")
        return filled(frame, measured, COUNTS)

    @cached_property
    def hour_facts(self) -> pl.DataFrame:
        """Facts by the hour sent."""
        return measures.told_apart(self.desk.ask(self.hours_query))

    @property
    def hours_query(self) -> Query:
        mcc, mnc = self.asked.network or (None, None)
        return Query("hour_facts", dates(self.shown) | {"mcc": mcc, "mnc": mnc})

    @cached_property
    def networks(self) -> pl.DataFrame:
        """One row a network of the period, busiest first, whichever is looked at.

        With `share`, and the counts that a change is read off: `settled_…` and `…_before`. One that
        was renamed has its latest name, and the others in `former`.
        """
        settled = self.settled_period
        before = self.asked.before(settled)
        now = measures.measure(within(self.all_facts, self.period), *CODES)
        kept = list(dict.fromkeys(("messages", "delivered", self.asked.status)))
        for name, period in (("settled_{}", settled), ("{}_before", before)):
            counted = (
                within(self.all_facts, period)
                .group_by(CODES)
                .agg(pl.sum(part).alias(name.format(part)) for part in kept)
            )
            now = now.join(counted, on=CODES, how="left", nulls_equal=True)
        now = now.join(names(self.all_facts), on=CODES, how="left", nulls_equal=True)
        counts = pl.col("^settled_.*|.*_before$").fill_null(0)
        share = pl.col("messages") / pl.col("messages").sum()
        outcome = measures.rate(self.asked.status, "messages", "outcome_rate")
        return now.with_columns(counts, *outcome, share=share).sort(
            ["messages", *NETWORK], descending=[True, False, False, False, False]
        )

    @cached_property
    def labelled(self) -> pl.DataFrame:
        """The networks of the period with a `label` each that no other has, and their colours."""
        known = theme.network_classes(self.network_order)
        networks = labels.labelled(self.networks)
        keys = networks.select(CODES).iter_rows()
        colours = [known.get(key, "network-other") for key in keys]
        return networks.with_columns(colour=pl.Series(colours, dtype=pl.String))


def names(facts: pl.DataFrame) -> pl.DataFrame:
    """Return one row a network: its latest name and country, and the other names that it had."""
    named = facts.group_by(NETWORK).agg(pl.max("date")).sort("date", *NETWORK)
    former = pl.col("network").filter(pl.col("network") != pl.col("network").last())
    return named.group_by(CODES).agg(
        pl.last("network", "country"), former=former.unique(maintain_order=True).str.join(", ")
    )


def dates(period: Period) -> dict[str, Any]:
    """Return a period as the parameters of a query."""
    return {"from_date": period.from_date, "to_date": period.to_date}


def of_network(network: tuple[str, str] | None) -> pl.Expr:
    """Return the rows of one network, or all."""
    if network is None:
        return pl.lit(value=True)
    return (pl.col("mcc") == network[0]) & (pl.col("mnc") == network[1])


def within(facts: pl.DataFrame, period: Period | None) -> pl.DataFrame:
    """Return the facts of the days of a period; none without one."""
    if period is None:
        return facts.clear()
    return facts.filter(BETWEEN(period.from_date, period.to_date))


def totals(facts: pl.DataFrame, *periods: Period | None) -> dict[Period, Totals]:
    """Add the facts of some periods up."""
    ours = {period: within(facts, period) for period in periods if period}
    parts = [part.with_columns(part=pl.lit(at)) for at, part in enumerate(ours.values())]
    measured = measures.measure(pl.concat(parts), "part")
    rows = {row.pop("part"): row for row in measured.iter_rows(named=True)}
    return {
        period: Totals(period, rows.get(at) or _nothing(measured), bins.binned(part))
        for at, (period, part) in enumerate(ours.items())
    }


def _nothing(measured: pl.DataFrame) -> Row:
    """Return a row of no messages: counts are 0 and measures None."""
    kinds = measured.drop("part").schema.items()
    nothing = {name: 0 if kind.is_integer() else None for name, kind in kinds}
    return nothing | {"provisional": False, "latency_count": 0}


def filled(steps: pl.DataFrame, frame: pl.DataFrame, counts: tuple[str, ...]) -> pl.DataFrame:
    """Give every slot a row; where nothing happened counts are 0 and measures null."""
    typed = frame.with_columns(pl.col("step").cast(steps.schema["step"]))
    joined = steps.join(typed, on="step", how="left", maintain_order="left")
    counted = joined.with_columns(pl.col(name).cast(pl.Int64).fill_null(0) for name in counts)
    if "provisional" in counted.columns:
        return counted.with_columns(pl.col("provisional").cast(pl.Boolean).fill_null(value=False))
    return counted
