"""The cards of the overview: each a question, a chart, a table and a definition. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

import plotly.graph_objects as go
import polars as pl

from reports import charts, comparison, dots, glossary, heat_map, tables, theme, words
from reports.figures import Figures
from reports.tables import Table

NETWORKS_DRAWN_MAX = 12
SHARE_DRAWN_MIN = 0.01


@dataclass(frozen=True)
class Legend:
    """A colour of the stylesheet and what it stands for."""

    colour: str
    text: str


@dataclass(frozen=True)
class Fact:
    """A figure with its name, for cards that state several."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Card:
    """One card. `summary` says in a sentence what the chart shows; without a figure, `empty` why.

    `export` is the view that its CSV comes from, `query` the name of the query behind it.
    """

    slug: str
    title: str
    reading: str
    definition: str
    query: str
    export: str
    table: Table
    figure: go.Figure | None = None
    summary: str = ""
    empty: str = ""
    legend: tuple[Legend, ...] = ()
    facts: tuple[Fact, ...] = field(default=())


def colours(figures: Figures) -> dict[tuple[str, str], str]:
    """Give the networks their colour classes, by volume over the whole log."""
    return theme.network_classes(figures.network_order)


def outcomes(figures: Figures) -> Card:
    """What became of the messages, over the period."""
    step = "hour" if "hours" in figures.queries else "day"
    hatched = ""
    if figures.is_provisional:
        hatched = f" Hatched: within {figures.about.horizon_hours} h, still changing."
    row = figures.now.row
    parts = [name for name in theme.OUTCOMES if row[name]]
    summary = words.listed([f"{words.number(row[name])} {name}" for name in parts])
    return Card(
        slug="delivery",
        title=f"What became of each {step}'s messages?",
        reading=f"By {step} sent.{hatched}",
        definition=glossary.outcomes(figures.about),
        query="hours" if step == "hour" else "days",
        export="delivery_hourly" if step == "hour" else "delivery_daily",
        table=tables.outcomes(figures),
        figure=charts.stacked(figures.steps, theme.OUTCOMES),
        summary=f"Stacked bars by {step} sent: {summary}.",
        legend=tuple(Legend(name, name) for name in parts),
    )


def latency(figures: Figures) -> Card:
    """How long delivery takes, over the period."""
    step = "hour" if "hours" in figures.queries else "day"
    dotted = " Dotted: provisional." if figures.is_provisional else ""
    row = figures.now.row
    known = row["latency_p50"] is not None
    return Card(
        slug="latency",
        title="How long does delivery take?",
        reading=f"Sent to delivered, by {step} sent. Log scale.{dotted}",
        definition=glossary.LATENCY,
        query="hours" if step == "hour" else "days",
        export="delivery_hourly" if step == "hour" else "delivery_daily",
        table=tables.latency(figures),
        figure=charts.percentiles(figures.steps) if known else None,
        summary=(
            f"Percentiles by {step} sent. Over the period: median "
            f"{words.seconds(row['latency_p50'])}, p95 {words.seconds(row['latency_p95'])}."
        ),
        empty="No message of this period was delivered with a known time.",
    )


def histogram(figures: Figures) -> Card:
    """How the latencies are spread."""
    bins = pl.DataFrame(
        figures.now.bins,
        schema=["latency_from_seconds", "latency_to_seconds", "messages"],
        orient="row",
    )
    row = figures.now.row
    return Card(
        slug="histogram",
        title="How many arrive how fast?",
        reading="Bars: delivered messages by latency. Line: share arrived by then.",
        definition=glossary.HISTOGRAM,
        query="histogram",
        export="latency_histogram",
        table=tables.histogram(figures),
        figure=charts.histogram(bins) if bins.height else None,
        summary=(
            f"Histogram of latency: half arrived within {words.seconds(row['latency_p50'])}, "
            f"99 % within {words.seconds(row['latency_p99'])}."
        ),
        empty="No message of this period was delivered with a known time.",
    )


def networks_drawn(figures: Figures) -> pl.DataFrame:
    """Return the networks worth drawing: the busiest, without those too small to place."""
    known = colours(figures)
    networks = tables.labelled(figures.networks)
    keys = networks.select("mcc", "mnc").iter_rows()
    labelled = networks.with_columns(
        colour=pl.Series([known.get(key, "network-other") for key in keys], dtype=pl.String)
    )
    large = labelled.filter(
        (pl.col("messages") >= comparison.COUNT_MIN) & (pl.col("share") >= SHARE_DRAWN_MIN)
    )
    return (large if large.height else labelled).head(NETWORKS_DRAWN_MAX)


def networks(figures: Figures) -> Card:
    """How the networks compare."""
    drawn = networks_drawn(figures)
    left = figures.networks.height - drawn.height
    hidden = f" {words.number(left)} more in the table." if left else ""
    rate = figures.now.delivery
    return Card(
        slug="network-rates",
        title="Which networks deliver?",
        reading=(
            f"Bars: 95{words.SPACE}% intervals; no order where they overlap. Dotted: all.{hidden}"
        ),
        definition=glossary.networks(figures.about),
        query="networks",
        export="network_performance",
        table=tables.networks(figures, colours(figures)),
        figure=dots.dots(drawn, rate.value) if rate else None,
        summary="Delivery rate by network: "
        + words.listed(
            [f"{row['label']} {words.percent(row['delivery_rate'])}" for row in drawn.to_dicts()]
        )
        + ".",
    )


def campaigns(figures: Figures) -> Card:
    """How the campaigns compare."""
    return Card(
        slug="campaigns",
        title="Campaigns",
        reading="By the campaign in the webhook's URL, largest first.",
        definition=glossary.campaigns(figures.about),
        query="campaigns",
        export="campaign_performance",
        table=tables.campaigns(figures),
    )


def replies(figures: Figures) -> Card:
    """What came back."""
    row = figures.replies
    any_yet = figures.has_replies
    step = "hour" if "hours" in figures.queries else "day"
    return Card(
        slug="replies",
        title="What comes back?",
        reading=f"Replies by {step} received, and what they answer.",
        definition=glossary.replies(figures.about),
        query="reply_hours" if step == "hour" else "reply_days",
        export="reply_daily",
        table=tables.replies(figures),
        figure=charts.stacked(figures.reply_steps, theme.ATTRIBUTIONS) if any_yet else None,
        summary=f"{words.counted(row['replies'], 'reply', 'replies')} by {step} received.",
        empty="No reply was received in this period.",
        legend=tuple(Legend(name, name) for name in theme.ATTRIBUTIONS) if any_yet else (),
        facts=_reply_facts(figures) if any_yet else (),
    )


def _reply_facts(figures: Figures) -> tuple[Fact, ...]:
    row = figures.replies
    rate = comparison.rate(row["replied_messages"], row["eligible_messages"])
    shown = rate if row["reply_rate"] is not None else None
    between = f"95{words.SPACE}% {words.interval(shown.low, shown.high)}" if shown else ""
    out_of = f"{words.percent(row['opt_out_rate'], 2)} of recipients" if row["opt_out_rate"] else ""
    return (
        Fact("Replies", words.number(row["replies"])),
        Fact("Reply rate", words.percent(shown.value) if shown else words.NONE, between),
        Fact(
            "Time to reply",
            words.seconds(row["time_to_reply_p50"]),
            f"median; p90 {words.seconds(row['time_to_reply_p90'])}",
        ),
        Fact("Opt-outs", words.number(row["opt_outs"]), out_of),
    )


def weekly(figures: Figures) -> Card:
    """When people answer; without replies, when messages are sent."""
    answers = figures.has_replies
    noun = "reply" if answers else "message"
    busiest = int(figures.weekly["count"].max() or 0) if figures.weekly.height else 0  # type: ignore[arg-type]
    unit = "replies" if answers else "messages"
    return Card(
        slug="weekly",
        title="When do people answer?" if answers else "When are messages sent?",
        reading=f"{unit.capitalize()} by weekday and hour, {figures.about.time_zone}. "
        f"Darkest: {words.number(busiest)}.",
        definition=glossary.weekly(figures.about, answers=answers),
        query="weekly",
        export="reply_daily" if answers else "delivery_hourly",
        table=tables.weekly(figures.weekly, unit),
        figure=heat_map.heat_map(figures.weekly, noun) if figures.weekly.height else None,
        summary=f"{unit.capitalize()} by weekday and hour; the most in one hour are {busiest}.",
        empty="No reply was received in this period.",
    )
