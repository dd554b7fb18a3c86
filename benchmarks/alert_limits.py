"""Find by simulation the limits at which an alarm is raised: `python -m benchmarks.alert_limits`.

Writes analytics/alerts/limits.json. Buckets with a Poisson number of messages, each delivered at
the usual rate, are scored as the detector does. The time to a false alarm is exponential but for
its start, so its mean is 90 days where the share of simulated stretches of nine days whose highest
score reaches the limit is 1 - exp(-9/90).
"""

from __future__ import annotations

import math
import sys

import msgspec
import numpy as np

from analytics.alerts.cusum import BUCKET, fallen
from analytics.alerts.limits import FALSE_ALARM_DAYS, TABLE, Limits

RATES = [0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 0.998]
MESSAGES = [0.1, 0.3, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]
STRETCHES = 10_000
STRETCH_SHARE = 0.1
BUCKETS = round(FALSE_ALARM_DAYS * 86_400 / BUCKET.total_seconds())
SEED = 20_261_124


def simulated_limit(
    messages: float, rate: float, mean_buckets: float = BUCKETS, stretches: int = STRETCHES
) -> float:
    """Return the limit that one network at its usual rate reaches once in so many buckets."""
    dice = np.random.default_rng([SEED, round(messages * 1000), round(rate * 1e6)])
    worse = fallen(rate)
    of_success, of_failure = math.log(worse / rate), math.log((1 - worse) / (1 - rate))
    score, highest = np.zeros(stretches), np.zeros(stretches)
    for _ in range(round(mean_buckets * STRETCH_SHARE)):
        score += of_success * dice.poisson(messages * rate, stretches)
        score += of_failure * dice.poisson(messages * (1 - rate), stretches)
        np.maximum(score, 0, out=score)
        np.maximum(highest, score, out=highest)
    return float(np.quantile(highest, math.exp(-STRETCH_SHARE)))


def main() -> None:
    """Write the table."""
    limits = []
    for rate in RATES:
        limits.append([round(simulated_limit(messages, rate), 3) for messages in MESSAGES])
        print(rate, limits[-1], file=sys.stderr)
    rows = ",\n".join(f"    {msgspec.json.encode(row).decode()}" for row in limits)
    known = Limits(rates=RATES, messages=MESSAGES, limits=limits)
    TABLE.write_text(
        f'{{"rates": {known.rates},\n "messages": {known.messages},\n "limits": [\n{rows}]}}\n'
    )


if __name__ == "__main__":
    main()
