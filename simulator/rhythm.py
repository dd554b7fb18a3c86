"""When messages are sent and when people answer: hours of the day and days of the week. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from random import Random
from zoneinfo import ZoneInfo

HOUR_SECONDS = 3600

_PLACE = ZoneInfo("Europe/Bucharest")
# fmt: off
_SENT_BY_WEEKDAY = (4.2, 5.0, 5.0, 4.6, 3.9, 1.45, 1.8)
_SENT_BY_HOUR = (
    .06, .04, .03, .03, .04, .06, .12, .35, .80, 1.25, 1.45, 1.35,
    1.20, 1.05, 1.15, 1.25, 1.25, 1.15, .90, .70, .50, .30, .14, .08,
)
_ANSWERED_BY_HOUR = (
    .10, .10, .08, .08, .08, .10, .15, .35, .70, .85, .92, 1.00,
    1.12, 1.20, 1.27, 1.30, 1.22, 1.15, 1.08, 1.00, .90, .70, .20, .12,
)
# fmt: on
_WEEKEND_ANSWERS = 0.55


@lru_cache(maxsize=4096)
def _local(hour: int) -> tuple[int, int]:
    """Weekday and hour of the day in Romania, of an hour counted from the epoch."""
    there = datetime.fromtimestamp(hour * HOUR_SECONDS, UTC).astimezone(_PLACE)
    return there.weekday(), there.hour


def willingness(at: float) -> float:
    """Return how readily a message sent at that epoch second is answered; the mean is about 1."""
    weekday, hour = _local(int(at) // HOUR_SECONDS)
    return _ANSWERED_BY_HOUR[hour] * (1 if weekday < 5 else _WEEKEND_ANSWERS)


def schedule(rng: Random, start: float, end: float, messages: int) -> Iterator[float]:
    """Yield, in order, the epoch seconds at which that many messages are sent."""
    hours = list(_hours(rng, start, end))
    weight_per_message = sum(weight for _, _, weight in hours) / messages if messages else 0
    owed = 0.5
    for since, until, weight in hours:
        owed += weight / weight_per_message if messages else 0
        count, owed = int(owed), owed % 1
        yield from sorted(rng.uniform(since, until) for _ in range(count))


def _hours(rng: Random, start: float, end: float) -> Iterator[tuple[float, float, float]]:
    for hour in range(int(start) // HOUR_SECONDS, -(-int(end) // HOUR_SECONDS)):
        since = max(start, hour * HOUR_SECONDS)
        until = min(end, (hour + 1) * HOUR_SECONDS)
        weekday, local_hour = _local(hour)
        busyness = _SENT_BY_WEEKDAY[weekday] * _SENT_BY_HOUR[local_hour]
        yield since, until, busyness * rng.lognormvariate(0, 0.08) * (until - since)


def steady(rng: Random, start: float, messages_per_second: float) -> Iterator[float]:
    """Yield, without end, epoch seconds from `start` on, that many a second on average."""
    at = start
    while True:
        at += rng.expovariate(messages_per_second)
        yield at
