"""The chart of the week: a value for each weekday and hour. Pure."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from reports import theme
from reports.theme import Figure

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def heat_map(
    frame: pl.DataFrame, value: str, said: Callable[[float | None], str], *, log: bool = False
) -> Figure:
    """Draw a value by weekday and hour; `said` puts one into words, `log` shades by its logarithm.

    Takes weekday (1 = Monday), hour_of_day and the value; what is missing stays blank.
    """
    grid = table(frame, value)
    shades = frame.select(pl.col(value).clip(0.5).log() if log else pl.col(value))[
        value
    ].drop_nulls()
    lowest = float(shades.min() or 0) if log else 0.0  # type: ignore[arg-type]
    shaded = table(frame.with_columns(pl.col(value).clip(0.5).log()), value) if log else grid
    figure = theme.figure(
        hovermode="closest",
        xaxis={
            "tickvals": list(range(0, 24, 3)),
            "ticktext": [f"{hour:02}" for hour in range(0, 24, 3)],
            "tickangle": 0,
        },
        yaxis={"autorange": "reversed", "tickvals": list(WEEKDAYS), "ticktext": list(WEEKDAYS)},
    )
    figure["data"] = [
        {
            "type": "heatmap",
            "z": shaded,
            "zmin": lowest,
            "zmax": max(float(shades.max() or 0), lowest + 1e-9),  # type: ignore[arg-type]
            "x": list(range(24)),
            "y": list(WEEKDAYS),
            "colorscale": theme.heat_scale(),
            "showscale": False,
            "xgap": 2,
            "ygap": 2,
            "hoverongaps": False,
            "text": [[said(cell) for cell in row] for row in grid],
            "hovertemplate": "%{y} %{x}:00<br>%{text}<extra></extra>",
        }
    ]
    return figure


def table(frame: pl.DataFrame, value: str) -> list[list[float | None]]:
    """Return the values as seven rows of 24."""
    grid: list[list[float | None]] = [[None] * 24 for _ in WEEKDAYS]
    for weekday, hour, cell in frame.select("weekday", "hour_of_day", value).iter_rows():
        grid[weekday - 1][hour] = cell
    return grid
