"""How many have arrived by when, counting what still waits: a card of the page of latency."""

from __future__ import annotations

from math import log10
from typing import Any

import polars as pl

from reports import axes, behind, glossary, incidence, network_cards, theme, words
from reports.cards import Card, Legend
from reports.figures import NETWORK, Figures, dates, of_network, within
from reports.incidence import SHARE
from reports.query import Query
from reports.tables import Cell, Table
from reports.theme import Figure

GRID_SECONDS = (
    *(1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1_200, 1_800),
    *(3_600, 7_200, 18_000, 43_200, 86_400, 172_800, 259_200),
)
TABLED_SECONDS = (5, 10, 30, 60, 300, 3_600, 86_400)
DRAWN_MAX = 6
ALL = "All networks"
Point = tuple[float, float, float]  # share delivered by a second, and the ends of its interval
Line = tuple[str, str, dict[int, Point]]  # label, colour class, points by second
COLUMNS = (SHARE, f"{SHARE}_low", f"{SHARE}_high")


def card(figures: Figures, lines: list[Line]) -> Card:
    """Return the card of the period; all networks together are the thick line."""
    return Card(
        slug="curve",
        title="How many have arrived by when?",
        reading="Of all messages sent, counting what still waits. Log scale of time.",
        definition=glossary.CURVE,
        query=behind.curve(figures),
        view="latency_histogram",
        rows=_rows(lines),
        table=_table(lines),
        figure=_figure(lines) if lines else None,
        summary="Rising lines: share of messages delivered by time since sending, by network.",
        empty="No message was sent in this period.",
        legend=tuple(Legend(colour, label) for label, colour, _ in lines),
    )


def lines(figures: Figures) -> list[Line]:
    """Return the curve of each of the busiest networks, and of all of them if there are several."""
    drawn = network_cards.drawn(figures).filter(of_network(figures.asked.network)).head(DRAWN_MAX)
    ended = ends(figures)
    found = [
        (row["label"], row["colour"], on_grid(incidence.estimated(_of(ended, row))))
        for row in drawn.iter_rows(named=True)
    ]
    if figures.asked.network is None and drawn.height > 1:
        found.append((ALL, "ink", on_grid(incidence.estimated(ended))))
    return [line for line in found if line[2]]


def by(points: dict[int, Point], second: int) -> Point | None:
    """Return the share delivered by a second; None before the first point."""
    reached = [point for at, point in points.items() if at <= second]
    return reached[-1] if reached else None


def ends(figures: Figures) -> pl.DataFrame:
    """Return how many of the period were delivered, ended otherwise or are open, by second."""
    facts = within(figures.all_facts, figures.period)
    timed = facts.filter(pl.col("latency_seconds").is_not_null()).select(
        *NETWORK,
        seconds="latency_seconds",
        delivered="messages",
        other=pl.lit(0, pl.Int64),
        open=pl.lit(0, pl.Int64),
    )
    others = figures.desk.ask(ends_query(figures))
    return pl.concat([timed, others], how="vertical_relaxed")


def ends_query(figures: Figures) -> Query:
    """Return what the curves ask beside the facts."""
    return Query("ends", dates(figures.period))


def _of(ended: pl.DataFrame, row: dict[str, Any]) -> pl.DataFrame:
    return ended.filter(of_network((row["mcc"], row["mnc"])))


def on_grid(curve: pl.DataFrame) -> dict[int, Point]:
    """Return the share delivered by each second of the grid, up to where it rises no more.

    Takes seconds, in order, and delivered_share with its interval, step functions.
    """
    if curve.is_empty():
        return {}
    grid = pl.DataFrame({"seconds": GRID_SECONDS}, schema={"seconds": pl.Int64})
    steps = curve.select(pl.col("seconds").cast(pl.Int64), *COLUMNS).sort("seconds")
    joined = grid.join_asof(steps, on="seconds").fill_null(0.0)
    last = float(steps[SHARE][-1])
    end = joined.filter(pl.col(SHARE) >= last)["seconds"].min()
    kept = joined if end is None else joined.filter(pl.col("seconds") <= end)
    return {second: (share, low, high) for second, share, low, high in kept.iter_rows()}


def _rows(lines: list[Line]) -> pl.DataFrame:
    points = [
        (label, second, *point) for label, _, points in lines for second, point in points.items()
    ]
    schema = {"network": pl.String, "seconds": pl.Int64, **dict.fromkeys(COLUMNS, pl.Float64)}
    return pl.DataFrame(points, schema=schema, orient="row")


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
                "y": [share for share, _, _ in shares.values()],
                "line": {
                    "color": theme.variable(colour),
                    "width": 3 if colour == "ink" else 2,
                    "shape": "hv",
                },
                "text": [
                    f"{named}<br>{words.percent(share)} within {words.seconds(second)}"
                    f"<br>95{words.SPACE}% interval {words.interval(low, high)}"
                    for second, (share, low, high) in shares.items()
                ],
                "hovertemplate": "%{text}<extra></extra>",
            }
        )
    return figure


def _early(shares: dict[int, Point]) -> float:
    """Return the share delivered once 5 s have passed, which may be all that ever will be."""
    last = [*shares.values()][-1]
    return next((point for second, point in shares.items() if second >= 5), last)[0]


def _table(lines: list[Line]) -> Table:
    def reached(points: dict[int, Point], second: int) -> Cell:
        share, low, high = by(points, second) or (0.0, None, None)
        return Cell(words.percent(share), words.interval(low, high))

    return Table(
        "Share delivered by time since sending",
        ("network", *(words.seconds(second) for second in TABLED_SECONDS)),
        [
            [
                Cell(label, dot="" if colour == "ink" else colour),
                *(reached(shares, second) for second in TABLED_SECONDS),
            ]
            for label, colour, shares in lines
        ],
    )
