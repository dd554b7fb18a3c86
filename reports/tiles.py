"""The tiles: a value, what changed, a line, and the small print. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import isfinite
from typing import Literal

from reports import comparison, measures, words
from reports.bins import by_second
from reports.comparison import Bin, Change, Percentile, Rate, Timed
from reports.figures import Figures, Totals, within
from reports.reply_figures import ReplyFigures
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

    @property
    def parts(self) -> list[tuple[str, str]]:
        """The figures in large print, each with its unit: 5 min 52 s has two."""
        pieces = [self.value, *self.unit.replace(words.SPACE, " ").split(" ")]
        return list(zip(pieces[::2], pieces[1::2], strict=True))


def usual(figures: Figures, replies: ReplyFigures) -> list[Tile]:
    """The five that tell of everything: how many, delivered, how fast, answered, and reported."""
    return [
        messages(figures),
        outcome(figures),
        latency(figures),
        reply_rate(replies),
        coverage(figures),
    ]


def messages(figures: Figures) -> Tile:
    """How many were sent."""
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
    compared = figures.asked.before()
    if compared is None:
        return ""
    full = figures.shown.until(min(figures.today - timedelta(days=1), figures.shown.to_date))
    if full is None:
        return "the day is not over"
    before = int(within(figures.facts, compared)["messages"].sum())
    if not before:
        return _no_messages_before(figures)
    if figures.extent and figures.extent.from_date > compared.from_date:
        return f"the log begins on {words.day(figures.extent.from_date)}"
    daily = int(within(figures.now_facts, full)["messages"].sum()) / full.days
    share = daily / (before / compared.days) - 1
    per_day = " a day" if figures.period.days > 1 else ""
    return f"{words.signed(share * 100)}{words.SPACE}%{per_day}, {_against(figures)}"


def _no_messages_before(figures: Figures) -> str:
    return f"none in {figures.asked.than}"


def _against(figures: Figures) -> str:
    return f"against {figures.asked.than}"


def outcome(figures: Figures, name: str = "") -> Tile:
    """The share of messages with an outcome; by default the one that is looked at."""
    name = name or figures.asked.status
    rate = figures.now.outcome(name)
    pair = figures.comparable
    change = comparison.change(*(one.outcome(name) for one in pair)) if pair else None
    line = [
        row[name] / row["messages"] if row["messages"] else None
        for row in figures.steps.iter_rows(named=True)
    ]
    return Tile(
        title="Delivery rate" if name == "delivered" else name.capitalize(),
        **_value(rate),
        change=_points(figures, change),
        tone=tone(change, higher_is_better=name == "delivered"),
        spark=sparkline(line),
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
    return f"{share}{f' {condition}' if condition else ''}{words.SPACE}· {_interval(rate)}"


def _interval(rate: Rate | None) -> str:
    if rate is None:
        return f"no 95{words.SPACE}% interval"
    return f"95{words.SPACE}% interval {words.interval(rate.low, rate.high)}"


def _between(bins: Sequence[Bin], quantile: float) -> str:
    """Give the 95 % interval of a percentile, to the whole second or the edge of a wider bin."""
    ends = comparison.percentile_interval(bins, quantile)
    if ends is None:
        return "too few for an interval"
    low, high = ends
    last = high - 1 if any(bin[:2] == (high - 1, high) for bin in bins) else high
    return f"95{words.SPACE}% interval {words.between(low, last)}"


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
    if figures.before is None:
        return ""
    if not figures.before.messages:
        return _no_messages_before(figures)
    return "provisional, not compared yet"


def tone(change: Change | None, *, higher_is_better: bool = True) -> Tone:
    """Judge a change: good or bad only where it is clear."""
    if change is None or not change.clear:
        return "mute"
    return "good" if (change.difference > 0) == higher_is_better else "bad"


def latency_change(pair: tuple[Totals, Totals] | None, quantile: float = 0.95) -> Change | None:
    """Compare a percentile of the settled days with that of the days before, seconds."""
    if pair is None:
        return None
    settled, before = pair
    column = f"latency_p{quantile * 100:.0f}"
    return comparison.percentile_change(
        settled.row[column], before.row[column], settled.bins, before.bins, quantile
    )


def latency(figures: Figures) -> Tile:
    """The time within which 95 % arrived."""
    row = figures.now.row
    change = latency_change(figures.comparable)
    value, _, unit = words.seconds(row["latency_p95"]).partition(words.SPACE)
    small = f"median {words.seconds(row['latency_p50'])}"
    if row["within_10s"] is not None:
        small += f"{words.SPACE}· {words.percent(row['within_10s'], 0)} within 10{words.SPACE}s"
    small += f"{words.SPACE}· {_between(by_second(figures.now_facts), 0.95)}"
    return Tile(
        title="Latency p95",
        value=value,
        unit=unit,
        change=_seconds(figures, change),
        tone=tone(change, higher_is_better=False),
        spark=sparkline(_line(figures, "latency_p95")),
        small=small if row["latency_p50"] is not None else "no delivery with a known time",
    )


def _seconds(figures: Figures, change: Change | None) -> str:
    if change is None:
        return _not_compared(figures)
    return _in_seconds(change, " on settled days" if figures.is_provisional else "")


def _in_seconds(change: Change, scope: str = "") -> str:
    if not change.difference:
        return f"no change{scope}"
    sign = "+" if change.difference > 0 else words.MINUS
    noise = "" if change.clear else ", may be noise"
    return f"{sign}{words.seconds(abs(change.difference))}{scope}{noise}"


def median(figures: Figures) -> Tile:
    """The time within which half arrived."""
    row = figures.now.row
    value, _, unit = words.seconds(row["latency_p50"]).partition(words.SPACE)
    change = latency_change(figures.comparable, 0.5)
    interval = _between(by_second(figures.now_facts), 0.5)
    return Tile(
        title="Median",
        value=value,
        unit=unit,
        change=_seconds(figures, change),
        tone=tone(change, higher_is_better=False),
        spark=sparkline(_line(figures, "latency_p50")),
        small=f"half of the delivered arrived sooner{words.SPACE}· {interval}",
    )


def arrived_within(figures: Figures, seconds: int) -> Tile:
    """The share of all messages that was delivered within some seconds."""
    column = f"within_{seconds}s"
    now, pair = measures.arrived(figures.now_facts, seconds), figures.comparable
    change = None
    if pair:
        parts = (within(figures.facts, one.period) for one in pair)
        change = comparison.change(*(measures.arrived(part, seconds) for part in parts))
    return Tile(
        title=f"Within {words.seconds(seconds)}",
        **_value(now),
        change=_points(figures, change),
        tone=tone(change),
        spark=sparkline(_line(figures, column) if column in figures.steps.columns else ()),
        small=f"of messages sent over {words.seconds(seconds)} ago{words.SPACE}· {_interval(now)}",
    )


def reply_rate(replies: ReplyFigures) -> Tile:
    """The share of delivered messages that was answered."""
    hours = replies.figures.about.reply_window_hours
    rate = replies.rate
    if rate is None:
        return _replies_unknown(replies, hours)
    change = comparison.change(rate, replies.rate_before)
    return Tile(
        title="Reply rate",
        **_value(rate),
        change=_reply_change(replies, change),
        tone=tone(change),
        spark=sparkline(replies.steps["reply_rate"].to_list()),
        small=_of(rate, f"delivered over {hours}{words.SPACE}h ago"),
    )


def _reply_change(replies: ReplyFigures, change: Change | None) -> str:
    if change is None:
        return _no_messages_before(replies.figures) if replies.figures.before else ""
    return f"{_in_points(change)}{_noise(change)}"


def _replies_unknown(replies: ReplyFigures, hours: int) -> Tile:
    change = "too early" if replies.any_ever else "not applicable"
    small = (
        f"counted {hours}{words.SPACE}h after delivery, once no reply can change it"
        if replies.any_ever
        else "no reply has ever been seen; not every sender can receive them"
    )
    return Tile("Reply rate", words.NONE, "", change, "mute", "", small)


def coverage(figures: Figures) -> Tile:
    """The share of messages that reported a final status."""
    rate = figures.now.coverage
    pair = figures.comparable
    change = comparison.change(*(one.coverage for one in pair)) if pair else None
    row = figures.now.row
    open_ones = f"{words.number(row['pending'])} pending, {words.number(row['unknown'])} unknown"
    return Tile(
        title="Receipt coverage",
        **_value(rate),
        change=_points(figures, change),
        tone=tone(change),
        spark=sparkline(_line(figures, "receipt_coverage")),
        small=f"{_interval(rate)}; {open_ones}",
    )


def _line(figures: Figures, column: str) -> Sequence[float | None]:
    return list(figures.steps[column])


def counted(
    title: str, now: int, before: int | None, small: str, line: Sequence[float | None] = ()
) -> Tile:
    """A count, with what it was before."""
    change = f"before {words.number(before)}" if before is not None else ""
    return Tile(title, words.number(now), "", change, "mute", sparkline(line), small)


def half(
    figures: Figures, title: str, now: Timed, before: Timed | None, small: str, more: str = ""
) -> Tile:
    """A median with its interval, and how it moved; `more` follows the interval."""
    change = None
    if before is not None:
        change = comparison.percentile_change(
            now.value, before.value, now.bins, before.bins, quantile=0.5
        )
    moved = "" if before is None or now.value is None else _no_messages_before(figures)
    said = "" if now.value is None else f"{_between(now.bins, 0.5)}{more}"
    return _in_time(title, now.value, change, moved, small, said)


def lasting(
    figures: Figures, title: str, now: Percentile | None, before: Percentile | None, small: str
) -> Tile:
    """A percentile with its interval, and how it moved; without an end it is of too few."""
    change, moved = None, ""
    if now is not None and before is not None:
        clear = comparison.apart(now, before) or comparison.apart(before, now)
        difference = now.value - before.value
        visible = words.seconds(abs(difference)) != words.seconds(0)
        change = Change(difference, clear) if visible else Change(0, clear=False)
    elif now is not None and figures.asked.before():
        moved = _no_messages_before(figures)
    said = "too few for an interval"
    if now is not None and isfinite(now.high):
        said = f"95{words.SPACE}% interval {words.between(now.low, now.high)}"
    return _in_time(title, now.value if now else None, change, moved, small, said)


def _in_time(
    title: str, seconds: float | None, change: Change | None, moved: str, small: str, said: str
) -> Tile:
    """Return a tile of some seconds; `moved` is said without a change, `said` of what there is."""
    value, _, unit = words.seconds(seconds).partition(words.SPACE)
    return Tile(
        title=title,
        value=value,
        unit=unit,
        change=_in_seconds(change) if change else moved,
        tone=tone(change, higher_is_better=False),
        spark="",
        small=f"{small}{words.SPACE}· {said}" if seconds is not None else small,
    )


def rated(
    title: str,
    rate: Rate | None,
    change: Change | None,
    small: str,
    *,
    higher_is_better: bool = True,
    line: Sequence[float | None] = (),
) -> Tile:
    """A rate with its interval, and how it moved."""
    moved = f"{_in_points(change)}{_noise(change)}" if change else ""
    return Tile(
        title=title,
        **_value(rate),
        change=moved,
        tone=tone(change, higher_is_better=higher_is_better),
        spark=sparkline(line),
        small=_of(rate, small),
    )
