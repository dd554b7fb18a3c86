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
    found = best_hour.best(day((100, 1000), h13=(300, 1000)))
    assert found
    assert best_hour.sentence(found) == (
        "Messages sent at 13:00 are answered most: 30.0\u00a0% (27.2\u2060–\u206032.9)."
    )


def test_two_hours_that_are_alike_are_both_not_best_but_their_part_of_the_day_may_be() -> None:
    found = best_hour.best(day((100, 1000), h13=(300, 1000), h14=(300, 1000)))
    assert found
    assert best_hour.sentence(found).startswith(
        "No hour stands out; messages sent in the afternoon are answered most: 16.7"
    )


def test_nothing_stands_out_where_intervals_overlap_or_there_is_nothing() -> None:
    for frame in (day((100, 1000)), day((10, 100), h13=(16, 100)), day((0, 0)), day((0, 9))):
        assert best_hour.best(frame) is None
    assert best_hour.sentence(None) == "No hour stands out."


def test_an_hour_of_few_messages_is_neither_best_nor_in_the_way() -> None:
    found = best_hour.best(day((100, 1000), h3=(20, 29), h13=(300, 1000)))
    assert found
    assert found.said == "at 13:00"


@pytest.mark.parametrize("network", [None, ("226", "10")])
def test_hours_are_those_that_the_shown_query_gives(
    made: Made, network: tuple[str, str] | None
) -> None:
    with Catalogue.open(made.path) as catalogue:
        desk = Desk(catalogue)
        figures = Figures(desk, Asked(MONTH, network=network))
        ours = best_hour.hours(figures).filter(pl.col("eligible") > 0)
        theirs = desk.ask(best_hour.rate(figures).query).rename({"eligible_messages": "eligible"})
    assert ours.height > 10
    for name in best_hour.COLUMNS:
        assert ours[name].to_list() == pytest.approx(theirs[name].to_list(), abs=1e-9)
