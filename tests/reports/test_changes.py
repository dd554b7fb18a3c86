"""A change is told of who did it, adds up, and is not told at all where chance may have done it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl
import pytest

from analytics.door import Catalogue
from reports import changes, effects, measures, waterfall
from reports.asked import Asked
from reports.change_figures import NOUNS, ChangeFigures
from reports.desk import Desk
from reports.effects import Split
from reports.figures import Figures, within
from reports.links import Links
from reports.period import Period
from tests.reports.catalogues import MONTH, TODAY, Made

DELIVERY = NOUNS["delivery_rate"]
Counts = tuple[int, int, int, int]  # delivered, messages, delivered before, messages before


@pytest.fixture
def desk(made: Made) -> Iterator[Desk]:
    with Catalogue.open(made.path) as catalogue:
        yield Desk(catalogue)


def change(networks: dict[str, Counts]) -> Split:
    """Split the change of some networks as the catalogue does."""
    names = ("successes", "messages", "successes_before", "messages_before")
    rows = pl.DataFrame(
        [
            {"label": name} | dict(zip(names, counts, strict=True))
            for name, counts in networks.items()
        ]
    ).with_columns(
        share=pl.col("messages") / pl.col("messages").sum(),
        share_before=pl.col("messages_before") / pl.col("messages_before").sum(),
    )
    r, r_before = (pl.col(f"successes{end}") / pl.col(f"messages{end}") for end in ("", "_before"))
    k, n, k_before, n_before = (int(rows[name].sum()) for name in names)
    mean = (k / n + k_before / n_before) / 2
    s, s_before = pl.col("share"), pl.col("share_before")
    split = effects.split(
        rows.with_columns(
            mix_effect=(s - s_before) * ((r + r_before) / 2 - mean),
            rate_effect=(r - r_before) * (s + s_before) / 2,
        )
    )
    assert split
    return split


def test_a_network_that_fell_is_named_with_what_it_cost() -> None:
    of = change({"Vodafone": (850, 1000, 950, 1000), "Orange": (950, 1000, 950, 1000)})
    assert effects.moved(DELIVERY, of, "the day before") == (
        "Delivery fell by 5.0 points against the day before, from 95.0\u00a0% to 90.0\u00a0%."
    )
    assert effects.why(DELIVERY, of) == "Vodafone did worse (−5.0)."


def test_traffic_that_moved_is_told_apart_from_networks_that_did_worse() -> None:
    of = change({"Vodafone": (1600, 2000, 400, 500), "Orange": (490, 500, 1960, 2000)})
    assert effects.why(DELIVERY, of) == (
        "More traffic went to Vodafone (−5.4) and less traffic went to Orange (−5.4)."
    )


def test_a_difference_that_chance_explains_has_no_culprit() -> None:
    of = change({"Vodafone": (90, 100, 93, 100), "Orange": (95, 100, 94, 100)})
    assert "no clear change from the day before" in effects.moved(DELIVERY, of, "the day before")
    assert effects.why(DELIVERY, of) == ""
    assert {waterfall.chart(of)["data"][2]["marker"]["color"][0]} == {"var(--pending)"}


def test_changes_that_cancel_are_told_though_the_whole_stands_still() -> None:
    of = change({"Vodafone": (900, 1000, 950, 1000), "Orange": (950, 1000, 900, 1000)})
    assert "no clear change from the day before" in effects.moved(DELIVERY, of, "the day before")
    assert (
        effects.why(DELIVERY, of) == "Yet Orange did better (+2.5) and Vodafone did worse (−2.5)."
    )


def test_one_of_many_networks_must_differ_more_than_one_of_two() -> None:
    worse, same = (925, 1000, 950, 1000), (950, 1000, 950, 1000)
    two = change({"Vodafone": worse, "Orange": same})
    many = change({"Vodafone": worse} | {f"Network {n}": same for n in range(20)})
    assert [one.label for one in effects.visible(two.effects)] == ["Vodafone"]
    assert effects.visible(many.effects) == []


@pytest.mark.parametrize("measure", NOUNS)
def test_steps_lead_from_the_rate_before_to_the_rate_now(desk: Desk, measure: str) -> None:
    figures = ChangeFigures(Figures(desk, Asked(MONTH)))
    of, by_hour = figures.split(measure), figures.hours(measure)
    assert of
    assert by_hour
    assert (by_hour.now, by_hour.before) == (of.now, of.before)
    assert by_hour.total("rate") + by_hour.total("mix") == pytest.approx(
        of.change.difference, abs=1e-12
    )
    found = waterfall.steps(of)
    assert of.before.value + sum(one.size for one in found) == pytest.approx(
        of.now.value, abs=1e-12
    )
    assert of.total("rate") + of.total("mix") == pytest.approx(of.change.difference, abs=1e-12)


def test_changes_are_of_the_rates_that_other_pages_show(desk: Desk) -> None:
    figures = Figures(desk, Asked(MONTH))
    of = ChangeFigures(figures)
    assert figures.comparable
    for split in (of.split("delivery_rate"), of.hours("delivery_rate")):
        assert split
        assert (split.now, split.before) == tuple(one.delivery for one in figures.comparable)
    quick = of.split("within_30s")
    assert quick
    assert quick.now == measures.arrived(within(figures.facts, figures.settled_period), 30)


def test_what_is_provisional_is_not_compared(desk: Desk) -> None:
    today = changes.page(Figures(desk, Asked(TODAY)), Links())
    assert today.headline.first.startswith("Not compared yet")
    assert (today.tiles, today.cards) == ([], [])
    none = changes.page(Figures(desk, Asked(MONTH, compare="none")), Links())
    assert none.headline.first.startswith("Nothing is compared")
    long_ago = Period(date(2026, 10, 15), date(2026, 10, 17))
    first = changes.page(Figures(desk, Asked(long_ago)), Links())
    assert "no message was sent in the 3 days before" in first.headline.first
