"""The chart that compares rates: a dot with its interval for each. Pure."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import polars as pl

from reports import theme, words


def dots(frame: pl.DataFrame, overall: float) -> go.Figure:
    """Draw each network's delivery rate as a dot with its interval; dotted: all networks.

    Takes label, colour (a class), messages, delivered, and delivery_rate with _low and _high.
    """
    figure = theme.empty_figure(max(280, 60 + 44 * frame.height))
    for position, row in enumerate(frame.iter_rows(named=True)):
        colour = theme.variable(row["colour"])
        hover = (
            f"{theme.plain(row['label'])}<br>{words.percent(row['delivery_rate'])}, 95 % interval "
            f"{words.interval(row['delivery_rate_low'], row['delivery_rate_high'])}"
            f"<br>{words.number(row['delivered'])} of {words.counted(row['messages'], 'message')}"
        )
        low, rate, high = (row[f"delivery_rate{end}"] for end in ("_low", "", "_high"))
        figure.add_scatter(
            x=[low, high],
            y=[position] * 2,
            mode="lines",
            opacity=0.4,
            line={"color": colour, "width": 9},
            hoverinfo="skip",
        )
        figure.add_scatter(
            x=[rate],
            y=[position],
            mode="markers",
            marker={"color": colour, "size": 11},
            hovertext=[hover],
            hovertemplate="%{hovertext}<extra></extra>",
        )
        figure.add_annotation(
            x=high,
            y=position,
            text=words.percent(rate),
            bgcolor=theme.CARD,
            showarrow=False,
            xanchor="left",
            xshift=6,
            font={"color": theme.INK, "size": 12},
        )
    _dots_axes(figure, frame, overall)
    return figure


def _dots_axes(figure: go.Figure, frame: pl.DataFrame, overall: float) -> None:
    low = min(*frame["delivery_rate_low"], overall)
    high = max(*frame["delivery_rate_high"], overall)
    room = max(high - low, 0.01)
    figure.add_vline(
        x=overall, line={"color": theme.MUTE, "width": 1.5, "dash": "dot"}, layer="below"
    )
    figure.update_layout(
        hovermode="closest",
        xaxis={
            "range": [low - 0.06 * room, high + 0.3 * room],
            "showgrid": True,
            "showline": True,
            "tickangle": 0,
            **_percent_ticks(low, high),
        },
        yaxis={
            "range": [frame.height - 0.4, -0.6],
            "tickvals": list(range(frame.height)),
            "ticktext": [theme.plain(label, 16) + "  " for label in frame["label"]],
            "tickfont": {"color": theme.INK, "size": 13},
        },
    )


def _percent_ticks(low: float, high: float) -> dict[str, Any]:
    """Choose ticks a round number of points apart, and none past 0 or 100 %."""
    step = next(
        (s for s in (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1) if (high - low) / s <= 4), 0.25
    )
    ticks = [n * step for n in range(round(1 / step) + 1) if low - step < n * step < high + step]
    decimals = 1 if step < 0.01 else 0
    return {"tickvals": ticks, "ticktext": [f"{t * 100:.{decimals}f}{words.SPACE}%" for t in ticks]}
