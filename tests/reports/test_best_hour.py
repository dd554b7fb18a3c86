"""No hour is called best that the intervals do not set apart from all others."""

from __future__ import annotations

import polars as pl
import pytest

from analytics.door import Catalogue
from reports import best_hour
from reports.asked import Asked
from reports.desk import Desk
from reports.figures import Figures
from tests.reports.catalogues import MONTH, Made

Counts = tuple[int, int]  # replied, eligible


def day(usual: Counts, **unusual: Counts) -> pl.DataFrame:
    """Return 24 hours that are answered alike, but for some: h13=(300, 1000)."""
    counts = [unusual.get(f"h{hour}", usual) for hour in range(24)]
    rows = [(hour, *pair) for hour, pair in enumerate(counts)]
    return pl.DataFrame(rows, schema=["hour_of_day", "replied", "eligible"], orient="row")


def test_an_hour_apart_from_all_others_is_best() -> None:
    found = best_hour.answered_most(day((100, 1000), h13=(300, 1000)))
    assert found
    assert best_hour.most(found) == (
        "Messages sent at 13:00 are answered most: 30.0\u00a0% (27.2\u2060–\u206032.9)."
    )


def test_two_hours_that_are_alike_are_both_not_best_but_their_part_of_the_day_may_be() -> None:
    found = best_hour.answered_most(day((100, 1000), h13=(300, 1000), h14=(300, 1000)))
    assert found
    assert best_hour.most(found).startswith(
        "No hour stands out; messages sent in the afternoon are answered most: 16.7"
    )


def test_nothing_stands_out_where_intervals_overlap_or_there_is_nothing() -> None:
    for frame in (day((100, 1000)), day((10, 100), h13=(16, 100)), day((0, 0)), day((0, 9))):
        assert best_hour.answered_most(frame) is None
    assert best_hour.most(None) == "No hour stands out."


def test_an_hour_of_few_messages_is_neither_best_nor_in_the_way() -> None:
    found = best_hour.answered_most(day((100, 1000), h3=(20, 29), h13=(300, 1000)))
    assert found
    assert found.said == "at 13:00"


def timed(usual: int, many: int = 200, **unusual: int) -> pl.DataFrame:
    """Return 24 hours with times around a median, seconds, but for some: h13=60."""
    rows = [
        (hour, unusual.get(f"h{hour}", usual) * (50 + 100 * nth // many) // 100, 1)
        for hour in range(24)
        for nth in range(many)
    ]
    return pl.DataFrame(rows, schema=["hour_of_day", "seconds", "answers"], orient="row")


def test_an_hour_whose_median_lies_below_all_others_is_soonest() -> None:
    found = best_hour.answered_soonest(timed(300, h13=100))
    assert found
    assert best_hour.soonest(found) == (
        "Messages sent at 13:00 are answered soonest: half within 1\u00a0min 40\u00a0s "
        "(1\u00a0min 33\u00a0s\u00a0–\u00a01\u00a0min 46\u00a0s)."
    )


def test_no_hour_is_soonest_that_chance_explains_nor_the_slowest() -> None:
    for frame in (timed(300), timed(300, 29, h13=1), timed(300, h13=900), timed(300, h13=290)):
        assert best_hour.answered_soonest(frame) is None
    assert best_hour.soonest(None) == "No hour stands out."


def test_two_soon_hours_leave_it_to_their_part_of_the_day() -> None:
    others = {f"h{hour}": 100 for hour in range(12, 18)}
    found = best_hour.answered_soonest(timed(300, **others))
    assert found
    assert found.said == "in the afternoon"


def test_what_stands_out_among_hours_may_not_among_those_of_many_networks() -> None:
    frame = day((100, 1000), h13=(162, 1000))
    alone, among = (best_hour.answered_most(frame, many) for many in (1, 50))
    assert alone
    assert among is None


@pytest.mark.parametrize("network", [None, ("226", "10")])
def test_hours_are_those_that_the_shown_query_gives(
    made: Made, network: tuple[str, str] | None
) -> None:
    with Catalogue.open(made.path) as catalogue:
        desk = Desk(catalogue)
        figures = Figures(desk, Asked(MONTH, network=network))
        hours = best_hour.hours(figures)
        theirs = desk.ask(best_hour.rate(figures, hours).query)
    ours = hours.filter(pl.col("eligible") > 0)
    theirs = theirs.rename({"eligible_messages": "eligible"})
    assert ours.height > 10
    for name in best_hour.COLUMNS:
        assert ours[name].to_list() == pytest.approx(theirs[name].to_list(), abs=1e-9)
