"""Every figure in large print says how sure it is, and how it moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl
import pytest

from analytics.door import Catalogue
from reports import bins, comparison, conversations, replies, words
from reports.asked import Asked
from reports.conversations import Conversations
from reports.desk import Desk
from reports.figures import Figures
from reports.links import Links
from reports.period import Period
from reports.reply_figures import ReplyFigures
from reports.tiles import Tile, half
from tests.reports.catalogues import Made

PERIOD = Period(date(2026, 11, 8), date(2026, 11, 24))


@pytest.fixture
def figures(made: Made) -> Iterator[Figures]:
    with Catalogue.open(made.path) as catalogue:
        yield Figures(Desk(catalogue), Asked(PERIOD))


def test_medians_of_replies_have_their_interval_and_their_change(figures: Figures) -> None:
    tiles = [*conversations.page(figures, Links()).tiles, *replies.page(figures, Links()).tiles]
    found = [tile for tile in tiles if tile.title in ("First reply", "Time to reply")]
    assert len(found) == 2
    for tile in found:
        assert tile.change.startswith(("+", words.MINUS, "no change"))
        assert f"95{words.SPACE}% interval" in tile.small


def test_the_interval_of_a_median_is_around_it(figures: Figures) -> None:
    for now in (Conversations(figures).first, ReplyFigures(figures).median(now=True)):
        ends = comparison.percentile_interval(now.bins, 0.5)
        assert now.value is not None
        assert ends is not None
        assert ends[0] <= now.value <= ends[1]


def test_without_days_to_compare_with_a_median_has_not_moved(figures: Figures) -> None:
    alone = Conversations(Figures(figures.desk, Asked(PERIOD, compare="none")))
    assert alone.first_before is None
    assert half(alone.figures, "First reply", alone.first, None, "").change == ""


def test_times_that_are_rounded_down_lie_in_bins_as_wide() -> None:
    times = pl.DataFrame({"seconds": [59, 60, 7_200, None], "conversations": [1, 2, 3, 6]})
    assert bins.by_unit(times, "seconds", "conversations") == [
        (59, 60, 1),
        (60, 120, 2),
        (7_200, 10_800, 3),
    ]


@pytest.mark.parametrize(
    ("value", "unit", "parts"),
    [
        ("24,249", "", [("24,249", "")]),
        ("93.7", "%", [("93.7", "%")]),
        ("5", "min 52\u00a0s", [("5", "min"), ("52", "s")]),
        ("–", "", [("–", "")]),
    ],
)
def test_each_figure_has_its_unit(value: str, unit: str, parts: list[tuple[str, str]]) -> None:
    assert Tile("", value, unit, "", "mute", "", "").parts == parts
