"""The limits at which an alarm is raised: found by simulation, read from `limits.json`.

`python -m benchmarks.alert_limits` makes the table, for one false alarm in 90 days of buckets of
five minutes. Between its points the limit is interpolated, beyond them it is that of the nearest.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import msgspec

FALSE_ALARM_DAYS = 90
LIMIT_MIN = math.log(100)
"""Where chance never comes so far, since there are so many messages: a hundred times likelier."""
TABLE = Path(__file__).with_name("limits.json")


class Limits(msgspec.Struct, frozen=True):
    """A limit for each usual rate and number of messages in a bucket: `limits[rate][messages]`."""

    rates: list[float]
    messages: list[float]
    limits: list[list[float]]


@cache
def table() -> Limits:
    """Return the table."""
    return msgspec.json.decode(TABLE.read_bytes(), type=Limits)


def limit(messages: float, rate: float) -> float:
    """Return the limit for so many messages in a bucket, of which such a share is usual."""
    known = table()
    row, part = _place([_logit(each) for each in known.rates], _logit(rate))
    low, high = (_along(known, known.limits[row + step], messages) for step in (0, 1))
    return max(LIMIT_MIN, low + (high - low) * part)


def _along(known: Limits, limits: Sequence[float], messages: float) -> float:
    points = [math.log(each) for each in known.messages]
    column, part = _place(points, math.log(max(messages, known.messages[0])))
    return limits[column] + (limits[column + 1] - limits[column]) * part


def _place(points: Sequence[float], value: float) -> tuple[int, float]:
    """Return between which points a value lies: the index of the lower, and how far beyond it."""
    inside = min(max(value, points[0]), points[-1])
    index = min(bisect_right(points, inside), len(points) - 1) - 1
    return index, (inside - points[index]) / (points[index + 1] - points[index])


def _logit(rate: float) -> float:
    return math.log(rate / (1 - rate))
