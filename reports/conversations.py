"""Conversations: do messages lead to talk, who begins, and how far does it go?"""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property

import polars as pl

from reports import (
    behind,
    bins,
    charts,
    comparison,
    glossary,
    histogram,
    measures,
    notes,
    rows,
    sentences,
    slots,
    tables,
    tiles,
    turns,
    words,
)
from reports.cards import Card, Legend
from reports.comparison import Bin, Rate, Timed
from reports.figures import NETWORK, Figures, dates, filled, of_network, within
from reports.links import Links
from reports.page import Page
from reports.period import Period
from reports.query import Query
from reports.reply_figures import ReplyFigures
from reports.sentences import Headline
from reports.tables import Cell, Table

KINDS = {
    "answered": "answered",
    "unanswered": "not answered",
    "begun_by_them": "begun by a reply",
}
OPEN_DAYS = 9  # more than a conversation lasts at most, and the silence after it
ROWS_BESIDE = 8  # networks whose table is about as high as a chart


class Conversations:
    """The conversations that began in a period, asked of the catalogue when first needed."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        everyone = {"mcc": None, "mnc": None}
        self._facts_query = Query("conversation_facts", dates(self._range) | everyone)

    @property
    def _range(self) -> Period:
        before, period = self.figures.asked.before(), self.figures.period
        return Period(before.from_date, period.to_date) if before else period

    @cached_property
    def facts(self) -> pl.DataFrame:
        kind = (
            pl.when(pl.col("started_by") == "reply")
            .then(pl.lit("begun_by_them"))
            .when("answered")
            .then(pl.lit("answered"))
            .otherwise(pl.lit("unanswered"))
        )
        facts = self.figures.desk.ask(self._facts_query).with_columns(kind=kind)
        return facts.filter(of_network(self.figures.asked.network))

    @property
    def now(self) -> pl.DataFrame:
        return within(self.facts, self.figures.period)

    def count(self, *kinds: str) -> int:
        """Count the conversations of the period, of some kinds or all."""
        frame = self.now.filter(pl.col("kind").is_in(kinds)) if kinds else self.now
        return int(frame["conversations"].sum())

    def answered(self, period: Period | None) -> Rate | None:
        """Of the conversations that we began, those that the other side answered."""
        ours = within(self.facts, period).filter(pl.col("started_by") == "message")
        part = ours.filter("answered")["conversations"].sum()
        return comparison.rate(int(part), int(ours["conversations"].sum()))

    @cached_property
    def steps(self) -> pl.DataFrame:
        """One row a step of what is shown, with a count for each kind."""
        unit = "day" if self.figures.unit == "hour" else self.figures.unit
        counted = (
            self.now.with_columns(step=slots.step_of(pl.col("date"), unit))
            .group_by("step")
            .agg(
                pl.col("conversations").filter(pl.col("kind") == kind).sum().alias(kind)
                for kind in KINDS
            )
        )
        steps = filled(slots.date_slots(self.figures.shown, unit), counted, tuple(KINDS))
        return steps.with_columns(provisional=pl.lit(value=False))

    @property
    def open(self) -> int:
        """Count the conversations of the period that may still go on."""
        return sum(
            int(found.filter(of_network(self.figures.asked.network))["conversations"].sum())
            for found in map(self.figures.desk.ask, self.open_queries)
        )

    @property
    def open_queries(self) -> list[Query]:
        """Only recent conversations may go on: none is asked for where the period has no such."""
        period, today = self.figures.period, self.figures.today
        first = max(period.from_date, today - timedelta(days=OPEN_DAYS))
        if first > period.to_date:
            return []
        return [Query("conversations_open", dates(Period(first, period.to_date)))]

    @cached_property
    def times(self) -> pl.DataFrame:
        """Times to the first reply of the period, with how many took each, and the median."""
        return self._times(self.figures.period)

    def _times(self, period: Period) -> pl.DataFrame:
        return self.figures.desk.ask(self.times_query(period))

    def times_query(self, period: Period) -> Query:
        return Query("first_reply_times", dates(period) | behind.ours(self.figures))

    @property
    def first(self) -> Timed:
        """The median time to the first reply."""
        return _median(self.times)

    @property
    def first_before(self) -> Timed | None:
        """The same of the days compared with."""
        before = self.figures.asked.before()
        return _median(self._times(before)) if before else None

    @property
    def first_replies(self) -> list[Bin]:
        """Times to the first reply, in bins."""
        return bins.binned(self.times, "seconds", "conversations")


def page(figures: Figures, links: Links) -> Page:
    """Put the page together."""
    of = Conversations(figures)
    first, networks = _first_replies(of), _networks(of)
    is_low = networks.rows.height <= ROWS_BESIDE
    return Page(
        headline=_headline(of),
        tiles=_tiles(of),
        rows=[
            [_over_time(of), _turns(of)],
            *([[first, networks]] if is_low else [[first], [networks]]),
        ],
        footer=notes.footer(figures, ReplyFigures(figures)),
    )


def _median(times: pl.DataFrame) -> Timed:
    value = times.filter(pl.col("seconds").is_null())["median"][0]
    return Timed(value, bins.by_unit(times, "seconds", "conversations"))


def _change(of: Conversations) -> comparison.Change | None:
    before = of.figures.asked.before()
    return (
        comparison.change(of.answered(of.figures.period), of.answered(before)) if before else None
    )


def _headline(of: Conversations) -> Headline:
    total = of.count()
    if not total:
        return Headline("No conversation began in this period.")
    first = f"{words.counted(total, 'conversation')} began"
    rate = of.answered(of.figures.period)
    if rate is not None and rate.whole >= comparison.COUNT_MIN:
        first += f"; {words.percent(rate.value)} of those that we began were answered"
        change = _change(of)
        if change is not None:
            clear = (
                f"{sentences.in_points(change)} than in"
                if change.clear
                else "with no clear change from"
            )
            first += f", {clear} {of.figures.asked.than}"
    second = f"{words.number(of.open)} may still go on." if of.open else ""
    return Headline(f"{first}.", second)


def _tiles(of: Conversations) -> list[tiles.Tile]:
    figures = of.figures
    before = figures.asked.before() if figures.is_before_whole else None
    now, earlier = _counts(of.now), _counts(within(of.facts, before)) if before else {}
    return [
        tiles.counted(
            "Conversations",
            now["all"],
            earlier.get("all"),
            "by the day they began",
            of.steps.select(pl.sum_horizontal(*KINDS)).to_series().to_list(),
        ),
        tiles.rated("Answered", of.answered(figures.period), _change(of), "that we began"),
        tiles.half(figures, "First reply", of.first, of.first_before, "median, since our message"),
        tiles.counted(
            "Begun by a reply",
            now["begun"],
            earlier.get("begun"),
            "nobody had written to them for a while",
            of.steps["begun_by_them"].to_list(),
        ),
        tiles.counted(
            "Real talk",
            now["long"],
            earlier.get("long"),
            f"{turns.LONG} turns or more: both sides spoke again",
        ),
    ]


def _counts(facts: pl.DataFrame) -> dict[str, int]:
    """Count conversations: all, those begun by a reply, and those that went on."""
    many = pl.col("conversations")
    return facts.select(
        all=many.sum(),
        begun=many.filter(pl.col("kind") == "begun_by_them").sum(),
        long=many.filter(pl.col("turns") >= turns.LONG).sum(),
    ).row(0, named=True)


def _over_time(of: Conversations) -> Card:
    shown = [kind for kind in KINDS if of.steps[kind].sum()]
    unit = "day" if of.figures.unit == "hour" else of.figures.unit
    return Card(
        slug="conversations",
        title="What becomes of conversations?",
        reading=f"By {unit} begun.",
        definition=glossary.CONVERSATIONS,
        query=behind.conversations(of.figures),
        view="conversation_cells",
        rows=rows.by_step(of.steps, unit, *KINDS),
        table=tables.by_step("Conversations by time begun", unit, of.steps, KINDS),
        figure=charts.stacked(of.steps, shown, KINDS) if shown else None,
        summary=f"Stacked bars by {unit}: {words.counted(of.count(), 'conversation')}.",
        empty="No conversation began in this period.",
        legend=tuple(Legend(kind, KINDS[kind]) for kind in shown),
    )


def _turns(of: Conversations) -> Card:
    counted = turns.counted(of.now)
    return Card(
        slug="turns",
        title="How far do they go?",
        reading="Conversations with an answer, by number of turns.",
        definition=glossary.CONVERSATIONS,
        query=behind.conversations(of.figures),
        view="conversation_cells",
        rows=counted.rename({"count": "conversations"}),
        table=turns.table(counted),
        figure=turns.chart(counted) if counted.height else None,
        summary="Bars of conversations by the number of turns.",
        empty="No conversation of this period has an answer.",
    )


def _first_replies(of: Conversations) -> Card:
    binned = of.first_replies
    return Card(
        slug="first-reply",
        title="How soon is the first reply?",
        reading="Bars: conversations by time from message to reply. Line: share by then.",
        definition=glossary.CONVERSATIONS,
        query=behind.first_replies(of.figures),
        view="conversations",
        rows=rows.binned(binned, "first_reply", "conversations"),
        table=tables.binned(
            binned, "First replies by time", "time to first reply", "conversations"
        ),
        figure=histogram.histogram(binned, "conversation", "been answered") if binned else None,
        summary=f"Time to the first reply: median {words.seconds(of.first.value)}.",
        empty="No conversation of this period has a reply to a message.",
    )


def _networks(of: Conversations) -> Card:
    ours = of.now.filter(pl.col("started_by") == "message")
    counted = ours.group_by("mcc", "mnc").agg(
        conversations=pl.sum("conversations"),
        replied=pl.col("conversations").filter(pl.col("answered")).sum(),
    )
    rated = counted.with_columns(measures.rate("replied", "conversations", "rate"))
    named = of.figures.labelled.select(*NETWORK, "label", "colour")
    joined = named.join(rated, on=["mcc", "mnc"], how="inner", maintain_order="left")
    cells = [
        [
            tables.network_cell(row),
            Cell(words.number(row["conversations"])),
            tables.rate_cell(row, "rate"),
        ]
        for row in joined.iter_rows(named=True)
    ]
    return Card(
        slug="conversation-networks",
        title="Conversations by network",
        reading="Those that we began. Busiest network first.",
        definition=glossary.CONVERSATIONS,
        query=behind.conversations(of.figures),
        view="conversation_cells",
        rows=rows.by_network(joined, "conversations", "replied", *rows.rate("rate")),
        table=Table("Conversations by network", ("Network", "Begun", "Answered"), cells),
    )
