"""What alerts are judged by, asked of the published catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from analytics.alerts.cusum import Bucket
from analytics.alerts.usual import Hour
from analytics.door import Catalogue

HERE = Path(__file__).parent
IN_TIME = timedelta(minutes=5)
LAG_MAX = timedelta(minutes=30)

Key = tuple[str, str]
"""The mcc and mnc of a network, as its country spells them."""


@dataclass
class Traffic:
    """What is known of one network.

    `ripe_upto`: of messages sent before it, it is known whether they were delivered in time, but
    for the share 1 - `known_share` whose receipts come late.
    """

    name: str
    ripe_upto: datetime
    known_share: float = 1.0
    hours: list[Hour] = field(default_factory=list)
    buckets: list[Bucket] = field(default_factory=list)


def read_traffic(catalogue: Catalogue) -> dict[Key, Traffic]:
    """Return the traffic of each network that sent anything in the last week.

    Buckets that are not ripe at the last event are left out: while no webhook comes, nothing is
    known of any network, which is another alert.
    """
    about = catalogue.about()
    if about.last_event_at is None:
        return {}
    heard_upto = min(about.as_of, about.last_event_at) - IN_TIME
    lags = {_key(row): row for row in _rows(catalogue, "lags", lag_seconds_max=LAG_MAX.seconds)}
    traffic: dict[Key, Traffic] = {}

    def of(row: dict[str, Any]) -> Traffic:
        key = _key(row)
        if key not in traffic:
            lag = lags.get(key, {"lag_seconds": 0, "known_share": 1.0})
            ripe_upto = heard_upto - timedelta(seconds=lag["lag_seconds"])
            traffic[key] = Traffic(row["network"], ripe_upto, float(lag["known_share"]))
        return traffic[key]

    for row in _rows(catalogue, "history", in_time_seconds=IN_TIME.seconds):
        hour = Hour(row["starts_at"], row["hour_of_day"], row["messages"], row["delivered"])
        of(row).hours.append(hour)
    for row in _rows(catalogue, "recent", in_time_seconds=IN_TIME.seconds):
        bucket = Bucket(row["starts_at"], row["hour_of_day"], row["messages"], row["delivered"])
        if bucket.ends_at <= of(row).ripe_upto:
            of(row).buckets.append(bucket)
    return traffic


def read_minutes(catalogue: Catalogue) -> list[datetime]:
    """Return each minute of the last eight days in which a webhook came, in order."""
    return [row["minute"] for row in _rows(catalogue, "webhooks")]


def _rows(catalogue: Catalogue, name: str, **parameters: Any) -> Iterator[dict[str, Any]]:
    frame = catalogue.frame((HERE / f"{name}.sql").read_text("utf-8"), **parameters)
    return frame.iter_rows(named=True)


def _key(row: dict[str, Any]) -> Key:
    return row["mcc"], row["mnc"]
