"""The chart of the week: a count for each weekday and hour. Pure."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from reports import theme, words

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def heat_map(frame: pl.DataFrame, noun: str) -> go.Figure:
    """Draw counts of a noun by weekday and hour. Takes weekday (1 = Monday), hour_of_day, count."""
    counts = [[0] * 24 for _ in WEEKDAYS]
    for weekday, hour, count in frame.select("weekday", "hour_of_day", "count").iter_rows():
        counts[weekday - 1][hour] = count
    figure = theme.empty_figure(320)
    figure.add_heatmap(
        z=counts,
        zmin=0,
        x=list(range(24)),
        y=list(WEEKDAYS),
        colorscale=theme.heat_scale(),
        showscale=False,
        xgap=2,
        ygap=2,
        text=[[words.counted(count, *_forms(noun)) for count in row] for row in counts],
        hovertemplate="%{y} %{x}:00<br>%{text}<extra></extra>",
    )
    figure.update_layout(
        hovermode="closest",
        xaxis={
            "tickvals": list(range(0, 24, 3)),
            "ticktext": [f"{hour:02}" for hour in range(0, 24, 3)],
            "tickangle": 0,
        },
        yaxis={"autorange": "reversed", "tickvals": list(WEEKDAYS), "ticktext": list(WEEKDAYS)},
    )
    return figure


def _forms(noun: str) -> tuple[str, str]:
    return (noun, f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s")
