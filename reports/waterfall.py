"""The chart of a change: from a rate before, step by step, to the rate now. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports import axes, theme, words
from reports.comparison import Rate
from reports.dots import beside
from reports.effects import Effect, Split
from reports.theme import Figure

STEPS_MAX = 6
LABEL_CHARACTERS = 14
SAID = {"rate": "rate", "mix": "traffic"}


def steps(of: Split) -> list[Effect]:
    """Return the largest effects, and all others as one."""
    told = [one for one in of.effects if abs(one.size) >= words.LEAST_POINTS][:STEPS_MAX]
    rest = sum(one.size for one in of.effects if one not in told)
    return [*told, Effect("All else", "rate", rest, clear=False)]


def name(effect: Effect) -> str:
    """Name a step: Vodafone, rate."""
    return effect.label if effect.label == "All else" else f"{effect.label}, {SAID[effect.kind]}"


def chart(of: Split) -> Figure:
    """Draw the rate before, each step as a bar from where the last one ended, and the rate now."""
    found = steps(of)
    ends = _ends(of.before.value, found)
    low = min(of.now.low, of.before.low, *ends)
    high = max(of.now.high, of.before.high, *ends)
    room = max(high - low, 0.004)
    labels = ["Before", *(_short(one) for one in found), "Now"]
    figure = theme.figure(
        hovermode="closest",
        margin=theme.MARGIN | {"r": 24},
        annotations=[],
        xaxis={
            "range": [low - 0.06 * room, high + 0.45 * room],
            "showgrid": True,
            "showline": True,
            "tickangle": 0,
            **axes.percent_ticks(low, high, most=3),
        },
        yaxis={
            "range": [len(labels) - 0.4, -0.6],
            "tickvals": list(range(len(labels))),
            "ticktext": [f"{label}  " for label in labels],
            "tickfont": {"color": theme.INK, "size": 13},
        },
    )
    _rate(figure, 0, of.before, "Before")
    _bars(figure, found, ends)
    _rate(figure, len(found) + 1, of.now, "Now")
    return figure


def _ends(start: float, found: Sequence[Effect]) -> list[float]:
    """Return where each step begins, and where the last one ends."""
    ends = [start]
    for one in found:
        ends.append(ends[-1] + one.size)
    return ends


def _short(effect: Effect) -> str:
    cut = theme.plain(effect.label, LABEL_CHARACTERS)
    return cut if effect.label == "All else" else f"{cut}, {SAID[effect.kind]}"


def _rate(figure: Figure, position: int, rate: Rate, named: str) -> None:
    hover = (
        f"{named}<br>{words.percent(rate.value)}, 95{words.SPACE}% interval "
        f"{words.interval(rate.low, rate.high)}"
        f"<br>{words.number(rate.part)} of {words.number(rate.whole)}"
    )
    line = {"color": theme.ACCENT, "width": 9}
    figure["data"] += [
        _trace("lines", [rate.low, rate.high], position)
        | {"line": line, "opacity": 0.4}
        | {"hoverinfo": "skip"},
        _trace("markers", [rate.value], position)
        | {"marker": {"color": theme.ACCENT, "size": 11}}
        | {"text": [hover], "hovertemplate": "%{text}<extra></extra>"},
    ]
    figure["layout"]["annotations"].append(beside(rate.high, position, words.percent(rate.value)))


def _bars(figure: Figure, found: Sequence[Effect], ends: Sequence[float]) -> None:
    figure["data"].append(
        {
            "type": "bar",
            "orientation": "h",
            "y": list(range(1, len(found) + 1)),
            "x": [one.size for one in found],
            "base": list(ends[:-1]),
            "width": [0.4] * len(found),
            "marker": {
                "color": [theme.variable(_tone(one)) for one in found],
                "line": {"width": 0},
            },
            "text": [_said(one) for one in found],
            "textposition": "none",
            "hovertemplate": "%{text}<extra></extra>",
        }
    )
    for position, one in enumerate(found, 1):
        at = max(ends[position - 1 : position + 1])
        figure["layout"]["annotations"].append(beside(at, position, words.points(one.size)))


def _tone(effect: Effect) -> str:
    return ("good" if effect.size > 0 else "bad") if effect.clear else "pending"


def _said(effect: Effect) -> str:
    noise = "" if effect.clear or effect.label == "All else" else "<br>may be noise"
    return f"{theme.plain(name(effect))}<br>{words.points(effect.size)} points{noise}"


def _trace(mode: str, x: list[float], position: int) -> dict[str, Any]:
    return {"type": "scatter", "mode": mode, "x": x, "y": [position] * len(x)}
