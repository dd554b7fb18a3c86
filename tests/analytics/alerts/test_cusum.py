"""The detector finds what has fallen, and lets go when it is back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.alerts.cusum import BUCKET, FAILURES_MIN, MESSAGES_MIN, Bucket, Watch, fallen, step
from analytics.alerts.usual import Usual

START = datetime(2026, 11, 24, tzinfo=UTC)
USUAL = Usual(rate=0.95, messages=240, correlation=0, weight=1e9)

bucket_counts = st.lists(
    st.integers(0, 60).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), max_size=60
)


def after(counts: list[tuple[int, int]], usual: Usual = USUAL) -> list[Watch]:
    watch, watches = Watch(judged_upto=START), []
    for messages, delivered in counts:
        watch = step(watch, Bucket(watch.judged_upto, 0, messages, delivered), usual)
        watches.append(watch)
    return watches


@given(bucket_counts)
def test_whatever_comes_the_scores_stay_above_nought_and_counts_add_up(
    counts: list[tuple[int, int]],
) -> None:
    for number, watch in enumerate(after(counts), 1):
        assert watch.judged_upto == START + number * BUCKET
        assert watch.score >= 0 <= watch.back
        assert 0 <= watch.delivered <= watch.messages
        assert watch.messages <= sum(messages for messages, _ in counts[:number])
        if watch.is_down:
            assert watch.messages >= MESSAGES_MIN
            assert watch.messages - watch.delivered >= FAILURES_MIN


@given(bucket_counts, st.integers(1, 59))
def test_one_more_failure_never_lowers_the_score(counts: list[tuple[int, int]], n: int) -> None:
    before = [pair for pair, watch in zip(counts, after(counts), strict=True) if not watch.is_down]
    one, other = (after([*before, (n, n - failures)])[-1] for failures in (0, 1))
    assert other.score >= one.score or other.is_down


def test_all_that_is_delivered_is_never_an_alarm() -> None:
    assert not any(watch.is_down for watch in after([(20, 20)] * 500))


@pytest.mark.parametrize(("delivered", "buckets"), [(0, 1), (10, 2), (16, 6)])
def test_the_deeper_the_fall_the_sooner_it_is_found(delivered: int, buckets: int) -> None:
    watches = after([(20, 19)] * 20 + [(20, delivered)] * 50)
    found = next(number for number, watch in enumerate(watches) if watch.is_down) - 19
    assert found <= buckets
    assert watches[-1].is_down


def test_it_knows_since_when_and_how_many() -> None:
    watch = after([(20, 20)] * 20 + [(20, 5)] * 3)[-1]
    assert watch.since == START + 20 * BUCKET
    assert (watch.messages, watch.delivered) == (60, 15)
    assert watch.usual_rate == pytest.approx(0.95)


def test_it_lets_go_when_the_rate_is_back() -> None:
    watches = after([(20, 10)] * 5 + [(20, 19)] * 5)
    assert watches[4].is_down
    assert watches[-1] == Watch(judged_upto=START + 10 * BUCKET)


def test_a_bucket_that_went_well_by_chance_is_not_yet_the_end() -> None:
    watches = after([(20, 14)] * 10 + [(20, 16)] + [(20, 14)] * 3)
    assert watches[-1].is_down


def test_a_few_messages_are_no_alarm() -> None:
    assert not any(watch.is_down for watch in after([(2, 0)] * 4))


def test_what_varies_by_itself_needs_more_evidence() -> None:
    restless = Usual(rate=0.95, messages=240, correlation=0.02, weight=1e9)
    counts = [(20, 16)] * 8
    assert after(counts)[-1].is_down
    assert not after(counts, restless)[-1].is_down


def test_fallen_is_five_points_and_never_below_half() -> None:
    assert fallen(0.95) == pytest.approx(0.9)
    assert fallen(0.06) == 0.03
