"""Charts: each takes a frame and returns a figure. Pure.

All text that came from outside is escaped on its way in (`theme.plain`), because Plotly reads a
little HTML in labels and hovers.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from math import log10
from typing import Any

import plotly.graph_objects as go
import polars as pl

from reports import theme, words

PERCENTILES = (("latency_p50", "p50"), ("latency_p95", "p95"), ("latency_p99", "p99"))
TIME_TICKS_SECONDS = (
    *(1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_200, 1_800),
    *(3_600, 7_200, 18_000, 43_200, 86_400, 172_800),
)
BIN_EDGES_SECONDS = (
    *(0, 1, 2, 3, 4, 5, 10, 15, 20, 25, 30, 40, 50),
    *(60, 120, 180, 240, 300, 600, 900, 1_200, 1_500, 1_800, 2_700),
    *(3_600, 21_600, 43_200, 64_800, 86_400, 172_800, 259_200),
)
_EDGES_NAMED = (0, 2, 5, 30, 60, 300, 1_800, 3_600, 43_200, 86_400, 259_200)
_SHORTEST_SECONDS = 0.5  # where a log axis puts "at once"


def stacked(frame: pl.DataFrame, parts: Sequence[str]) -> go.Figure:
    """Stack the counts `parts` for each slot; provisional slots are hatched.

    Takes slot, tick, provisional and one count per part, in order of time.
    """
    figure = theme.empty_figure()
    hatch = ["/" if provisional else "" for provisional in frame["provisional"]]
    for part in parts:
        figure.add_bar(
            name=part,
            x=frame["slot"].to_list(),
            y=frame[part].to_list(),
            marker={
                "color": theme.variable(part),
                "line": {"width": 0},
                "pattern": {"shape": hatch, "fillmode": "overlay", "fgcolor": theme.CARD}
                | {"size": 6, "solidity": 0.3},
            },
            hovertemplate=f"%{{y:,}} {part}<extra></extra>",
        )
    top = max(sum(row) for row in frame.select(parts).iter_rows())
    figure.update_layout(
        barmode="stack",
        bargap=0.25 if frame.height > 10 else 0.5 if frame.height > 3 else 0.8,
        hovermode="x unified",
        xaxis=_slot_axis(frame),
        yaxis={"showgrid": True, "tickformat": ",d", "nticks": 6, "rangemode": "tozero"}
        | ({"dtick": 1} if top <= 5 else {}),
    )
    return figure


def _slot_axis(frame: pl.DataFrame) -> dict[str, Any]:
    ticks = frame.filter(pl.col("tick").is_not_null())
    return {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": frame["slot"].to_list(),
        "range": [-0.7, frame.height - 0.3],
        "tickvals": ticks["slot"].to_list(),
        "ticktext": ticks["tick"].to_list(),
        "tickangle": 0,
        "ticks": "outside",
        "ticklen": 4,
        "showline": True,
    }


def percentiles(frame: pl.DataFrame) -> go.Figure:
    """Draw p50, p95 and p99, seconds, over the slots on a log axis, each labelled at its end.

    Takes slot, tick, provisional and the percentiles (null where nothing was delivered).
    Provisional stretches are dotted: their slowest messages have not arrived yet.
    """
    figure = theme.empty_figure()
    for column, name in PERCENTILES:
        values = [_on_log_axis(value) for value in frame[column]]
        hover = [f"{name}  {words.seconds(value)}" for value in frame[column]]
        for settled in (True, False):
            figure.add_scatter(
                name=name,
                x=frame["slot"].to_list(),
                y=_stretch(values, frame["provisional"].to_list(), settled=settled),
                mode="lines+markers",
                marker={
                    "size": _marker_sizes(values),
                    "color": theme.variable(name),
                    "opacity": 1,
                    "line": {"width": 0},
                },
                line={
                    "color": theme.variable(name),
                    "width": 2,
                    "dash": "solid" if settled else "dot",
                },
                hovertext=hover,
                hovertemplate="%{hovertext}<extra></extra>",
                hoverinfo="text" if settled else "skip",
            )
    _label_ends(figure, frame)
    return figure


def _on_log_axis(seconds: float | None) -> float | None:
    return None if seconds is None else max(seconds, _SHORTEST_SECONDS)


def _stretch(
    values: list[float | None], provisional: list[bool], *, settled: bool
) -> list[float | None]:
    """Keep the settled points; or the provisional ones, with the points that they lie between."""
    if settled:
        return [None if late else value for value, late in zip(values, provisional, strict=True)]
    around = zip([False, *provisional[:-1]], provisional, [*provisional[1:], False], strict=True)
    return [value if any(late) else None for value, late in zip(values, around, strict=True)]


def _marker_sizes(values: list[float | None]) -> list[int]:
    """Show a point that no line reaches, and every point when there are few."""
    known = [value is not None for value in values]
    around = zip([False, *known[:-1]], [*known[1:], False], strict=True)
    few = len(values) <= 10
    return [6 if few or not (before or after) else 0 for before, after in around]


def _label_ends(figure: go.Figure, frame: pl.DataFrame) -> None:
    known = [v for column, _ in PERCENTILES for v in frame[column] if v is not None]
    low = log10(max(min(known), _SHORTEST_SECONDS)) - 0.12
    high = log10(max(*known, 2 * _SHORTEST_SECONDS)) + 0.12
    ends = {
        name: log10(max(column.drop_nulls()[-1], _SHORTEST_SECONDS))
        for column, name in ((frame[key], name) for key, name in PERCENTILES)
    }
    labels = _spread(ends, (high - low) * 0.075)
    high = max(high, *(at + 0.05 for at in labels.values()))
    for name, at in labels.items():
        figure.add_annotation(
            text=name,
            x=1,
            xref="paper",
            xanchor="left",
            xshift=4,
            y=at,
            yanchor="middle",
            showarrow=False,
            font={"color": theme.variable(name), "size": 12},
        )
    ticks = time_ticks(low, high)
    figure.update_layout(
        margin={"r": 36},
        hovermode="x unified",
        xaxis=_slot_axis(frame),
        yaxis={
            "type": "log",
            "range": [low, high],
            "showgrid": True,
            "tickvals": ticks,
            "ticktext": [words.seconds(tick) for tick in ticks],
        },
    )


def _spread(ends: dict[str, float], gap: float) -> dict[str, float]:
    """Move labels upwards until none stands on another."""
    placed: dict[str, float] = {}
    floor = float("-inf")
    for name, at in sorted(ends.items(), key=lambda end: end[1]):
        placed[name] = floor = max(at, floor + gap)
    return placed


def _spaced(edges: Sequence[int], positions: dict[int, float], gap: float) -> list[int]:
    """Keep only edges that are far enough apart for their names to be read."""
    kept: list[int] = []
    for edge in edges:
        if not kept or positions[edge] - positions[kept[-1]] >= gap:
            kept.append(edge)
    return kept


def time_ticks(low: float, high: float, most: int = 7) -> list[int]:
    """Return round times, seconds, between two powers of ten, not closer than is legible."""
    gap = (high - low) / most
    ticks: list[int] = []
    for tick in TIME_TICKS_SECONDS:
        if low <= log10(tick) <= high and (not ticks or log10(tick / ticks[-1]) >= gap):
            ticks.append(tick)
    return ticks or [max(1, round(10**low))]


def histogram(frame: pl.DataFrame) -> go.Figure:
    """Draw how many messages took how long, and the share that had arrived by then as a line.

    Takes latency_from_seconds and messages, one row a bin that is not empty.
    """
    counted = dict(frame.select("latency_from_seconds", "messages").iter_rows())
    last = BIN_EDGES_SECONDS.index(max(counted)) + 1
    edges = BIN_EDGES_SECONDS[:last]
    counts = [counted.get(edge, 0) for edge in edges]
    total = sum(counts)
    arrived = [seen / total for seen in accumulate(counts)]
    hover = [
        f"{bin_name(index)}<br>{words.number(count)} messages"
        f"<br>{words.percent(share)} had arrived by then"
        for index, (count, share) in enumerate(zip(counts, arrived, strict=True))
    ]
    figure = theme.empty_figure()
    figure.add_bar(
        x=list(range(last)),
        y=counts,
        marker={"color": theme.variable("delivered"), "line": {"width": 0}},
        hovertext=hover,
        hovertemplate="%{hovertext}<extra></extra>",
    )
    figure.add_scatter(
        x=[-0.5 + n for n in range(last + 1)],
        y=[0.0, *arrived],
        yaxis="y2",
        mode="lines",
        line={"color": theme.variable("p50"), "width": 2},
        hoverinfo="skip",
    )
    _histogram_axes(figure, last, max(counts))
    return figure


def bin_name(index: int) -> str:
    """Name the bin of latencies at a position among the edges: 5 s to 10 s."""
    if index + 1 == len(BIN_EDGES_SECONDS):
        return f"{words.seconds(BIN_EDGES_SECONDS[-1])} or more"
    low, high = BIN_EDGES_SECONDS[index : index + 2]
    return f"{words.seconds(low)} to under {words.seconds(high)}"


def _histogram_axes(figure: go.Figure, bins: int, top: int) -> None:
    positions = {edge: index - 0.5 for index, edge in enumerate(BIN_EDGES_SECONDS[: bins + 1])}
    wanted = [edge for edge in _EDGES_NAMED if edge in positions] if bins > 8 else list(positions)
    wanted = _spaced(wanted, positions, bins / 7)
    figure.update_layout(
        bargap=0.12,
        hovermode="closest",
        xaxis={
            "range": [-0.7, bins - 0.3],
            "tickvals": [positions[edge] for edge in wanted],
            "ticktext": [words.seconds(edge) if edge else "0" for edge in wanted],
            "tickangle": 0,
            "ticks": "outside",
            "ticklen": 4,
            "showline": True,
        },
        yaxis={"showgrid": True, "tickformat": ",d", "nticks": 6, "rangemode": "tozero"}
        | ({"dtick": 1} if top <= 5 else {}),
        yaxis2={
            "overlaying": "y",
            "side": "right",
            "range": [0, 1.0],
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
            "automargin": True,
            "tickvals": [0, 0.25, 0.5, 0.75, 1],
            "ticktext": [words.percent(v, 0) for v in (0, 0.25, 0.5, 0.75, 1)],
            "tickfont": {"color": theme.variable("p50"), "size": 12},
        },
    )
