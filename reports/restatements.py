"""How each day's figures read as receipts came in: a card of the page of data quality.

A day is read at its own end, a day later and now; what has not ended yet is not read.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import chain

import polars as pl

from reports import axes, comparison, glossary, measures, slots, tables, theme, words
from reports.cards import Card, Legend
from reports.figures import Figures, dates
from reports.query import Query
from reports.tables import Cell, Table
from reports.theme import Figure

READINGS = {"first": "that evening", "next": "a day later", "now": "now"}
SINCE = {"first": ("inferred", "since that evening"), "next": ("explicit", "since a day later")}
COUNTS = tuple(f"{name}_{when}" for when in READINGS for name in ("messages", "delivered"))


def card(figures: Figures) -> Card:
    """Return the card of the period, of all networks together."""
    query = Query("restatements", dates(figures.period))
    days = _ended(figures, figures.desk.ask(query))
    unit = "day" if figures.unit == "hour" else figures.unit
    steps = _stepped(figures, days, unit)
    is_read = steps["rate_first"].drop_nulls().len() > 0
    is_drawn = any(steps.select(_points(when).abs().max()).item() for when in SINCE)
    drawn = f" Points, by {unit} sent. Hatched: provisional." if is_drawn else ""
    return Card(
        slug="restatements",
        title="How did figures change as receipts came in?",
        reading=f"{sentence(days)}{drawn}",
        definition=glossary.RESTATEMENTS,
        query=query,
        view="restatements",
        rows=days.select("date", *COUNTS, *(f"rate_{when}" for when in READINGS)),
        table=_table(steps, unit),
        figure=_figure(steps) if is_drawn else None,
        summary=sentence(days),
        empty=f"No {unit} has changed." if is_read else "No day of this period has ended.",
        legend=tuple(Legend(colour, said) for colour, said in SINCE.values()),
    )


def _ended(figures: Figures, days: pl.DataFrame) -> pl.DataFrame:
    """Read no day before its end, and give each reading its rate."""
    counted = days
    for when, later in (("first", 0), ("next", 1)):
        over = pl.col("date") + timedelta(days=later) < pl.lit(figures.today)
        names = (f"messages_{when}", f"delivered_{when}")
        counted = counted.with_columns(
            pl.when(over).then(pl.col(name)).alias(name) for name in names
        )
    return counted.with_columns(_rates())


def _rates() -> list[pl.Expr]:
    return [
        rate
        for when in READINGS
        for rate in measures.rate(f"delivered_{when}", f"messages_{when}", f"rate_{when}")
    ]


def _stepped(figures: Figures, days: pl.DataFrame, unit: str) -> pl.DataFrame:
    """Add days up to steps; a reading that one of them lacks is none of the step."""
    step = slots.step_of(pl.col("date"), unit)
    whole = [
        pl.when(pl.col(name).is_not_null().all()).then(pl.col(name).sum()).alias(name)
        for name in COUNTS
    ]
    summed = days.group_by(step=step).agg(whole).with_columns(_rates())
    late = figures.days.filter("provisional").select(step=step).unique()
    frame = slots.date_slots(figures.shown, unit).join(
        summed, on="step", how="left", maintain_order="left"
    )
    return frame.with_columns(provisional=pl.col("step").is_in(late["step"].implode()))


def _figure(steps: pl.DataFrame) -> Figure:
    """Draw by how many points the rate has risen since a step was first read, and since later."""
    risen = {when: steps.select(_points(when))["points"].to_list() for when in SINCE}
    hatch = ["/" if provisional else "" for provisional in steps["provisional"]]
    figure = theme.figure(
        bargap=0.3,
        hovermode="x unified",
        xaxis=axes.slots(steps),
        yaxis=axes.points(chain(*risen.values())),
    )
    for when, (colour, said) in SINCE.items():
        figure["data"].append(
            {
                "type": "bar",
                "name": said,
                "x": steps["slot"].to_list(),
                "y": risen[when],
                "marker": {
                    "color": theme.variable(colour),
                    "line": {"width": 0},
                    "pattern": {"shape": hatch, "fillmode": "overlay", "fgcolor": theme.CARD}
                    | {"size": 6, "solidity": 0.3},
                },
                "text": [
                    "" if points is None else f"{words.signed(points, 2)} points {said}"
                    for points in risen[when]
                ],
                "textposition": "none",
                "hovertemplate": "%{text}<extra></extra>",
            }
        )
    return figure


def _points(when: str) -> pl.Expr:
    """Return by how many points the rate has risen since a reading."""
    return (100 * (pl.col("rate_now") - pl.col(f"rate_{when}"))).alias("points")


def _table(steps: pl.DataFrame, unit: str) -> Table:
    rows = [
        [
            Cell(row["slot"], "provisional" if row["provisional"] else ""),
            *(tables.rate_cell(row, f"rate_{when}") for when in READINGS),
            Cell(words.number(row["messages_now"] or 0)),
        ]
        for row in steps.iter_rows(named=True)
    ]
    return Table("Delivery rate as it read", (unit, *READINGS.values(), "messages now"), rows)


def sentence(days: pl.DataFrame) -> str:
    """Say which day was restated most: Mon 9 Nov read 91.2 % that evening, 94.0 % now."""
    moves = [
        (abs(row["rate_now"] - row[f"rate_{when}"]), row["date"], when, row)
        for row in days.iter_rows(named=True)
        for when in ("next", "first")
        if row[f"rate_{when}"] is not None and row[f"messages_{when}"] >= comparison.COUNT_MIN
    ]
    if not moves:
        return "No day has enough messages to tell."
    size, day, when, row = max(moves, key=lambda one: one[:2])
    if size < words.LEAST_POINTS:
        return "No day reads otherwise now than on its own evening."
    before, now = words.percent(row[f"rate_{when}"]), words.percent(row["rate_now"])
    named = words.day(day, weekday=True)
    return f"{named} read {before} {READINGS[when]}, {now} now: no day changed more."
