"""Every figure in large print says how sure it is, and how it moved."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from analytics.door import Catalogue
from reports import bins, comparison, conversations, honesty, replies, words
from reports.asked import Asked
from reports.conversations import Conversations
from reports.desk import Desk
from reports.figures import Figures
from reports.links import Links
from reports.period import Period
from reports.reply_figures import ReplyFigures
from reports.tiles import Tile, half, lasting
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


@pytest.mark.parametrize("network", [None, ("226", "10")])
def test_the_lag_of_receipts_and_its_interval_are_those_of_the_messages(
    figures: Figures, made: Made, network: tuple[str, str] | None
) -> None:
    with Catalogue.open(made.path) as catalogue:
        each = catalogue.frame(
            """
            select
                floor((epoch_us(final_ingested_at) - epoch_us(delivered_at)) / 1000)::bigint as ms
            from messages
            where state = 'delivered' and sent_date between $from_date and $to_date
                and ($mcc is null or (mcc = $mcc and mnc = $mnc))
            order by ms
            """,
            from_date=PERIOD.from_date,
            to_date=PERIOD.to_date,
            mcc=network and network[0],
            mnc=network and network[1],
        )["ms"].to_list()
    row = honesty.lag_of(Figures(figures.desk, Asked(PERIOD, network=network)), PERIOD)
    assert row["receipts"] == len(each) > 100
    assert row["receipt_lag_p50"] * 1_000 == pytest.approx(np.quantile(each, 0.5), abs=1e-6)
    assert row["receipt_lag_p95"] * 1_000 == pytest.approx(np.quantile(each, 0.95), abs=1e-6)
    spread = 1.96 * math.sqrt(0.95 * 0.05 * len(each))
    low, high = (each[math.ceil(0.95 * len(each) + by) - 1] for by in (-spread, spread))
    ends = row["receipt_lag_p95_low"] * 1_000, row["receipt_lag_p95_high"] * 1_000
    assert ends == pytest.approx((low, high), abs=1e-6)
    assert low < high


def test_the_lag_of_receipts_says_how_sure_it_is_and_how_it_moved(figures: Figures) -> None:
    tile = honesty.lag_tile(figures)
    assert f"95{words.SPACE}% interval" in tile.small
    assert tile.change.startswith(("+", words.MINUS, "no change"))
    alone = honesty.lag_tile(Figures(figures.desk, Asked(PERIOD, compare="none")))
    assert alone.change == ""


def test_a_lag_of_few_receipts_has_no_interval_and_no_clear_change(figures: Figures) -> None:
    few = comparison.Percentile(20, 5.0, -math.inf, math.inf)
    many = comparison.Percentile(900, 1.0, 0.9, 1.1)
    tile = lasting(figures, "Receipt lag", few, many, "p95")
    assert "too few for an interval" in tile.small
    assert (tile.tone, tile.change) == ("mute", f"+4{words.SPACE}s, may be noise")
    late = lasting(figures, "Receipt lag", replace(many, value=9.0, low=8.5, high=9.5), many, "p95")
    assert (late.tone, late.change) == ("bad", f"+8{words.SPACE}s")
    same = lasting(figures, "Receipt lag", replace(many, value=1.01, low=1.2, high=2.0), many, "")
    assert (same.tone, same.change) == ("mute", "no change")
