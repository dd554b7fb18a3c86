"""Webhooks in the order in which they reach us: a past that ends now, or a present without end.

Pure: the same arguments give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import takewhile
from random import Random
from typing import NamedTuple

from simulator.rhythm import schedule, steady
from simulator.story import BadStretch, Hook, Story

BAD_STRETCH_STARTS_DAYS_BEFORE_END = 11
BAD_STRETCH_DAYS = 2


class Delivery(NamedTuple):
    """One webhook as it reaches us: when, and what. `url` is the path with its query."""

    at: datetime
    content_type: str
    body: bytes
    url: str


def history(seed: int, start: datetime, end: datetime, messages: int) -> Iterator[Delivery]:
    """Yield the webhooks that arrive before `end`, of about that many messages sent since `start`.

    What would arrive later is left out, so the latest messages are honestly pending. Messages
    that the business writes within conversations come on top, one or two in a hundred.
    """
    rng = Random(f"history {seed}")
    sent = schedule(rng, start.timestamp(), end.timestamp(), messages)
    deliveries = _in_order(sent, Story(rng, _bad_stretch(end)))
    return takewhile(lambda delivery: delivery.at < end, deliveries)


def live(seed: int, start: datetime, messages_per_second: float) -> Iterator[Delivery]:
    """Yield webhooks without end, of messages sent from `start` on at that rate, on average."""
    rng = Random(f"live {seed} {start.isoformat()}")
    sent = steady(rng, start.timestamp(), messages_per_second)
    return _in_order(sent, Story(rng, BadStretch(since=0, until=0)))


def _bad_stretch(end: datetime) -> BadStretch:
    today = datetime.combine(end.astimezone(UTC).date(), time(), UTC)
    since = today - timedelta(days=BAD_STRETCH_STARTS_DAYS_BEFORE_END)
    until = since + timedelta(days=BAD_STRETCH_DAYS)
    return BadStretch(since.timestamp(), until.timestamp())


def _in_order(sent: Iterable[float], story: Story) -> Iterator[Delivery]:
    waiting: list[Hook] = []
    for now in sent:
        while waiting and waiting[0].arrives <= now:
            yield _delivery(heappop(waiting))
        for hook in story.tell(now):
            heappush(waiting, hook)
    while waiting:
        yield _delivery(heappop(waiting))


def _delivery(hook: Hook) -> Delivery:
    arrives, content_type, body, url = hook
    return Delivery(datetime.fromtimestamp(arrives, UTC), content_type, body, url)
