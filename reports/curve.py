"""How many have arrived by when, counting what still waits: a card of the page of latency."""

from __future__ import annotations

from math import log10
from typing import Any

import polars as pl

from reports import axes, glossary, network_cards, theme, words
from reports.cards import Card, Legend
from reports.figures import Figures, dates, of_network
from reports.query import Query
from reports.tables import Cell, Table
from reports.theme import Figure

GRID_SECONDS = (
    *(1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1_200, 1_800),
    *(3_600, 7_200, 18_000, 43_200, 86_400, 172_800, 259_200),
)
TABLED_SECONDS = (5, 10, 30, 60, 300, 3_600, 86_400)
DRAWN_MAX = 6
Line = tuple[str, str, dict[int, float]]  # label, colour class, share delivered by each second


def card(figures: Figures) -> Card:
    """Return the card of the period; all networks together are the thick line."""
    query = Query("curve", dates(figures.period))
    lines = _lines(figures, query)
    return Card(
        slug="curve",
        title="How many have arrived by when?",
        reading="Of all messages sent, counting what still waits. Log scale of time.",
        definition=glossary.CURVE,
        query=query,
        export="latency_histogram",
        table=_table(lines),
        figure=_figure(lines) if lines else None,
        summary="Rising lines: share of messages delivered by time since sending, by network.",
        empty="No message was sent in this period.",
        legend=tuple(Legend(colour, label) for label, colour, _ in lines),
    )


def _lines(figures: Figures, query: Query) -> list[Line]:
    drawn = network_cards.drawn(figures).filter(of_network(figures.asked.network)).head(DRAWN_MAX)
    curves = figures.desk.ask(query)
    lines = [
        (row["label"], row["colour"], on_grid(_of(curves, row)))
        for row in drawn.iter_rows(named=True)
    ]
    if figures.asked.network is None and drawn.height > 1:
        total = figures.desk.ask(Query("curve_total", dates(figures.period)))
        lines.append(("All networks", "ink", on_grid(total)))
    return [line for line in lines if line[2]]


def _of(curves: pl.DataFrame, row: dict[str, Any]) -> pl.DataFrame:
    named = pl.col("network").eq_missing(pl.lit(row["network"]))
    return curves.filter(of_network((row["mcc"], row["mnc"])) & named)


def on_grid(curve: pl.DataFrame) -> dict[int, float]:
    """Return the share delivered by each second of the grid, up to where it rises no more.

    Takes seconds, in order, and delivered_share, a step function.
    """
    if curve.is_empty():
        return {}
    grid = pl.DataFrame({"seconds": GRID_SECONDS}, schema={"seconds": pl.Int64})
    steps = curve.select(pl.col("seconds").cast(pl.Int64), "delivered_share").sort("seconds")
    joined = grid.join_asof(steps, on="seconds").fill_null(0.0)
    last = float(steps["delivered_share"][-1])
    end = joined.filter(pl.col("delivered_share") >= last)["seconds"].min()
    kept = joined if end is None else joined.filter(pl.col("seconds") <= end)
    return dict(kept.iter_rows())


def _figure(lines: list[Line]) -> Figure:
    longest = max(max(shares) for _, _, shares in lines)
    lowest = min(_early(shares) for _, _, shares in lines)
    ticks = axes.time_ticks(0, log10(longest) + 0.01, 6)
    figure = theme.figure(
        hovermode="closest",
        xaxis={
            "type": "log",
            "range": [0, log10(longest) + 0.05],
            "tickvals": ticks,
            "ticktext": [words.seconds(tick) for tick in ticks],
            "tickangle": 0,
            "showline": True,
        },
        yaxis=axes.shares(min(lowest, 0.5), 1.0),
    )
    for label, colour, shares in lines:
        named = theme.plain(label)
        figure["data"].append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": list(shares),
                "y": list(shares.values()),
                "line": {
                    "color": theme.variable(colour),
                    "width": 3 if colour == "ink" else 2,
                    "shape": "hv",
                },
                "text": [
                    f"{named}<br>{words.percent(share)} within {words.seconds(second)}"
                    for second, share in shares.items()
                ],
                "hovertemplate": "%{text}<extra></extra>",
            }
        )
    return figure


def _early(shares: dict[int, float]) -> float:
    """Return the share delivered once 5 s have passed, which may be all that ever will be."""
    return next((share for second, share in shares.items() if second >= 5), [*shares.values()][-1])


def _table(lines: list[Line]) -> Table:
    def by(shares: dict[int, float], second: int) -> Cell:
        reached = [share for at, share in shares.items() if at <= second]
        return Cell(words.percent(reached[-1] if reached else 0.0))

    return Table(
        "Share delivered by time since sending",
        ("network", *(words.seconds(second) for second in TABLED_SECONDS)),
        [
            [
                Cell(label, dot="" if colour == "ink" else colour),
                *(by(shares, second) for second in TABLED_SECONDS),
            ]
            for label, colour, shares in lines
        ],
    )
