"""Cards about what comes back: replies over time, by hour of the week, and how soon. Pure."""

from __future__ import annotations

import polars as pl

from reports import behind, charts, glossary, heat_map, histogram, rows, tables, words
from reports.cards import Card, Fact, legend
from reports.reply_figures import ATTRIBUTIONS, ReplyFigures
from reports.tables import Cell, Table

NONE_CAME = "No reply was received in this period."


def replies(of: ReplyFigures, *, facts: bool = True) -> Card:
    """What came back, over the period; with `facts` the figures stand beside it."""
    step = of.figures.unit
    return Card(
        slug="replies",
        title="What comes back?",
        reading=f"Replies by {step} received, and what they answer.",
        definition=glossary.replies(of.figures.about),
        query=behind.replies(of.figures),
        view="reply_daily",
        rows=rows.by_step(of.steps, step, "replies", *ATTRIBUTIONS, "opt_outs"),
        table=tables.by_step(
            "Replies by time received", step, of.steps, (*ATTRIBUTIONS, "opt_outs")
        ),
        figure=charts.stacked(of.steps, ATTRIBUTIONS) if of.any_now else None,
        summary=f"{words.counted(of.now['replies'], 'reply', 'replies')} by {step} received.",
        empty=NONE_CAME,
        legend=legend(ATTRIBUTIONS) if of.any_now else (),
        facts=_facts(of) if facts and of.any_now else (),
    )


def _facts(of: ReplyFigures) -> tuple[Fact, ...]:
    row, rate = of.now, of.rate
    between = f"95{words.SPACE}% {words.interval(rate.low, rate.high)}" if rate else ""
    return (
        Fact("Replies", words.number(row["replies"])),
        Fact("Reply rate", words.percent(rate.value) if rate else words.NONE, between),
        Fact(
            "Time to reply",
            words.seconds(row["time_to_reply_p50"]),
            f"median; p90 {words.seconds(row['time_to_reply_p90'])}",
        ),
        _opted_out(of),
    )


def _opted_out(of: ReplyFigures) -> Fact:
    """Say how many of the people that were reached want no more messages."""
    rate = of.people(of.figures.period)[1]
    if rate is None:
        return Fact("Opted out", words.NONE)
    reached = words.counted(rate.whole, "person", "people")
    return Fact("Opted out", words.percent(rate.value), f"{words.number(rate.part)} of {reached}")


def rate(of: ReplyFigures) -> Card:
    """Which share of messages is answered, by the time sent."""
    step = of.figures.unit
    drawn = of.rate is not None and of.steps["reply_rate"].drop_nulls().len() > 0
    hours = of.figures.about.reply_window_hours
    return Card(
        slug="reply-rate",
        title="Which share is answered?",
        reading=f"Delivered over {hours} h ago, by {step} sent, with 95{words.SPACE}% interval.",
        definition=glossary.replies(of.figures.about),
        query=behind.replies(of.figures),
        view="reply_daily",
        rows=rows.by_step(of.steps, step, "eligible", *rows.rate("reply_rate")),
        table=tables.rates_by_step(
            "Reply rate by time sent",
            step,
            of.steps,
            "reply_rate",
            {"eligible": "delivered, old enough"},
        ),
        figure=charts.rates(of.steps, "reply_rate", "explicit", "eligible") if drawn else None,
        summary=f"Reply rate by {step} sent; over the period {words.share(of.rate)}.",
        empty="No message of this period is old enough to be judged."
        if of.any_ever
        else "No reply has ever been seen: not every sender can receive them.",
    )


def times(of: ReplyFigures) -> Card:
    """How soon people answer."""
    row = of.now
    return Card(
        slug="time-to-reply",
        title="How soon do people answer?",
        reading="Bars: replies by time since delivery. Line: share that had come by then.",
        definition=glossary.RECIPIENTS,
        query=behind.times_to_reply(of.figures),
        view="replies",
        rows=rows.binned(of.bins, "time_to_reply", "replies"),
        table=tables.binned(of.bins, "Replies by time to reply", "time to reply", "replies"),
        figure=histogram.histogram(of.bins, "reply", "come") if of.bins else None,
        summary=f"Time to reply: half came within {words.seconds(row['time_to_reply_p50'])}.",
        empty="No reply of this period came after a known delivery.",
    )


def weekly(of: ReplyFigures) -> Card:
    """When people answer."""
    top = int(of.weekly["count"].max() or 0)  # type: ignore[arg-type]
    zone = of.figures.about.time_zone
    return Card(
        slug="weekly",
        title="When do people answer?",
        reading=f"Replies by weekday and hour, {zone}. Most: {words.number(top)}.",
        definition=glossary.weekly(of.figures.about, "Replies, by the time they were received"),
        query=behind.reply_week(of.figures),
        view="replies",
        rows=rows.weekly(of.weekly.rename({"count": "replies"}), "replies"),
        table=tables.weekly(of.weekly, "count", "Replies by weekday and hour", _number),
        figure=heat_map.heat_map(of.weekly, "count", _counted) if top else None,
        summary=f"Replies by weekday and hour; the most in one hour are {words.number(top)}.",
        empty=NONE_CAME,
    )


def networks(of: ReplyFigures, labelled: pl.DataFrame) -> Card:
    """Who answers, by network. Takes the networks of the period with labels and colours."""
    joined = labelled.join(of.networks, on=["mcc", "mnc"], how="left", maintain_order="left")
    cells = [
        [
            tables.network_cell(row),
            Cell(words.number(row["replies"] or 0)),
            tables.rate_cell(row, "reply_rate") if of.any_ever else Cell(words.NONE),
            Cell(words.number(row["eligible"])),
            Cell(words.number(row["opt_outs"] or 0)),
            Cell(words.seconds(row["time_to_reply_p50"])),
            Cell(words.seconds(row["time_to_reply_p90"])),
        ]
        for row in joined.iter_rows(named=True)
    ]
    columns = (
        "Network",
        "Replies",
        "Reply rate",
        "Delivered, old enough",
        "Opt-outs",
        "Median time",
        "p90 time",
    )
    return Card(
        slug="reply-networks",
        title="Replies by network",
        reading="Busiest network first.",
        definition=glossary.replies(of.figures.about),
        query=behind.reply_networks(of.figures),
        view="reply_daily",
        rows=rows.by_network(
            joined.with_columns(pl.col("replies", "opt_outs").fill_null(0)),
            *("replies", "opt_outs", "eligible", "replied", *rows.rate("reply_rate")),
            *("time_to_reply_p50", "time_to_reply_p90"),
        ),
        table=Table("Replies by network", columns, cells),
    )


def _number(value: float | None) -> str:
    return words.number(value or 0)


def _counted(value: float | None) -> str:
    return words.counted(int(value or 0), *words.forms("reply"))
