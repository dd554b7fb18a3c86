"""What is usual for a network at an hour of the day, from the hours of the last seven days. Pure.

A rate of an hour of the day is drawn towards that of the whole week as far as the hours do not
differ beyond chance (empirical Bayes), so that a quiet network is not judged by a handful of
messages. How much more than chance the days differ is the intraclass correlation of a
beta-binomial, estimated by moments: counts are judged as if they were so many times fewer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

BUCKETS_AN_HOUR = 12
MESSAGES_MIN = 100
DAYS_MIN = 3
RATE_MIN, RATE_MAX = 0.02, 0.998
CORRELATION_MAX = 0.5
PRIOR_MESSAGES_MAX = 1e9


@dataclass(frozen=True)
class Hour:
    """What was sent in one hour, and how many of these were delivered in time.

    `hour_of_day` is 0 to 23 in the report time zone.
    """

    starts_at: datetime
    hour_of_day: int
    messages: int
    delivered: int


@dataclass(frozen=True)
class Usual:
    """What is usual at an hour of the day.

    `rate` is the share delivered in time, `messages` how many are sent in such an hour,
    `correlation` that of the messages of one hour, and `weight` of how many messages the rate is.
    """

    rate: float
    messages: float
    correlation: float
    weight: float

    def inflation(self, messages_in_bucket: int) -> float:
        """Return how many times the variance is that of independent messages with a known rate."""
        an_hour = max(self.messages, messages_in_bucket * BUCKETS_AN_HOUR, 1.0)
        spread = 1 + (an_hour - 1) * self.correlation
        return spread * (1 + an_hour / self.weight)


@dataclass(frozen=True)
class History:
    """The week of one network, summed by the hour of the day."""

    messages: dict[int, int]
    delivered: dict[int, int]
    days: int
    correlation: float
    prior: float

    @property
    def total(self) -> int:
        return sum(self.messages.values())

    @property
    def rate(self) -> float:
        return _within(sum(self.delivered.values()) / max(1, self.total))

    @property
    def suffices(self) -> bool:
        """Tell whether there is enough to call anything usual."""
        return self.total >= MESSAGES_MIN and self.days >= DAYS_MIN

    def usual(self, hour_of_day: int, known_share: float = 1.0) -> Usual:
        """Return what is usual at an hour, when so many receipts are known at judgement."""
        messages = self.messages.get(hour_of_day, 0)
        delivered = self.delivered.get(hour_of_day, 0)
        weight = messages + min(self.prior, self.total)
        pulled = (delivered + self.prior * self.rate) / (messages + self.prior)
        return Usual(
            rate=_within(pulled * known_share),
            messages=messages / self.days,
            correlation=self.correlation,
            weight=max(weight, 1.0),
        )


def history(hours: Iterable[Hour]) -> History:
    """Sum up hours, each given once."""
    known = [hour for hour in hours if hour.messages]
    messages, delivered = defaultdict[int, int](int), defaultdict[int, int](int)
    for hour in known:
        messages[hour.hour_of_day] += hour.messages
        delivered[hour.hour_of_day] += hour.delivered
    days = len({hour.starts_at.date() for hour in known})
    correlation = _correlation(known, messages, delivered)
    return History(
        messages=dict(messages),
        delivered=dict(delivered),
        days=max(1, min(days, 7)),
        correlation=correlation,
        prior=_prior(known, messages, delivered, correlation),
    )


def _correlation(known: list[Hour], messages: dict[int, int], delivered: dict[int, int]) -> float:
    """Estimate how alike the messages of an hour are, beyond what its hour of the day tells."""
    rate = _within(sum(delivered.values()) / max(1, sum(messages.values())))
    excess = weighted = 0.0
    for hour in known:
        of_hour = messages[hour.hour_of_day]
        own = delivered[hour.hour_of_day] / of_hour
        smooth = (delivered[hour.hour_of_day] + 10 * rate) / (of_hour + 10)
        free = 1 - hour.messages / of_hour
        square = (hour.delivered - hour.messages * own) ** 2
        excess += square / (hour.messages * smooth * (1 - smooth)) - free
        weighted += free * (hour.messages - 1)
    return min(CORRELATION_MAX, max(0.0, excess / weighted)) if weighted > 0 else 0.0


def _prior(
    known: list[Hour], messages: dict[int, int], delivered: dict[int, int], correlation: float
) -> float:
    """Return of how many messages of the whole week the rate of each hour is to be reckoned."""
    total = sum(messages.values())
    if len(messages) < 2:
        return PRIOR_MESSAGES_MAX
    rate = _within(sum(delivered.values()) / total)
    counts: dict[int, int] = defaultdict(int)
    for hour in known:
        counts[hour.hour_of_day] += 1
    chance = differences = 0.0
    for hour_of_day, count in messages.items():
        spread = 1 + (count / counts[hour_of_day] - 1) * correlation
        chance += rate * (1 - rate) * spread * (1 - count / total)
        differences += count * (delivered[hour_of_day] / count - rate) ** 2
    scale = total - sum(count**2 for count in messages.values()) / total
    variance = (differences - chance) / scale
    if variance <= 0:
        return PRIOR_MESSAGES_MAX
    return min(PRIOR_MESSAGES_MAX, rate * (1 - rate) / variance)


def _within(rate: float) -> float:
    return min(RATE_MAX, max(RATE_MIN, rate))
