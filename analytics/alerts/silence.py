"""Tell whether no webhook has come for longer than usual at this time of day. Pure.

    silence > twice the longest of the same hours of the last seven days, and > a quarter of an hour

A silence of another day is one of the same hours if it began, ended or went on within an hour of
this time of day. To be judged, webhooks must have come on three of these days. Minutes are the
grain.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta

LONGER_TIMES = 2.0
SILENCE_MIN = timedelta(minutes=15)
AROUND = timedelta(hours=1)
DAYS = 7
DAYS_MIN = 3


def longest_usual(minutes: Sequence[datetime], now: datetime) -> timedelta | None:
    """Return the longest silence of the same hours of the last days; None where none is known.

    `minutes` are those in which webhooks came, in order.
    """
    longest = timedelta(0)
    days = set()
    gaps = [(last, following) for last, following in itertools.pairwise(minutes)]
    for day in range(1, DAYS + 1):
        same_time = now - timedelta(days=day)
        begins, ends = same_time - AROUND, same_time + AROUND
        for last, following in gaps:
            if following >= begins and last <= ends:
                longest = max(longest, following - last)
                days.add(day)
    return longest if len(days) >= DAYS_MIN else None


def silent_limit(usual: timedelta) -> timedelta:
    """Return for how long no webhook may come, where the longest silence usually is `usual`."""
    return max(SILENCE_MIN, LONGER_TIMES * usual)
