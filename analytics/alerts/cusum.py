"""Tell when the rate of a network has fallen, and when it is back. Pure.

    bucket ──▶ log-likelihood ratio of "fallen" to "as usual" ──▶ added up, never below nought
                                              above the limit ──▶ down
    while down: the ratio of "as usual" to "as it fell", likewise ──▶ back

A one-sided binomial CUSUM (Page, 1954), of buckets of five minutes. Fallen is DROP below usual:
larger falls are found sooner, smaller ones late or never. The limit is such that one network gives
one false alarm in 90 days: see `limits`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from analytics.alerts.limits import limit
from analytics.alerts.usual import BUCKETS_AN_HOUR, Usual

DROP = 0.05
BUCKET = timedelta(hours=1) / BUCKETS_AN_HOUR
MESSAGES_MIN = 10
FAILURES_MIN = 5
BACK_EVIDENCE = math.log(100)
FALLEN_RATE_MIN = 0.01


@dataclass(frozen=True)
class Bucket:
    """What was sent from one moment on, for as long as `BUCKET`, and was delivered in time.

    `hour_of_day` is 0 to 23 in the report time zone.
    """

    starts_at: datetime
    hour_of_day: int
    messages: int
    delivered: int

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + BUCKET


@dataclass(frozen=True, kw_only=True)
class Watch:
    """What is remembered of one network.

    `score` and `back` are sums of log-likelihood ratios; `share` is the score's part of its limit.
    `messages`, `delivered` and `expected` (delivered, had all been usual) count from `since` on,
    the start of the bucket since which the score is not nought.
    """

    judged_upto: datetime
    score: float = 0.0
    share: float = 0.0
    since: datetime | None = None
    messages: int = 0
    delivered: int = 0
    expected: float = 0.0
    is_down: bool = False
    back: float = 0.0

    @property
    def rate(self) -> float | None:
        return self.delivered / self.messages if self.messages else None

    @property
    def usual_rate(self) -> float | None:
        return self.expected / self.messages if self.messages else None


def fallen(usual_rate: float) -> float:
    """Return the rate that counts as fallen."""
    return max(usual_rate - DROP, usual_rate / 2)


def step(watch: Watch, bucket: Bucket, usual: Usual) -> Watch:
    """Return what is known after one more bucket, which follows all that were judged."""
    watch = replace(watch, judged_upto=bucket.ends_at)
    if not bucket.messages:
        return watch
    return _down(watch, bucket, usual) if watch.is_down else _up(watch, bucket, usual)


def _up(watch: Watch, bucket: Bucket, usual: Usual) -> Watch:
    inflation = usual.inflation(bucket.messages)
    score = watch.score + evidence(bucket, fallen(usual.rate), usual.rate) / inflation
    if score <= 0:
        return Watch(judged_upto=watch.judged_upto)
    counted = _counted(watch, bucket, usual)
    in_bucket = max(usual.messages / BUCKETS_AN_HOUR, bucket.messages) / inflation
    share = score / limit(in_bucket, usual.rate)
    failures = counted.messages - counted.delivered
    enough = counted.messages >= MESSAGES_MIN and failures >= FAILURES_MIN
    return replace(counted, score=score, share=share, is_down=enough and share >= 1)


def _down(watch: Watch, bucket: Bucket, usual: Usual) -> Watch:
    rate = watch.rate or 0.0
    as_fallen = max(FALLEN_RATE_MIN, min(rate, fallen(usual.rate)))
    gained = evidence(bucket, usual.rate, as_fallen) / usual.inflation(bucket.messages)
    back = max(0.0, watch.back + gained)
    if back >= BACK_EVIDENCE:
        return Watch(judged_upto=watch.judged_upto)
    counted = watch if back else _counted(watch, bucket, usual)
    return replace(counted, back=back)


def _counted(watch: Watch, bucket: Bucket, usual: Usual) -> Watch:
    return replace(
        watch,
        since=watch.since or bucket.starts_at,
        messages=watch.messages + bucket.messages,
        delivered=watch.delivered + bucket.delivered,
        expected=watch.expected + bucket.messages * usual.rate,
    )


def evidence(bucket: Bucket, rate: float, other: float) -> float:
    """Return the log of how many times likelier a bucket is at one rate than at another."""
    failures = bucket.messages - bucket.delivered
    return bucket.delivered * math.log(rate / other) + failures * math.log((1 - rate) / (1 - other))
