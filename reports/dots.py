"""The charts that compare networks: a dot with its interval, or from median to p95. Pure."""

from __future__ import annotations

from math import log10
from typing import Any

import polars as pl

from reports import axes, theme, words
from reports.theme import Figure

LABEL_CHARACTERS_MAX = 16
CUT_CHARACTERS = 10


def dots(
    frame: pl.DataFrame,
    overall: float | None,
    column: str = "delivery_rate",
    part: str = "delivered",
) -> Figure:
    """Draw each network's rate as a dot with its 95 % interval; dotted: all networks.

    Takes label, colour (a class), messages, the count `part` and its rate `column` (_low, _high).
    """
    ends = [
        *frame[f"{column}_low"],
        *frame[f"{column}_high"],
        *([] if overall is None else [overall]),
    ]
    low, high = min(ends), max(ends)
    room = max(high - low, 0.01)
    figure = _rows(
        frame,
        {"range": [low - 0.06 * room, high + 0.3 * room], **axes.percent_ticks(low, high)},
    )
    if overall is not None:
        figure["layout"]["shapes"] = [_line_at(overall)]
    for position, row in enumerate(frame.iter_rows(named=True)):
        start, rate, end = (row[f"{column}{suffix}"] for suffix in ("_low", "", "_high"))
        hover = (
            f"{theme.plain(row['label'])}<br>{words.percent(rate)}, 95{words.SPACE}% interval "
            f"{words.interval(start, end)}"
            f"<br>{words.number(row[part])} of {words.counted(row['messages'], 'message')}"
        )
        _dot(figure, position, row["colour"], (start, end), rate, hover)
        figure["layout"]["annotations"].append(beside(end, position, words.percent(rate)))
    return figure


def ranges(frame: pl.DataFrame) -> Figure:
    """Draw each network's latency from the median (dot) to p95 (end), seconds, on a log axis.

    Takes label, colour, messages, latency_p50 and latency_p95, none of them null.
    """
    low = log10(max(float(frame["latency_p50"].min()), axes.SHORTEST_SECONDS)) - 0.1  # type: ignore[arg-type]
    high = log10(max(float(frame["latency_p95"].max()), 1.0)) + 0.1  # type: ignore[arg-type]
    axis = axes.times(low, high, 6)
    figure = _rows(frame, axis | {"range": [low, high + 0.28 * (high - low)]})
    for position, row in enumerate(frame.iter_rows(named=True)):
        median, slow = row["latency_p50"], row["latency_p95"]
        hover = (
            f"{theme.plain(row['label'])}<br>median {words.seconds(median)}, "
            f"p95 {words.seconds(slow)}{_in_brackets(row.get('p95_between'))}"
            f"<br>{words.counted(row['messages'], 'message')}"
        )
        start, end = (max(value, axes.SHORTEST_SECONDS) for value in (median, slow))
        _dot(figure, position, row["colour"], (start, end), start, hover)
        figure["layout"]["annotations"].append(
            beside(log10(end), position, f"{words.seconds(median)} – {words.seconds(slow)}")
        )
    return figure


def _in_brackets(interval: str | None) -> str:
    return f" ({interval})" if interval else ""


def _rows(frame: pl.DataFrame, axis: dict[str, Any]) -> Figure:
    return theme.figure(
        hovermode="closest",
        margin=theme.MARGIN | {"r": 24},
        annotations=[],
        xaxis={"showgrid": True, "showline": True, "tickangle": 0} | axis,
        yaxis={
            "range": [frame.height - 0.4, -0.6],
            "tickvals": list(range(frame.height)),
            "ticktext": [_short(row) + "  " for row in frame.iter_rows(named=True)],
            "tickfont": {"color": theme.INK, "size": 13},
        },
    )


def _short(row: dict[str, Any]) -> str:
    """Name a network in little room; a name that is cut has its codes, so that no two are alike."""
    if len(row["label"]) <= LABEL_CHARACTERS_MAX:
        return theme.plain(row["label"])
    code = f"{row['mcc']}-{row['mnc']}"
    return f"{theme.plain(row['label'], CUT_CHARACTERS)} {theme.plain(code, 18)}"


def _dot(
    figure: Figure, position: int, name: str, ends: tuple[float, float], at: float, hover: str
) -> None:
    colour = theme.variable(name)
    figure["data"] += [
        {
            "type": "scatter",
            "x": list(ends),
            "y": [position] * 2,
            "mode": "lines",
            "opacity": 0.4,
            "line": {"color": colour, "width": 9},
            "hoverinfo": "skip",
        },
        {
            "type": "scatter",
            "x": [at],
            "y": [position],
            "mode": "markers",
            "marker": {"color": colour, "size": 11},
            "text": [hover],
            "hovertemplate": "%{text}<extra></extra>",
        },
    ]


def beside(at: float, position: int, text: str) -> dict[str, Any]:
    """Return the note of a text to the right of a point."""
    return {
        "x": at,
        "y": position,
        "text": text,
        "bgcolor": theme.CARD,
        "showarrow": False,
        "xanchor": "left",
        "xshift": 6,
        "font": {"color": theme.INK, "size": 12},
    }


def _line_at(x: float) -> dict[str, Any]:
    return {
        "type": "line",
        "x0": x,
        "x1": x,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"color": theme.MUTE, "width": 1.5, "dash": "dot"},
        "layer": "below",
    }
