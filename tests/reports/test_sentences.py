"""The sentences never claim more than the intervals allow."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reports import comparison, sentences
from reports.comparison import Rate
from reports.period import Period
from reports.sentences import NetworkFigures

THAN = "the 30 days before"


def rate(part: int, whole: int) -> Rate:
    made = comparison.rate(part, whole)
    assert made is not None
    return made


RATES = st.integers(1, 20_000).flatmap(
    lambda whole: st.integers(0, whole).map(lambda part: rate(part, whole))
)
NETWORKS = st.lists(
    st.builds(NetworkFigures, st.sampled_from("ABCDEF"), RATES, st.none() | RATES),
    max_size=6,
    unique_by=lambda network: network.name,
)


@given(RATES, RATES, st.integers(0, 3))
def test_a_direction_is_named_only_for_a_clear_change(now: Rate, then: Rate, pending: int) -> None:
    change = comparison.change(now, then)
    settled = Period(date(2026, 10, 26), date(2026, 11, 20)) if pending else None
    text = sentences.first_sentence(now, pending, change, THAN, settled)
    assert change is not None
    assert (" higher " in text or " lower " in text) == change.clear
    assert ("no clear change" in text.lower()) != change.clear


@given(RATES, st.integers(0, 5_000))
def test_provisional_figures_are_said_to_be_so(now: Rate, pending: int) -> None:
    text = sentences.first_sentence(now, pending, None, THAN, None)
    assert text.startswith("So far") == (pending > 0)
    assert "before" not in text


@given(NETWORKS)
def test_networks_are_ranked_only_where_their_intervals_are_apart(
    networks: list[NetworkFigures],
) -> None:
    text, warned = sentences.ranking(networks, settled_only=False)
    judged = [n for n in networks if n.now.whole >= comparison.COUNT_MIN]
    apart = any(comparison.apart(a.now, b.now) for a in judged for b in judged)
    assert apart or "less" not in text
    assert apart or not warned
    if "any other network" in text:
        worst = next(n for n in judged if text.startswith(n.name))
        assert all(comparison.apart(worst.now, n.now) for n in judged if n is not worst)


@given(NETWORKS)
def test_a_network_is_blamed_only_for_a_clear_fall_of_its_own(
    networks: list[NetworkFigures],
) -> None:
    network = sentences.culprit(networks)
    if network is not None:
        change = comparison.change(network.now, network.before)
        assert change is not None
        assert change.clear
        assert change.difference < 0


def test_the_whole_is_said_to_fall_only_where_it_did() -> None:
    vodafone = NetworkFigures("Vodafone", rate(921, 1000), rate(960, 1000))
    fell = comparison.change(rate(9_370, 10_000), rate(9_480, 10_000))
    days = [date(2026, 11, 13), date(2026, 11, 14)]
    assert sentences.blame(vodafone, fell, days) == (
        "Most of the fall is on Vodafone, 3.9 points lower, worst on 13 and 14 November."
    )
    assert sentences.blame(vodafone, None, []) == "Vodafone delivered 3.9 points less."


def test_bad_days_are_clearly_under_the_period_and_at_most_three() -> None:
    start = date(2026, 11, 1)
    days = [(start + timedelta(days=n), 500, 480) for n in range(20)]
    days += [(start + timedelta(days=20 + n), 500, 300) for n in range(5)]
    days += [(start + timedelta(days=26), 2, 0)]
    found = sentences.bad_days(days, rate(11_000, 12_500))
    assert found == [date(2026, 11, 21), date(2026, 11, 22), date(2026, 11, 23)]


def test_singulars_are_kept() -> None:
    one = sentences.first_sentence(rate(1, 1), 0, None, THAN, None)
    assert one == "1 of 1 message was delivered: too few to say more."
    waiting = sentences.first_sentence(rate(0, 2), 1, None, THAN, None)
    assert waiting == "So far 0 of 2 messages are delivered."


def test_figures_of_settled_days_only_are_said_to_be_so() -> None:
    networks = [
        NetworkFigures("A", rate(90, 100), None),
        NetworkFigures("B", rate(900, 1000), None),
    ]
    text, warned = sentences.ranking(networks, settled_only=True)
    assert text == "On settled days, no clear difference between networks."
    assert not warned


def test_a_network_is_slowest_only_where_its_interval_lies_above_all_others() -> None:
    vodafone, orange = ("Vodafone", 30.0, (25.0, 36.0)), ("Orange", 10.0, (8.0, 12.0))
    digi, small = ("Digi", 24.0, (20.0, 26.0)), ("Small", 90.0, None)
    assert sentences.slowest([orange, vodafone, small], settled_only=False) == (
        "Vodafone is the slowest: p95 30\u00a0s, 3 times that of Orange."
    )
    assert sentences.slowest([orange, vodafone, digi], settled_only=True) == (
        "On settled days, no network is clearly slower than all others."
    )
    assert sentences.slowest([vodafone, small], settled_only=False) == ""
