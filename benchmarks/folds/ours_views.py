"""Every public view of figures, asked for 30 days: prints the seconds of the fastest of three."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from analytics.catalogue import publish
from analytics.definitions import Definitions
from analytics.door import Catalogue
from benchmarks.folds.generate import DAYS, START
from eventlog.layout import Layout

ROUNDS = 3
DAILY = (
    "delivery_daily",
    "delivery_hourly",
    "delivery_total_daily",
    "latency_histogram",
    "latency_cells",
    "reply_daily",
    "recipient_daily",
    "data_quality",
    "receipt_lag_daily",
    "receipt_doubts",
    "network_changes",
    "conversation_daily",
    "conversation_cells",
    "restatements",
)
PERIODS = (
    "delivery_between",
    "network_performance_between",
    "campaign_performance_between",
    "reply_between",
    "reply_by_hour_between",
    "reply_by_hour_total_between",
    "receipt_lag_between",
    "receipt_honesty_between",
    "receipt_doubts_between",
    "network_flows_between",
    "delivery_curve_between",
    "delivery_curve_total_between",
    "change_by_network_between",
    "change_by_hour_between",
)
WHOLE = ("network_performance", "campaign_performance", "receipt_honesty", "network_flows")
QUESTIONS = {
    **{name: f"from {name} where date between $since and $until" for name in DAILY},
    **{name: f"from {name}($since, $until)" for name in PERIODS},
    **{name: f"from {name}" for name in WHOLE},
}


def main() -> None:
    """Publish the catalogue of the data directory in the first argument, and ask."""
    layout = Layout(Path(sys.argv[1]).absolute())
    layout.catalogue.unlink(missing_ok=True)
    seconds = {
        "publish, first": _publish(layout),
        "publish": _publish(layout),
        "publish, one day": _publish_one_day(layout),
    }
    with Catalogue.open(layout.catalogue) as catalogue:
        for name, question in QUESTIONS.items():
            seconds[name] = min(_seconds(catalogue, question) for _ in range(ROUNDS))
    print(json.dumps(seconds))


def _publish(layout: Layout) -> float:
    started = perf_counter()
    publish(layout, Definitions(), START + timedelta(days=DAYS, hours=1))
    return perf_counter() - started


def _publish_one_day(layout: Layout) -> float:
    """Publish when one whole day has to be counted again, as after new events."""
    *_, full, _ = sorted(layout.projection("people").glob("date=*/*.parquet"))
    full.unlink()
    return _publish(layout)


def _seconds(catalogue: Catalogue, question: str) -> float:
    dates: Mapping[str, datetime] = {"since": START, "until": START + timedelta(days=DAYS - 1)}
    used = {name: at.astimezone(UTC).date() for name, at in dates.items() if f"${name}" in question}
    started = perf_counter()
    catalogue.frame(question, **used)
    return perf_counter() - started


if __name__ == "__main__":
    main()
