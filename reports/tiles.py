"""The five tiles: a value, what changed, a line, and the small print. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from reports import comparison, words
from reports.comparison import Change, Rate
from reports.figures import Figures, Totals
from reports.sparkline import sparkline

Tone = Literal["good", "bad", "mute"]


@dataclass(frozen=True)
class Tile:
    """`value` and `unit` in large print, `change` with its tone, an SVG, and the small print."""

    title: str
    value: str
    unit: str
    change: str
    tone: Tone
    spark: str
    small: str


def tiles(figures: Figures) -> list[Tile]:
    """Return the tiles of the overview, in their order."""
    return [
        _messages(figures),
        _delivery(figures),
        _latency(figures),
        _replies(figures),
        _coverage(figures),
    ]


def _messages(figures: Figures) -> Tile:
    change = _volume_change(figures)
    return Tile(
        title="Messages",
        value=words.number(figures.now.messages),
        unit="",
        change=change,
        tone="mute",
        spark=sparkline(_line(figures, "messages")),
        small=f"sent {words.days(figures.period)}, seen by webhook",
    )


def _volume_change(figures: Figures) -> str:
    """Compare messages a full day, since a day that is not over would look like a fall."""
    full = figures.days.filter(figures.days["date"] < figures.today)
    before = figures.before.messages
    if full.is_empty():
        return "the day is not over"
    if not before:
        return _no_messages_before(figures)
    if figures.extent and figures.extent.from_date > figures.before.period.from_date:
        return f"the log begins on {words.day(figures.extent.from_date)}"
    daily = int(full["messages"].sum()) / full.height
    share = daily / (before / figures.before.period.days) - 1
    per_day = " a day" if figures.period.days > 1 else ""
    return f"{words.signed(share * 100)}{words.SPACE}%{per_day}, {_against(figures)}"


def _no_messages_before(figures: Figures) -> str:
    return f"none in the {words.span(figures.before.period)} before"


def _against(figures: Figures) -> str:
    return f"against the {words.span(figures.before.period)} before"


def _delivery(figures: Figures) -> Tile:
    rate = figures.now.delivery
    settled = figures.comparable
    change = comparison.change(settled.delivery, figures.before.delivery) if settled else None
    return Tile(
        title="Delivery rate",
        **_value(rate),
        change=_points(figures, change),
        tone=_tone(change),
        spark=sparkline(_line(figures, "delivery_rate")),
        small=_of(rate, "so far" if figures.is_provisional else ""),
    )


def _value(rate: Rate | None) -> dict[str, str]:
    if rate is None:
        return {"value": words.NONE, "unit": ""}
    return {"value": words.figure(rate.value), "unit": "%"}


def _of(rate: Rate | None, condition: str) -> str:
    if rate is None:
        return ""
    share = f"{words.number(rate.part)} of {words.number(rate.whole)}"
    between = f"95{words.SPACE}% interval {words.interval(rate.low, rate.high)}"
    return f"{share}{f' {condition}' if condition else ''}{words.SPACE}· {between}"


def _points(figures: Figures, change: Change | None) -> str:
    if change is None:
        return _not_compared(figures)
    scope = " on settled days" if figures.is_provisional else ""
    return f"{_in_points(change)}{scope}{_noise(change)}"


def _in_points(change: Change) -> str:
    text = words.points(change.difference)
    return "no change" if text == words.points(0) else f"{text} points"


def _noise(change: Change) -> str:
    """Qualify a difference that is none, or may be."""
    visible = words.points(change.difference) != words.points(0)
    return ", may be noise" if visible and not change.clear else ""


def _not_compared(figures: Figures) -> str:
    if not figures.before.messages:
        return _no_messages_before(figures)
    return "provisional, not compared yet"


def _tone(change: Change | None, *, higher_is_better: bool = True) -> Tone:
    if change is None or not change.clear:
        return "mute"
    return "good" if (change.difference > 0) == higher_is_better else "bad"


def latency_change(settled: Totals | None, before: Totals) -> Change | None:
    """Compare the p95 of the settled days with that of the period before, seconds."""
    if settled is None:
        return None
    return comparison.percentile_change(
        settled.row["latency_p95"], before.row["latency_p95"], settled.bins, before.bins
    )


def _latency(figures: Figures) -> Tile:
    row = figures.now.row
    change = latency_change(figures.comparable, figures.before)
    value, _, unit = words.seconds(row["latency_p95"]).partition(words.SPACE)
    small = f"median {words.seconds(row['latency_p50'])}"
    if row["within_10s"] is not None:
        small += f"{words.SPACE}· {words.percent(row['within_10s'], 0)} within 10{words.SPACE}s"
    return Tile(
        title="Latency p95",
        value=value,
        unit=unit,
        change=_seconds(figures, change),
        tone=_tone(change, higher_is_better=False),
        spark=sparkline(_line(figures, "latency_p95")),
        small=small if row["latency_p50"] is not None else "no delivery with a known time",
    )


def _seconds(figures: Figures, change: Change | None) -> str:
    if change is None:
        return _not_compared(figures)
    sign = "+" if change.difference > 0 else words.MINUS if change.difference < 0 else ""
    scope = " on settled days" if figures.is_provisional else ""
    noise = "" if change.clear else ", may be noise"
    if not sign:
        return f"no change{scope}"
    return f"{sign}{words.seconds(abs(change.difference))}{scope}{noise}"


def _replies(figures: Figures) -> Tile:
    now, before = figures.replies, figures.replies_before
    hours = figures.about.reply_window_hours
    if now["reply_rate"] is None:
        return _replies_unknown(figures, hours)
    rate = comparison.rate(now["replied_messages"], now["eligible_messages"])
    earlier = comparison.rate(before["replied_messages"] or 0, before["eligible_messages"] or 0)
    change = comparison.change(rate, earlier)
    return Tile(
        title="Reply rate",
        **_value(rate),
        change=(
            f"{_in_points(change)}{_noise(change)}" if change else _no_messages_before(figures)
        ),
        tone=_tone(change),
        spark=sparkline(figures.reply_steps["reply_rate"].to_list()),
        small=_of(rate, f"delivered over {hours}{words.SPACE}h ago"),
    )


def _replies_unknown(figures: Figures, hours: int) -> Tile:
    waiting = figures.about.replies > 0
    change = "too early" if waiting else "not applicable"
    small = (
        f"counted {hours}{words.SPACE}h after delivery, once no reply can change it"
        if waiting
        else "no reply has ever been seen; not every sender can receive them"
    )
    return Tile("Reply rate", words.NONE, "", change, "mute", "", small)


def _coverage(figures: Figures) -> Tile:
    rate = figures.now.coverage
    settled = figures.comparable
    change = comparison.change(settled.coverage, figures.before.coverage) if settled else None
    row = figures.now.row
    open_ones = f"{words.number(row['pending'])} pending, {words.number(row['unknown'])} unknown"
    return Tile(
        title="Receipt coverage",
        **_value(rate),
        change=_points(figures, change),
        tone=_tone(change),
        spark=sparkline(_line(figures, "receipt_coverage")),
        small=f"reported a final status; {open_ones}",
    )


def _line(figures: Figures, column: str) -> Sequence[float | None]:
    return list(figures.steps[column])
