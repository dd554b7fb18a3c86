"""What is usual for a network is learnt from its own week."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.alerts.usual import RATE_MAX, RATE_MIN, Hour, history

START = datetime(2026, 11, 1, tzinfo=UTC)
HOURS = 7 * 24

Counts = list[tuple[int, int]]
counts = st.lists(
    st.integers(0, 500).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), max_size=HOURS
)


def week(pairs: Counts) -> list[Hour]:
    return [
        Hour(START + timedelta(hours=number), number % 24, messages, delivered)
        for number, (messages, delivered) in enumerate(pairs)
    ]


def drawn(rates: np.ndarray, messages: int, seed: int = 1) -> list[Hour]:
    delivered = np.random.default_rng(seed).binomial(messages, rates)
    return week([(messages, int(each)) for each in delivered])


@given(counts, st.integers(0, 23))
def test_any_week_gives_something_that_can_be_judged_by(pairs: Counts, hour: int) -> None:
    known = history(week(pairs))
    usual = known.usual(hour)
    assert RATE_MIN <= usual.rate <= RATE_MAX
    assert 0 <= known.correlation < 1
    assert usual.inflation(0) >= 1
    assert usual.inflation(1_000) >= usual.inflation(1)
    assert known.suffices == (
        sum(n for n, _ in pairs) >= 100
        and len({number // 24 for number, (n, _) in enumerate(pairs) if n}) >= 3
    )


def test_an_hour_that_is_another_has_a_rate_of_its_own() -> None:
    rates = np.where(np.arange(HOURS) % 24 < 6, 0.7, 0.95)
    known = history(drawn(rates, 300))
    assert known.usual(3).rate == pytest.approx(0.7, abs=0.03)
    assert known.usual(12).rate == pytest.approx(0.95, abs=0.02)


def test_hours_that_differ_by_chance_alone_are_judged_as_one() -> None:
    known = history(drawn(np.full(HOURS, 0.9), 20))
    assert all(abs(known.usual(hour).rate - 0.9) < 0.02 for hour in range(24))


def test_more_than_chance_is_measured_and_counts_for_less() -> None:
    beta = np.random.default_rng(2).beta(0.95 * 99, 0.05 * 99, HOURS)  # correlation 1/100
    assert history(drawn(beta, 500)).correlation == pytest.approx(0.01, rel=0.4)
    assert history(drawn(np.full(HOURS, 0.95), 500)).correlation < 0.001


def test_receipts_that_come_late_lower_what_is_to_be_seen() -> None:
    known = history(drawn(np.full(HOURS, 0.9), 100))
    assert known.usual(1, 0.5).rate == pytest.approx(known.usual(1).rate / 2)
