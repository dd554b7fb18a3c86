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
QUESTIONS = {
    "delivery_daily": "from delivery_daily where date between $since and $until",
    "delivery_hourly": "from delivery_hourly where date between $since and $until",
    "delivery_total_daily": "from delivery_total_daily where date between $since and $until",
    "latency_histogram": "from latency_histogram where date between $since and $until",
    "reply_daily": "from reply_daily where date between $since and $until",
    "data_quality": "from data_quality where date between $since and $until",
    "delivery_between": "from delivery_between($since, $until)",
    "network_performance_between": "from network_performance_between($since, $until)",
    "campaign_performance_between": "from campaign_performance_between($since, $until)",
    "reply_between": "from reply_between($since, $until)",
    "network_performance": "from network_performance",
    "campaign_performance": "from campaign_performance",
}


def main() -> None:
    """Publish the catalogue of the data directory in the first argument, and ask."""
    layout = Layout(Path(sys.argv[1]).absolute())
    started = perf_counter()
    publish(layout, Definitions(), START + timedelta(days=DAYS, hours=1))
    seconds = {"publish": perf_counter() - started}
    with Catalogue.open(layout.catalogue) as catalogue:
        for name, question in QUESTIONS.items():
            seconds[name] = min(_seconds(catalogue, question) for _ in range(ROUNDS))
    print(json.dumps(seconds))


def _seconds(catalogue: Catalogue, question: str) -> float:
    dates: Mapping[str, datetime] = {"since": START, "until": START + timedelta(days=DAYS - 1)}
    used = {name: at.astimezone(UTC).date() for name, at in dates.items() if f"${name}" in question}
    started = perf_counter()
    catalogue.frame(question, **used)
    return perf_counter() - started


if __name__ == "__main__":
    main()
