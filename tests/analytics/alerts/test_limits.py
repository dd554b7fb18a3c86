"""The limits give one false alarm in so many days, by a computation that draws nothing."""

from __future__ import annotations

import math

import numpy as np
import pytest

from analytics.alerts.cusum import fallen
from analytics.alerts.limits import LIMIT_MIN, limit, table
from benchmarks.alert_limits import BUCKETS, MESSAGES, RATES, simulated_limit

CELLS = 1_000


def poisson(mean: float) -> np.ndarray:
    """Return the chances of 0, 1, 2 …, up to where none is left."""
    counts = range(round(mean + 12 * math.sqrt(mean) + 20))
    return np.array([math.exp(n * math.log(mean) - mean - math.lgamma(n + 1)) for n in counts])


def mean_run(level: float, messages: float, rate: float) -> float:
    """Return the mean number of buckets to an alarm: a Markov chain (Brook and Evans, 1972)."""
    worse = fallen(rate)
    of_success, of_failure = math.log(worse / rate), math.log((1 - worse) / (1 - rate))
    of_good, of_bad = poisson(messages * rate), poisson(messages * (1 - rate))
    good, bad = np.arange(len(of_good)), np.arange(len(of_bad))
    steps = (of_success * good[:, None] + of_failure * bad[None, :]).ravel()
    chances = np.outer(of_good, of_bad).ravel()
    order = np.argsort(steps)
    steps, upto = steps[order], np.concatenate([[0.0], np.cumsum(chances[order])])
    width = level / CELLS
    middles = np.concatenate([[0.0], (np.arange(CELLS) + 0.5) * width])
    ends = np.concatenate([[0.0], (np.arange(CELLS) + 1) * width])
    reached = upto[np.searchsorted(steps, ends[None, :] - middles[:, None], side="right")]
    moves = np.diff(reached, axis=1, prepend=0.0)
    return float(np.linalg.solve(np.eye(CELLS + 1) - moves, np.ones(CELLS + 1))[0])


@pytest.mark.parametrize(("messages", "rate"), [(2, 0.95), (10, 0.9), (20, 0.95), (50, 0.8)])
def test_a_limit_of_the_table_is_reached_once_in_90_days(messages: float, rate: float) -> None:
    assert mean_run(limit(messages, rate), messages, rate) == pytest.approx(BUCKETS, rel=0.2)


def test_simulating_finds_the_limit_for_a_mean() -> None:
    level = simulated_limit(10, 0.95, mean_buckets=1_000)
    assert mean_run(level, 10, 0.95) == pytest.approx(1_000, rel=0.1)


def test_the_table_is_of_the_points_that_are_simulated() -> None:
    assert (table().rates, table().messages) == (RATES, MESSAGES)


def test_between_the_points_a_limit_is_between_theirs() -> None:
    assert limit(10, 0.9) < limit(13, 0.9) < limit(20, 0.9)
    assert limit(10, 0.9) < limit(10, 0.93) < limit(10, 0.95)
    assert limit(1e-6, 0.95) == limit(1e6, 0.998) == LIMIT_MIN
