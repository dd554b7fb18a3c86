"""What takes long is answered beside the rest of a page, and is the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from analytics.door import Catalogue
from analytics.failures import QueryFailed
from reports import ahead
from reports.asked import Asked
from reports.desk import Desk
from reports.figures import Figures
from reports.links import Links
from reports.nouns import NETWORK
from reports.pages import MADE
from reports.query import Query
from reports.render import render
from tests.reports.catalogues import MONTH, Made

LOOKS = (
    Asked(MONTH),
    Asked(MONTH, network=("226", "10")),
    Asked(MONTH, compare="none"),
    Asked(MONTH, compare="week", status="undelivered"),
)


@pytest.fixture
def desk(made: Made) -> Iterator[Desk]:
    first, second = Catalogue.open_twice(made.path)
    yield Desk(first, second)
    second.close()
    first.close()


@pytest.mark.parametrize("slug", MADE)
@pytest.mark.parametrize("asked", LOOKS)
def test_a_page_asks_whatever_is_asked_ahead_and_is_the_same(
    desk: Desk, made: Made, slug: str, asked: Asked
) -> None:
    if slug == NETWORK:
        asked = replace(asked, network=("226", "10"))
    with desk.noting() as noted:
        page = render(desk, slug, asked, links=Links(site=True))
    slow = ahead.queries(Figures(desk, asked), slug)
    assert slow
    assert {query.key() for query in slow} <= noted.keys()
    with Catalogue.open(made.path) as catalogue:
        assert render(Desk(catalogue), slug, asked, links=Links(site=True)) == page


def test_what_could_not_be_answered_ahead_is_told_who_asks(desk: Desk) -> None:
    wrong = Query("facts", {"from_date": "yesterday", "to_date": MONTH.to_date})
    desk.ahead([wrong])
    with pytest.raises(QueryFailed):
        desk.ask(wrong)
    assert desk.ask(Query("extent")).height == 1


def test_both_connections_tell_the_time_alike(desk: Desk) -> None:
    when = Query("hour_facts", {"from_date": MONTH.from_date, "to_date": MONTH.to_date})
    ours = replace(when, parameters=when.parameters | {"mcc": None, "mnc": None})
    desk.ahead([ours])
    ahead_of = desk.ask(ours)
    assert str(ahead_of.schema["hour"]) == "Datetime(time_unit='us', time_zone='UTC')"
