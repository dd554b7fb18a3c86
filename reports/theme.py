"""Colours and the bare look of a figure. Pure.

A colour is named, not given: figures carry `var(--delivered)`, static/report.css says what that is
in the light and in the dark theme, and static/report.js reads it when it draws. So a figure follows
the theme, and no colour is written down twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from reports import words

Figure = dict[str, Any]

FONT = "'Inter Variable', system-ui, sans-serif"
INK, MUTE, LINE, CARD, ACCENT = (f"var(--{n})" for n in ("ink", "mute", "line", "card", "accent"))

MARGIN = {"l": 8, "r": 8, "t": 12, "b": 8}  # pixels around what is drawn, for its labels

OUTCOMES = ("delivered", "undelivered", "expired", "error", "unknown", "pending")
HEAT_STEPS = 5
NETWORK_COLOURS = 6

CONFIG: dict[str, Any] = {
    "displayModeBar": False,
    "displaylogo": False,
    "doubleClick": False,
    "plotlyServerURL": "",
    "responsive": True,
    "showSendToCloud": False,
}

_AXIS: dict[str, Any] = {
    "fixedrange": True,
    "showgrid": False,
    "zeroline": False,
    "automargin": True,
    "spikecolor": MUTE,
    "spikethickness": 1,
    "spikedash": "solid",
    "tickcolor": LINE,
    "linecolor": LINE,
    "gridcolor": LINE,
    "tickfont": {"color": MUTE, "size": 12},
}


def variable(name: str) -> str:
    """Name a colour of the stylesheet."""
    return f"var(--{name})"


def heat_scale() -> list[list[Any]]:
    """Return the colour scale of heat maps, from nothing to most."""
    return [[step / HEAT_STEPS, variable(f"heat-{step}")] for step in range(HEAT_STEPS + 1)]


def network_classes(keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Give each network (mcc, mnc), ordered by volume over the whole log, its colour for good."""
    return {
        key: f"network-{rank}" if rank <= NETWORK_COLOURS else "network-other"
        for rank, key in enumerate(keys, start=1)
    }


def plain(text: str, length_max: int = 60) -> str:
    """Make hostile text safe for Plotly, which reads a little HTML, and cut it to length."""
    visible = words.visible(text)
    short = visible if len(visible) <= length_max else visible[: length_max - 1] + "…"
    return escape(words.apart(short), quote=False)


def figure(height: int = 300, **layout: Any) -> Figure:
    """Return a figure, as Plotly reads it, with the look of the theme and nothing in it yet.

    Height in pixels; `layout` is put on top, axes on top of what all axes have.
    """
    axes = {
        name: _AXIS | {"tickfont": dict(_AXIS["tickfont"])} | layout.pop(name, {})
        for name in ("xaxis", "yaxis", *(key for key in ("yaxis2",) if key in layout))
    }
    usual = {
        "height": height,
        "margin": MARGIN,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "dragmode": False,
        "font": {"family": FONT, "color": MUTE, "size": 12},
        "hoverlabel": {
            "bgcolor": CARD,
            "bordercolor": LINE,
            "align": "left",
            "font": {"family": FONT, "color": INK, "size": 12},
        },
        "separators": ".,",
    }
    return {"data": [], "layout": usual | axes | layout}
