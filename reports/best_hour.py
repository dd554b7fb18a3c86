"""When messages are best sent: cards of the page of replies.

An hour is called best only where its 95 % interval lies above those of all other hours; failing
that, one of the four parts of the day on the same terms; failing that, none is.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from reports import (
    behind,
    charts,
    comparison,
    glossary,
    measures,
    network_cards,
    rows,
    tables,
    words,
)
from reports.cards import Card
from reports.comparison import Rate
from reports.figures import NETWORK, Figures, dates, of_network
from reports.query import Query
from reports.tables import Cell, Table

PARTS = ("at night", "in the morning", "in the afternoon", "in the evening")
PART_HOURS = 24 // len(PARTS)
LINES = {"time_to_reply_p50": "p50", "time_to_reply_p90": "p90"}
UNJUDGED = "No message of this period is old enough to be judged."
COLUMNS = ("eligible", "replied", *rows.rate("reply_rate"), "answers", *LINES)


@dataclass(frozen=True)
class Best:
    """A time of day that is answered more than all others: an hour, or a part of the day."""

    said: str
    rate: Rate
    is_hour: bool


def rate(figures: Figures) -> Card:
    """Which hour is answered most."""
    frame = hours(figures)
    found = best(frame)
    return Card(
        slug="best-hour",
        title="When is it best to send?",
        reading=f"Share answered by hour sent, {figures.about.time_zone}. {sentence(found)}",
        definition=glossary.best_hour(figures.about),
        query=_query(figures),
        view="reply_daily",
        rows=frame.select("hour_of_day", *COLUMNS),
        table=_table(frame),
        figure=charts.rates(frame, "reply_rate", "explicit", "eligible") if _any(frame) else None,
        summary=sentence(found),
        empty=UNJUDGED,
    )


def times(figures: Figures) -> Card:
    """How soon people answer, by the hour sent."""
    frame = hours(figures)
    enough = pl.col("answers") >= comparison.COUNT_MIN
    judged = frame.with_columns(pl.when(enough).then(pl.col(name)).alias(name) for name in LINES)
    known = judged["time_to_reply_p50"].drop_nulls().len() > 0
    return Card(
        slug="best-hour-times",
        title="When do people answer soonest?",
        reading=f"By hour sent. Log scale. Blank: under {comparison.COUNT_MIN} answers.",
        definition=glossary.best_hour(figures.about),
        query=_query(figures),
        view="replies",
        rows=frame.select("hour_of_day", *COLUMNS),
        table=tables.by_step("Time to reply by hour sent", "hour", frame, ("answers",), LINES),
        figure=charts.percentiles(judged, LINES) if known else None,
        summary="Lines of the median and the p90 of the time to reply by hour sent.",
        empty="No hour has enough answers to judge.",
    )


def networks(figures: Figures) -> Card:
    """The best time of each network."""
    labelled = network_cards.labelled(figures).filter(of_network(figures.asked.network))
    columns = ("Network", "Delivered, old enough", "Reply rate", "Best to send", "Answered then")
    return Card(
        slug="best-hour-networks",
        title="When is it best to send, by network?",
        reading=f"Busiest first. Small: 95{words.SPACE}% intervals; no best where they overlap.",
        definition=glossary.best_hour(figures.about),
        query=Query("best_hours_network", dates(figures.period) | behind.ours(figures)),
        view="reply_daily",
        rows=_facts(figures)
        .group_by(*NETWORK, "hour_of_day")
        .agg(pl.sum("eligible", "replied"))
        .filter(pl.col("eligible") > 0)
        .with_columns(measures.rate("replied", "eligible", "reply_rate"))
        .sort(*NETWORK, "hour_of_day"),
        table=Table(
            "Best hour to send by network",
            columns,
            [_row(figures, row) for row in labelled.iter_rows(named=True)],
        ),
    )


def _row(figures: Figures, row: tables.Row) -> list[Cell]:
    ours = _facts(figures).filter(of_network((row["mcc"], row["mnc"])))
    found = best(_by_hour(ours))
    told = Cell(found.said) if found else Cell("no hour stands out", tone="mute")
    then = Cell(words.NONE, tone="mute")
    if found:
        then = Cell(words.percent(found.rate.value), _interval(found.rate))
    return [
        tables.network_cell(row),
        Cell(words.number(row["eligible"])),
        tables.rate_cell(row, "reply_rate") if figures.about.replies else Cell(words.NONE),
        told,
        then,
    ]


def hours(figures: Figures) -> pl.DataFrame:
    """Return one row for each of the 24 hours, of the networks looked at."""
    return _by_hour(_facts(figures).filter(of_network(figures.asked.network)))


def _facts(figures: Figures) -> pl.DataFrame:
    return figures.desk.ask(Query("reply_hour_facts", dates(figures.period)))


def _by_hour(facts: pl.DataFrame) -> pl.DataFrame:
    every = pl.DataFrame({"hour_of_day": range(24)}, schema={"hour_of_day": pl.Int64})
    counted = facts.group_by("hour_of_day").agg(pl.sum("eligible", "replied", "answers"))
    timed = measures.percentiles(facts, ["hour_of_day"], "seconds", "answers", "time_to_reply")
    joined = every.join(counted, on="hour_of_day", how="left", maintain_order="left")
    joined = joined.join(timed, on="hour_of_day", how="left", maintain_order="left")
    slot = pl.col("hour_of_day").cast(pl.String).str.zfill(2) + ":00"
    return joined.with_columns(
        pl.col("eligible", "replied", "answers").fill_null(0),
        slot=slot,
        tick=pl.when(pl.col("hour_of_day") % 3 == 0).then(slot.str.head(2)),
        provisional=pl.lit(value=False),
    ).with_columns(measures.rate("replied", "eligible", "reply_rate"))


def _any(frame: pl.DataFrame) -> bool:
    return int(frame["eligible"].sum()) > 0 and int(frame["replied"].sum()) > 0


def best(frame: pl.DataFrame) -> Best | None:
    """Return the hour, or else the part of the day, that is answered more than all others.

    Takes hour_of_day, replied and eligible.
    """
    by_hour = _rates(frame, pl.col("hour_of_day"))
    if found := _apart(by_hour):
        hour, rate = found
        return Best(f"at {hour:02}:00", rate, is_hour=True)
    if found := _apart(_rates(frame, pl.col("hour_of_day") // PART_HOURS)):
        part, rate = found
        return Best(PARTS[part], rate, is_hour=False)
    return None


def _rates(frame: pl.DataFrame, key: pl.Expr) -> dict[int, Rate]:
    """Return the reply rates, by a key, that can be judged."""
    counts = frame.group_by(key=key).agg(pl.sum("replied", "eligible"))
    rates = {key: comparison.rate(part, whole) for key, part, whole in counts.iter_rows()}
    enough = comparison.COUNT_MIN
    return {key: one for key, one in rates.items() if one is not None and one.whole >= enough}


def _apart(rates: dict[int, Rate]) -> tuple[int, Rate] | None:
    """Return the one whose interval lies above those of all others."""
    top = max(rates, key=lambda key: rates[key].value, default=None)
    others = [one for key, one in rates.items() if key != top]
    if top is None or not others:
        return None
    return (top, rates[top]) if all(comparison.apart(one, rates[top]) for one in others) else None


def sentence(found: Best | None) -> str:
    """Say when messages are answered most, or that no hour stands out."""
    if found is None:
        return "No hour stands out."
    share = f"{words.percent(found.rate.value)} ({_interval(found.rate)})"
    said = f"essages sent {found.said} are answered most: {share}."
    return f"M{said}" if found.is_hour else f"No hour stands out; m{said}"


def _interval(rate: Rate) -> str:
    return words.interval(rate.low, rate.high)


def _query(figures: Figures) -> Query:
    if figures.asked.network is None:
        return Query("best_hours", dates(figures.period))
    return Query("best_hours_network", dates(figures.period) | behind.ours(figures))


def _table(frame: pl.DataFrame) -> Table:
    counts = {"eligible": "delivered, old enough", "replied": "answered"}
    return tables.rates_by_step("Reply rate by hour sent", "hour", frame, "reply_rate", counts)
