"""How often the word is taken in conversations: counts, a chart and a table. Pure."""

from __future__ import annotations

import polars as pl

from reports import axes, theme, words
from reports.tables import Cell, Table
from reports.theme import Figure

LONG = 4
MOST = 10  # which stands for itself and more


def counted(facts: pl.DataFrame) -> pl.DataFrame:
    """Return how many conversations with an answer have each number of turns: turns, count."""
    return (
        facts.filter(pl.col("turns") > 1)
        .group_by("turns")
        .agg(count=pl.sum("conversations"))
        .sort("turns")
    )


def chart(frame: pl.DataFrame) -> Figure:
    """Draw conversations by turns."""
    counts = dict(frame.iter_rows())
    steps = range(2, max(counts) + 1)
    values = [counts.get(step, 0) for step in steps]
    figure = theme.figure(
        bargap=0.4,
        hovermode="closest",
        xaxis={"tickvals": list(steps), "ticktext": [_name(step) for step in steps]},
        yaxis=axes.counts(max(values)),
    )
    figure["data"] = [
        {
            "type": "bar",
            "x": list(steps),
            "y": values,
            "marker": {"color": theme.variable("delivered"), "line": {"width": 0}},
            "text": [
                f"{_name(step)} turns<br>{words.counted(count, 'conversation')}"
                for step, count in zip(steps, values, strict=True)
            ],
            "textposition": "none",
            "hovertemplate": "%{text}<extra></extra>",
        }
    ]
    return figure


def table(frame: pl.DataFrame) -> Table:
    """Tabulate conversations by turns."""
    rows = [[Cell(_name(step)), Cell(words.number(count))] for step, count in frame.iter_rows()]
    return Table("Conversations by turns", ("turns", "conversations"), rows)


def _name(step: int) -> str:
    return f"{step} or more" if step == MOST else str(step)
