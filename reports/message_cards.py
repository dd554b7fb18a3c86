"""Cards about messages over time: what became of them and how long it took. Pure."""

from __future__ import annotations

from typing import Any

import polars as pl

from reports import (
    behind,
    bins,
    charts,
    comparison,
    glossary,
    heat_map,
    histogram,
    measures,
    rows,
    tables,
    theme,
    week,
    words,
)
from reports.cards import Card, legend
from reports.figures import Figures

UNTIMED = "No message of this period was delivered with a known time."


def outcomes(figures: Figures) -> Card:
    """What became of the messages, over the period."""
    step, row = figures.unit, figures.now.row
    hatched = ""
    if figures.is_provisional:
        hatched = f" Hatched: within {figures.about.horizon_hours} h, still changing."
    parts = [name for name in theme.OUTCOMES if row[name]]
    said = words.listed([f"{words.number(row[name])} {name}" for name in parts])
    return Card(
        slug="outcomes",
        title=f"What became of each {step}'s messages?",
        reading=f"By {step} sent.{hatched}",
        definition=glossary.outcomes(figures.about),
        query=behind.steps(figures),
        view="delivery_hourly" if step == "hour" else "delivery_daily",
        rows=rows.by_step(figures.steps, step, "messages", *theme.OUTCOMES),
        table=tables.by_step(
            "Messages by time sent and outcome", step, figures.steps, ("messages", *theme.OUTCOMES)
        ),
        figure=charts.stacked(figures.steps, theme.OUTCOMES) if parts else None,
        summary=f"Stacked bars by {step} sent: {said}.",
        empty="No message was sent in this period.",
        legend=legend(parts),
    )


def outcome_rate(figures: Figures) -> Card:
    """The share of messages with the outcome looked at, over the period."""
    step, name = figures.unit, figures.asked.status
    steps = figures.steps.with_columns(
        pl.when(pl.col("messages") > 0).then(pl.col(name)).alias("_part")
    )
    rated = steps.with_columns(measures.rate("_part", "messages", "rate"))
    rate = figures.now.outcome(name)
    dotted = " Dotted: provisional." if figures.is_provisional else ""
    return Card(
        slug="rate",
        title=f"Which share was {name}?",
        reading=f"By {step} sent, with its 95{words.SPACE}% interval.{dotted}",
        definition=glossary.outcomes(figures.about),
        query=behind.steps(figures),
        view="delivery_hourly" if step == "hour" else "delivery_daily",
        rows=rows.by_step(rated, step, "messages", name, *rows.rate("rate")),
        table=tables.rates_by_step(
            f"Share {name} by time sent", step, rated, "rate", {name: name, "messages": "messages"}
        ),
        figure=charts.rates(rated, "rate", name, "messages") if rate else None,
        summary=f"Line by {step} sent; over the period {words.share(rate)}.",
        empty="No message was sent in this period.",
    )


def latency(figures: Figures) -> Card:
    """How long delivery takes, over the period."""
    step, row = figures.unit, figures.now.row
    dotted = " Dotted: provisional." if figures.is_provisional else ""
    known = row["latency_p50"] is not None
    return Card(
        slug="percentiles",
        title="How long does delivery take?",
        reading=f"Sent to delivered, by {step} sent. Log scale.{dotted}",
        definition=glossary.LATENCY,
        query=behind.steps(figures),
        view="delivery_hourly" if step == "hour" else "delivery_daily",
        rows=rows.by_step(figures.steps, step, "latency_count", *charts.PERCENTILES),
        table=tables.by_step("Latency by time sent", step, figures.steps, times=charts.PERCENTILES),
        figure=charts.percentiles(figures.steps) if known else None,
        summary=(
            f"Percentiles by {step} sent. Over the period: median "
            f"{words.seconds(row['latency_p50'])}, p95 {words.seconds(row['latency_p95'])}."
        ),
        empty=UNTIMED,
    )


def latencies(figures: Figures) -> Card:
    """How the latencies are spread."""
    found, row = figures.now.bins, figures.now.row
    return Card(
        slug="histogram",
        title="How many arrive how fast?",
        reading="Bars: delivered messages by latency. Line: share arrived by then.",
        definition=glossary.HISTOGRAM,
        query=behind.bins(figures),
        view="latency_histogram",
        rows=rows.binned(found, "latency", "messages"),
        table=tables.binned(found, "Delivered messages by latency", "latency", "messages"),
        figure=histogram.histogram(found) if found else None,
        summary=(
            f"Histogram of latency: half arrived within {words.seconds(row['latency_p50'])}, "
            f"99 % within {words.seconds(row['latency_p99'])}."
        ),
        empty=UNTIMED,
    )


def volume_week(figures: Figures) -> Card:
    """When messages are sent."""
    frame = week.weekly(figures.hour_facts, figures.about.time_zone)
    top = int(frame["messages"].max() or 0)  # type: ignore[arg-type]
    return Card(
        slug="volume-week",
        title="When are messages sent?",
        reading=f"By weekday and hour, {figures.about.time_zone}. Most: {words.number(top)}.",
        definition=glossary.weekly(figures.about, "Messages, by the time sent"),
        query=behind.sent_week(figures),
        view="delivery_hourly",
        rows=rows.weekly(frame, "messages"),
        table=tables.weekly(frame, "messages", "Messages by weekday and hour", _count),
        figure=heat_map.heat_map(frame, "messages", _messages) if top else None,
        summary=f"Messages by weekday and hour; the most in one hour are {words.number(top)}.",
        empty="No message was sent in this period.",
    )


def latency_week(figures: Figures) -> Card:
    """When delivery is slow."""
    frame = week.weekly(figures.hour_facts, figures.about.time_zone)
    enough = pl.col("latency_count") >= comparison.COUNT_MIN
    frame = frame.with_columns(pl.when(enough).then(pl.col("latency_p95")))
    known = frame.filter(pl.col("latency_p95").is_not_null()).sort("latency_p95")
    longest = f" Longest: {_slowest(figures, known.row(-1, named=True))}." if known.height else ""
    blank = f" Blank: under {comparison.COUNT_MIN} messages." if known.height else ""
    return Card(
        slug="latency-week",
        title="When is delivery slow?",
        reading=f"p95 by weekday and hour sent, {figures.about.time_zone}.{longest}{blank}",
        definition=glossary.weekly(
            figures.about, "The p95 of the latency of messages, by the time sent"
        ),
        query=behind.sent_week(figures),
        view="delivery_hourly",
        rows=rows.weekly(frame, "latency_count", "latency_p95"),
        table=tables.weekly(frame, "latency_p95", "p95 by weekday and hour", words.seconds),
        figure=heat_map.heat_map(frame, "latency_p95", _p95, log=True) if known.height else None,
        summary=f"p95 of latency by weekday and hour.{longest}",
        empty="No hour of the week has enough messages to judge.",
    )


def _slowest(figures: Figures, row: dict[str, Any]) -> str:
    """Name an hour of the week with its p95, how many messages that is of, and its interval."""
    placed = week.placed(figures.hour_facts, figures.about.time_zone)
    ours = placed.filter(pl.col(key) == row[key] for key in week.KEYS)
    ends = comparison.percentile_interval(bins.by_second(ours), 0.95)
    interval = "too few for an interval"
    if ends:
        interval = f"95{words.SPACE}% interval {words.between(ends[0], ends[1] - 1)}"
    at = f"{heat_map.WEEKDAYS[row['weekday'] - 1]} {row['hour_of_day']:02}:00"
    many = words.counted(row["latency_count"], "message")
    return f"{at}, {words.seconds(row['latency_p95'])} of {many} ({interval})"


def _count(value: float | None) -> str:
    return words.number(value or 0)


def _messages(value: float | None) -> str:
    return words.counted(int(value or 0), "message")


def _p95(value: float | None) -> str:
    return f"p95 {words.seconds(value)}" if value is not None else "nothing delivered"
