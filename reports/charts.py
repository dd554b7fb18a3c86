"""Charts over time: each takes a frame and returns a figure. Pure.

All text that came from outside is escaped on its way in (`theme.plain`), because Plotly reads a
little HTML in labels and hovers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from math import log10
from typing import Any

import polars as pl

from reports import axes, theme, words
from reports.theme import Figure

PERCENTILES = {"latency_p50": "p50", "latency_p95": "p95", "latency_p99": "p99"}
PROVISIONAL_DASH = "dot"


def stacked(
    frame: pl.DataFrame, parts: Sequence[str], names: Mapping[str, str] | None = None
) -> Figure:
    """Stack the counts `parts` for each slot; provisional slots are hatched.

    Takes slot, tick, provisional and one count per part, in order of time. `names` are
    those of the parts, if they are not called by their columns.
    """
    top = max((sum(row) for row in frame.select(parts).iter_rows()), default=0)
    figure = theme.figure(
        barmode="stack",
        bargap=0.25 if frame.height > 10 else 0.5 if frame.height > 3 else 0.8,
        hovermode="x unified",
        xaxis=axes.slots(frame),
        yaxis=axes.counts(top),
    )
    hatch = ["/" if provisional else "" for provisional in frame["provisional"]]
    for part in parts:
        figure["data"].append(
            {
                "type": "bar",
                "name": (names or {}).get(part, part),
                "x": frame["slot"].to_list(),
                "y": frame[part].to_list(),
                "marker": {
                    "color": theme.variable(part),
                    "line": {"width": 0},
                    "pattern": {"shape": hatch, "fillmode": "overlay", "fgcolor": theme.CARD}
                    | {"size": 6, "solidity": 0.3},
                },
                "hovertemplate": f"%{{y:,}} {(names or {}).get(part, part).lower()}<extra></extra>",
            }
        )
    return figure


def percentiles(
    frame: pl.DataFrame, lines: Mapping[str, str] = PERCENTILES, counts: str | None = None
) -> Figure:
    """Draw times, seconds, over the slots on a log axis, each line labelled at its end.

    Takes slot, tick, provisional and the columns of `lines` (null where nothing is known), which
    map to names that are also colours; one that has its _low and _high has a band. `counts` is the
    column of how many times there were. Provisional stretches are dotted: their slowest are not
    there yet.
    """
    banded = [column for column in lines if f"{column}_low" in frame.columns]
    drawn = [*lines, *(f"{column}_{end}" for column in banded for end in ("low", "high"))]
    known = [value for column in drawn for value in frame[column] if value is not None]
    low = log10(max(min(known), axes.SHORTEST_SECONDS)) - 0.12
    high = log10(max(*known, 2 * axes.SHORTEST_SECONDS)) + 0.12
    ends = {
        name: log10(max(frame[column].drop_nulls()[-1], axes.SHORTEST_SECONDS))
        for column, name in lines.items()
    }
    labels = axes.spread(ends, (high - low) * 0.075)
    high = max(high, *(at + 0.05 for at in labels.values()))
    figure = theme.figure(
        margin=theme.MARGIN | {"r": 36},
        hovermode="x unified",
        xaxis=axes.slots(frame),
        yaxis=axes.times(low, high, most=9),
        annotations=[_end_label(name, at) for name, at in labels.items()],
    )
    for column in banded:
        figure["data"].append(_band(frame, column, lines[column], axes.on_log))
    for column, name in lines.items():
        values = [axes.on_log(value) for value in frame[column]]
        hover = [_timed(row, column, name, counts) for row in frame.iter_rows(named=True)]
        figure["data"] += _line(frame, values, theme.variable(name), hover)
    return figure


def _timed(row: dict[str, Any], column: str, name: str, counts: str | None) -> str:
    said = f"{name}  {words.seconds(row[column])}"
    if row.get(f"{column}_low") is not None:
        ends = words.between(row[f"{column}_low"], row[f"{column}_high"])
        said += f", 95{words.SPACE}% interval {ends}"
        said += f"<br>of {words.number(row[counts])} {counts}" if counts else ""
    return said


def rates(frame: pl.DataFrame, column: str, colour: str, whole: str) -> Figure:
    """Draw a rate over the slots with its 95 % interval as a band; provisional slots dotted.

    Takes slot, tick, provisional, the rate `column` with _low and _high, and the count `whole`.
    """
    low, high = (frame[f"{column}_{end}"].to_list() for end in ("low", "high"))
    bottom = min(value for value in low if value is not None)
    top = max(value for value in high if value is not None)
    figure = theme.figure(
        hovermode="x unified", xaxis=axes.slots(frame), yaxis=axes.shares(bottom, top)
    )
    figure["data"].append(_band(frame, column, colour))
    hover = [
        f"{words.percent(row[column])}, 95{words.SPACE}% interval "
        f"{words.interval(row[f'{column}_low'], row[f'{column}_high'])}"
        f"<br>of {words.number(row[whole] or 0)} messages"
        for row in frame.iter_rows(named=True)
    ]
    figure["data"] += _line(frame, frame[column].to_list(), theme.variable(colour), hover)
    return figure


def _band(
    frame: pl.DataFrame,
    column: str,
    colour: str,
    place: Callable[[float | None], float | None] = lambda value: value,
) -> dict[str, Any]:
    """Return the area from _low to _high, in as many pieces as the gaps leave."""
    xs: list[str | None] = []
    ys: list[float | None] = []
    for stretch in _stretches(frame.select("slot", f"{column}_low", f"{column}_high").rows()):
        there, back = stretch, stretch[::-1]
        xs += [*(slot for slot, _, _ in [*there, *back]), None]
        ys += [*(place(high) for _, _, high in there), *(place(low) for _, low, _ in back), None]
    return {
        "type": "scatter",
        "mode": "lines",
        "line": {"width": 0},
        "hoverinfo": "skip",
        "x": xs,
        "y": ys,
        "fill": "toself",
        "fillcolor": theme.variable(f"{colour}-band"),
    }


def _stretches(points: list[tuple[Any, ...]]) -> list[list[tuple[Any, ...]]]:
    """Return the runs of points whose values are known."""
    by_known = groupby(points, key=lambda point: point[1] is not None)
    return [list(run) for known, run in by_known if known]


def _line(
    frame: pl.DataFrame, values: list[float | None], colour: str, hover: list[str]
) -> list[dict[str, Any]]:
    """Return the settled stretch of a line, and the provisional one where there is one."""
    late = frame["provisional"].to_list()
    shared = {
        "type": "scatter",
        "x": frame["slot"].to_list(),
        "mode": "lines+markers",
        "marker": {
            "size": _marker_sizes(values),
            "color": colour,
            "opacity": 1,
            "line": {"width": 0},
        },
    }
    solid = shared | {
        "y": [None if dotted else value for value, dotted in zip(values, late, strict=True)],
        "line": {"color": colour, "width": 2},
        "text": hover,
        "hovertemplate": "%{text}<extra></extra>",
    }
    if not any(late):
        return [solid]
    dotted = shared | {
        "y": _dotted(values, late),
        "line": {"color": colour, "width": 2, "dash": PROVISIONAL_DASH},
        "text": [
            text if provisional else "" for text, provisional in zip(hover, late, strict=True)
        ],
        "hovertemplate": [
            "%{text}<extra></extra>" if provisional else "<extra></extra>" for provisional in late
        ],
    }
    return [solid, dotted]


def _dotted(values: list[float | None], late: list[bool]) -> list[float | None]:
    """Keep the provisional points, with the points that they lie between."""
    around = zip([False, *late[:-1]], late, [*late[1:], False], strict=True)
    return [value if any(near) else None for value, near in zip(values, around, strict=True)]


def _marker_sizes(values: list[float | None]) -> list[int]:
    """Show a point that no line reaches, and every point when there are few."""
    known = [value is not None for value in values]
    around = zip([False, *known[:-1]], [*known[1:], False], strict=True)
    few = len(values) <= 10
    return [6 if few or not (before or after) else 0 for before, after in around]


def _end_label(name: str, at: float) -> dict[str, Any]:
    return {
        "text": name,
        "x": 1,
        "xref": "paper",
        "xanchor": "left",
        "xshift": 4,
        "y": at,
        "yanchor": "middle",
        "showarrow": False,
        "font": {"color": theme.variable(name), "size": 12},
    }
