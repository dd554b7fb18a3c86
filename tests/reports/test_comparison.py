"""A difference is called clear only when it is more than noise."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reports import comparison
from reports.comparison import Bin

COUNTS = st.integers(1, 50_000).flatmap(
    lambda whole: st.tuples(st.integers(0, whole), st.just(whole))
)


@given(COUNTS)
def test_interval_holds_the_rate_and_stays_within_nought_and_one(counts: tuple[int, int]) -> None:
    rate = comparison.rate(*counts)
    assert rate is not None
    assert 0 <= rate.low <= rate.value + 1e-12
    assert rate.value - 1e-12 <= rate.high <= 1


@given(COUNTS, COUNTS)
def test_intervals_apart_are_a_clear_change_and_it_has_its_opposite(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    now, before = comparison.rate(*first), comparison.rate(*second)
    assert now is not None
    assert before is not None
    change, back = comparison.change(now, before), comparison.change(before, now)
    assert change is not None
    assert back is not None
    assert change.clear == back.clear
    if comparison.apart(now, before) or comparison.apart(before, now):
        assert change.clear


@given(COUNTS)
def test_the_same_figures_are_never_a_clear_change(counts: tuple[int, int]) -> None:
    rate = comparison.rate(*counts)
    change = comparison.change(rate, rate)
    assert change is not None
    assert not change.clear


def test_a_handful_of_messages_proves_nothing() -> None:
    change = comparison.change(comparison.rate(0, 10), comparison.rate(1000, 1000))
    assert change is not None
    assert not change.clear


def bins(*counts: int) -> list[Bin]:
    return [(float(n), float(n + 1), count) for n, count in enumerate(counts)]


def test_percentile_interval_reaches_out_to_the_edges_of_its_bins() -> None:
    assert comparison.percentile_interval(bins(940, 20, 40), 0.95) == (0.0, 3.0)
    assert comparison.percentile_interval(bins(10), 0.95) is None


def test_percentiles_whose_intervals_meet_are_not_a_clear_change() -> None:
    fast, slow = bins(1_000), bins(0, 0, 1_000)
    same = comparison.percentile_change(0.9, 0.95, fast, fast)
    slower = comparison.percentile_change(2.9, 0.9, slow, fast)
    assert same is not None
    assert slower is not None
    assert not same.clear
    assert slower.clear
