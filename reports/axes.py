"""The axes of charts: time, counts, shares and durations, each labelled in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import log10
from typing import Any

import polars as pl

from reports import theme, words

TIME_TICKS_SECONDS = (
    *(1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_200, 1_800),
    *(3_600, 7_200, 18_000, 43_200, 86_400, 172_800),
)
SHORTEST_SECONDS = 0.5  # where a log axis puts "at once"
_STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1)


def slots(frame: pl.DataFrame) -> dict[str, Any]:
    """Return the axis of the slots of a frame (slot, tick)."""
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


def counts(top: int) -> dict[str, Any]:
    """Return the axis of counts up to `top`, never in fractions."""
    axis = {"showgrid": True, "tickformat": ",d", "nticks": 6, "rangemode": "tozero"}
    return axis | ({"dtick": 1} if top <= 5 else {})


def shares(low: float, high: float) -> dict[str, Any]:
    """Return the axis of fractions between two, in percent, with a little room around."""
    room = max(high - low, 0.01) * 0.08
    return {
        "range": [max(low - room, -0.005), min(high + room, 1.005)],
        "showgrid": True,
        **percent_ticks(low, high, most=5),
    }


def percent_ticks(low: float, high: float, most: int = 4) -> dict[str, Any]:
    """Choose ticks a round number of points apart, and none past 0 or 100 %."""
    step = next((s for s in _STEPS if (high - low) / s <= most), 0.25)
    ticks = [n * step for n in range(round(1 / step) + 1) if low - step < n * step < high + step]
    decimals = 1 if step < 0.01 else 0
    return {"tickvals": ticks, "ticktext": [f"{t * 100:.{decimals}f}{words.SPACE}%" for t in ticks]}


def points(sizes: Iterable[float | None]) -> dict[str, Any]:
    """Return the axis of points of percent, which what would be told as 0.0 does not fill."""
    axis = {"showgrid": True, "zeroline": True, "zerolinecolor": theme.LINE, "nticks": 5}
    axis["tickformat"] = ".2~f"
    largest = max((abs(size) for size in sizes if size is not None), default=0)
    return axis | ({"range": [-0.1, 0.1]} if largest < 100 * words.LEAST_POINTS else {})


def times(low: float, high: float, most: int = 7) -> dict[str, Any]:
    """Return a log axis between two powers of ten of seconds, labelled in words of time."""
    ticks = time_ticks(low, high, most)
    return {
        "type": "log",
        "range": [low, high],
        "showgrid": True,
        "tickvals": ticks,
        "ticktext": [words.seconds(tick) for tick in ticks],
    }


def time_ticks(low: float, high: float, most: int = 7) -> list[int]:
    """Return round times, seconds, between two powers of ten, not closer than is legible."""
    gap = (high - low) / most
    ticks: list[int] = []
    for tick in TIME_TICKS_SECONDS:
        if low <= log10(tick) <= high and (not ticks or log10(tick / ticks[-1]) >= gap):
            ticks.append(tick)
    return ticks or [max(1, round(10**low))]


def on_log(seconds: float | None) -> float | None:
    """Put a time, seconds, where a log axis can show it."""
    return None if seconds is None else max(seconds, SHORTEST_SECONDS)


def spread(ends: dict[str, float], gap: float) -> dict[str, float]:
    """Move labels upwards until none stands on another."""
    placed: dict[str, float] = {}
    floor = float("-inf")
    for name, at in sorted(ends.items(), key=lambda end: end[1]):
        placed[name] = floor = max(at, floor + gap)
    return placed


def spaced(edges: Sequence[int], positions: dict[int, float], gap: float) -> list[int]:
    """Keep only edges that are far enough apart for their names to be read."""
    kept: list[int] = []
    for edge in edges:
        if not kept or positions[edge] - positions[kept[-1]] >= gap:
            kept.append(edge)
    return kept
