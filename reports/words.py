"""Figures in words: thousands separators, units, signs and singulars. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date, datetime
from unicodedata import bidirectional
from zoneinfo import ZoneInfo

from reports.comparison import Rate
from reports.period import Period

SPACE = "\u00a0"  # one that does not break
MINUS = "\u2212"
NONE = "–"
LEAST_POINTS = 0.0005  # a difference of two fractions that is not told as 0.0 points
ISOLATE, END_ISOLATE = "\u2068", "\u2069"
_JOINED = "\u2060"  # no line break here

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def number(value: float) -> str:
    """111545 → 111,545."""
    return f"{value:,.0f}".replace("-", MINUS)


def counted(value: int, singular: str, plural: str | None = None) -> str:
    """1, "message" → 1 message; 2 → 2 messages."""
    return f"{number(value)} {singular if value == 1 else plural or singular + 's'}"


def forms(noun: str) -> tuple[str, str]:
    """Return a noun and its plural: reply → replies, message → messages."""
    return noun, f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"


def times(factor: float) -> str:
    """2.04 → twice; 3.1 → 3.1 times."""
    text = f"{factor:.1f}"
    return "twice" if text == "2.0" else f"{text.removesuffix('.0')} times"


def figure(rate: float | None, decimals: int = 1) -> str:
    """A fraction in percent, without the sign: 0.937 → 93.7, 0.0004 → <0.1.

    A rate that is not quite all or nothing is never rounded to 100 or 0.
    """
    if rate is None:
        return NONE
    rate = round(rate, 12)  # a product of shares may miss 1 by the last bits
    text = f"{rate * 100:.{decimals}f}"
    if rate < 1 and float(text) == 100:
        return f">{100 - 10**-decimals:.{decimals}f}"
    if rate > 0 and float(text) == 0:
        return f"<{10**-decimals:.{decimals}f}"
    return f"{rate * 100:.0f}" if rate in (0, 1) else text


def percent(rate: float | None, decimals: int = 1) -> str:
    """A fraction in percent: 0.937 → 93.7 %."""
    return NONE if rate is None else f"{figure(rate, decimals)}{SPACE}%"


def share(rate: Rate | None) -> str:
    """A rate in percent, or that there is none."""
    return NONE if rate is None else percent(rate.value)


def interval(low: float | None, high: float | None) -> str:
    """The two ends of an interval of fractions: 93.6–93.8."""
    if low is None or high is None:
        return NONE
    return f"{low * 100:.1f}{_JOINED}–{_JOINED}{high * 100:.1f}"


def signed(value: float, decimals: int = 1) -> str:
    """-1.14 → −1.1, with a sign unless it rounds to nothing."""
    text = f"{abs(value):,.{decimals}f}"
    if float(text.replace(",", "")) == 0:
        return text
    return f"{'+' if value > 0 else MINUS}{text}"


def points(difference: float | None) -> str:
    """A difference of two fractions, in percentage points: -0.011 → −1.1."""
    return NONE if difference is None else signed(difference * 100)


def seconds(value: float | None) -> str:
    """A time in at most two units: 21 s, 4.5 s, 2 min 5 s, 1 h."""
    if value is None:
        return NONE
    if value < 59.95:
        rounded = round(value, 1)
        return f"{rounded:.0f}{SPACE}s" if rounded == int(rounded) else f"{rounded:.1f}{SPACE}s"
    whole = round(value)
    for (size, unit), (smaller, small_unit) in itertools.pairwise(_UNITS):
        if whole >= size:
            head, rest = whole // size, whole % size // smaller
            tail = f" {rest}{SPACE}{small_unit}" if rest else ""
            return f"{head}{SPACE}{unit}{tail}"
    return f"{whole}{SPACE}s"


def between(low: float, high: float) -> str:
    """Two times, seconds: 25–27 s, 55 s – 2 min, or one where they read the same."""
    first, last = seconds(low), seconds(high)
    if first == last:
        return first
    figure, _, unit = first.partition(SPACE)
    if last.partition(SPACE)[2] == unit and " " not in unit:
        return f"{figure}{_JOINED}–{_JOINED}{last}"
    return f"{first}{SPACE}–{SPACE}{last}"


def day(value: date, *, year: bool = False, weekday: bool = False) -> str:
    """24 Nov, Tue 24 Nov, 24 Nov 2026."""
    text = f"{value.day} {value:%b}"
    return f"{f'{value:%a} ' if weekday else ''}{text}{f' {value.year}' if year else ''}"


def days(period: Period) -> str:
    """26 Oct – 24 Nov 2026, naming the year once where it can."""
    first, last = period.from_date, period.to_date
    if first == last:
        return day(last, year=True)
    return f"{day(first, year=first.year != last.year)} – {day(last, year=True)}"


def span(period: Period) -> str:
    """The length of a period, for a sentence: day, 30 days."""
    return "day" if period.days == 1 else f"{period.days} days"


def moment(instant: datetime, time_zone: str) -> str:
    """24 Nov 2026 03:30 in the report time zone (an IANA name)."""
    local = instant.astimezone(ZoneInfo(time_zone))
    return f"{day(local.date(), year=True)} {local:%H:%M}"


def listed(names: Sequence[str]) -> str:
    """Orange, Digi and Vodafone."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def visible(text: str) -> str:
    """Return a text without what cannot be seen, which might turn around what follows."""
    seen = text.strip(ISOLATE + END_ISOLATE)
    return "".join(letter if letter.isprintable() else " " for letter in seen)


def apart(name: str) -> str:
    """Keep the order of figures and codes beside a name that may be read from right to left."""
    seen = visible(name)
    backwards = any(bidirectional(letter) in ("R", "AL", "AN") for letter in seen)
    return f"{ISOLATE}{seen}{END_ISOLATE}" if backwards else seen
