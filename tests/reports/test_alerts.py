"""What is wrong is told on a page of its own, and on the overview while it is so."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from analytics.catalogue import publish
from analytics.definitions import Definitions
from analytics.door import Catalogue
from analytics.sources import ALERT
from eventlog.layout import Layout
from reports.links import MENU
from reports.site import alerts_page, card_rows
from reports.site import page as period_page
from tests.analytics.made import utc
from tests.analytics.make_catalogue import make_catalogue

AS_OF = utc("2026-11-24T12:00:00")
BUCHAREST = Definitions(time_zone="Europe/Bucharest")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    return make_catalogue(tmp_path_factory.mktemp("data"), AS_OF, BUCHAREST, count=50, days=2)


@pytest.fixture
def one_open(made: Layout) -> Layout:
    """Open again the first alert, of one network."""
    book = json.loads(made.alerts.read_text())
    for number, alert in enumerate(book["alerts"]):
        alert["resolved_at"] = AS_OF.isoformat() if number else None
    made.alerts.write_text(json.dumps(book))
    publish(made, BUCHAREST, AS_OF)  # a page is made once for each catalogue
    return made


def page(layout: Layout) -> str:
    return alerts_page(layout.catalogue, MENU).decode().replace("\u00a0", " ")


def overview(layout: Layout) -> str:
    return period_page(layout.catalogue, "overview", {"days": "2"}, MENU, "").decode()


def rows(html: str) -> list[list[str]]:
    return [re.findall("<bdi>(.*?)</bdi>", row) for row in html.split("<tr>")[1:]]


def test_before_there_is_a_file_the_view_is_empty_with_the_same_columns(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    publish(layout, BUCHAREST, AS_OF)
    with Catalogue.open(layout.catalogue) as catalogue:
        answer = catalogue.ask("from alerts")
        assert set(answer.columns) == {*ALERT, "fired_date", "is_open", "delivered_rate"}
        assert list(answer.rows) == []
    assert "Nothing is wrong that the alerts look for." in page(layout)


def test_what_was_wrong_is_told_while_nothing_is(made: Layout) -> None:
    told = page(made)
    assert "Nothing is wrong that the alerts look for." in told
    assert "What is wrong now?" not in told
    assert [row[0] for row in rows(told) if row] == [
        "Delivery fell on Orange",
        "Delivery fell on all networks",
        "No webhook came",
        "Job seal failed",
    ]
    assert 'id="alerts"' not in overview(made)


def test_each_alert_says_what_was_known_of_it(made: Layout) -> None:
    fell = "60.0 % of 200 messages within 5 min, usually 95.0 %"
    assert [row for row in rows(page(made)) if row] == [
        ["Delivery fell on Orange", "24 Nov 09:00", "24 Nov 10:00", "24 Nov 14:00", fell],
        ["Delivery fell on all networks", "24 Nov 09:00", "24 Nov 10:00", "24 Nov 13:00", fell],
        [
            "No webhook came",
            "24 Nov 09:00",
            "24 Nov 10:00",
            "24 Nov 12:00",
            "usually 4 min at most at this time of day",
        ],
        [
            "Job seal failed",
            "24 Nov 09:00",
            "24 Nov 10:00",
            "24 Nov 11:00",
            "OSError: No space left on device",
        ],
    ]


def test_while_they_are_open_each_is_told_as_going_on(made: Layout) -> None:
    before = made.alerts.read_text()
    book = json.loads(before)
    for alert in book["alerts"]:
        alert["resolved_at"] = None
        alert |= dict.fromkeys(("messages", "usual_silence_seconds", "error"))
    made.alerts.write_text(json.dumps(book))
    told = page(made)
    made.alerts.write_text(before)
    assert "4 alerts are open." in told
    assert [(row[0], row[3], row[4]) for row in rows(told) if row] == [
        ("Delivery has fallen on Orange", "open", "–"),
        ("Delivery has fallen on all networks", "open", "–"),
        ("No webhook comes", "open", "–"),
        ("Job seal fails", "open", "–"),
    ]


def test_what_is_wrong_now_comes_first_and_is_on_the_overview(one_open: Layout) -> None:
    told = page(one_open)
    assert "Delivery has fallen on Orange." in told
    assert rows(told)[1] == [
        "Delivery has fallen on Orange",
        "24 Nov 09:00",
        "24 Nov 10:00",
        "open",
        "60.0 % of 200 messages within 5 min, usually 95.0 %",
    ]
    assert 'id="alerts"' in overview(one_open)
    card = card_rows(one_open.catalogue, "overview", {"days": "2"}, "alerts").decode("utf-8-sig")
    assert card.splitlines()[0].startswith("alert_id,kind,mcc,mnc,network,")
    assert len(card.splitlines()) == 2


def test_what_is_wrong_is_on_the_overview_of_days_without_a_message_too(one_open: Layout) -> None:
    days = {"from": "2020-01-01", "to": "2020-01-02"}
    told = period_page(one_open.catalogue, "overview", days, MENU, "").decode()
    assert "Nothing was sent or received in this period" in told
    assert 'id="alerts"' in told
    other = period_page(one_open.catalogue, "latency", days, MENU, "").decode()
    assert 'id="alerts"' not in other
    card = card_rows(one_open.catalogue, "overview", days, "alerts").decode("utf-8-sig")
    assert len(card.splitlines()) == 2


@pytest.mark.parametrize("text", [None, "torn"])
def test_a_file_that_is_gone_or_torn_takes_no_page_with_it(made: Layout, text: str | None) -> None:
    before = made.alerts.read_text()
    made.alerts.unlink()
    if text:
        made.alerts.write_text(text)
    assert "The file of the alerts" in page(made)
    overview(made)
    publish(made, BUCHAREST, AS_OF)
    assert "messages" in overview(made)
    made.alerts.write_text(before)
    publish(made, BUCHAREST, AS_OF)


def test_the_day_is_that_of_the_report_time_zone(made: Layout) -> None:
    at = AS_OF + timedelta(hours=11)
    book = json.loads(made.alerts.read_text())
    book["alerts"][0]["fired_at"] = at.isoformat()
    made.alerts.write_text(json.dumps(book))
    with Catalogue.open(made.catalogue) as catalogue:
        days = catalogue.frame("select fired_date from alerts order by fired_at desc")
    assert str(days.item(0, 0)) == "2026-11-25"
