"""Numbers on a new network: what counts as a change, and what became of their messages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from analytics.catalogue import publish
from analytics.definitions import Definitions
from analytics.door import Catalogue
from analytics.projector import project
from eventlog.event import Record
from eventlog.layout import Layout
from tests.analytics.made import Message, Reply, utc, write_projections
from tests.analytics.projections import log
from tests.analytics.projections.log import at, record

START = utc("2026-11-01T12:00:00")


def sent(day: float, mnc: str, number: str, status: str | None = "delivered") -> Message:
    at = START + timedelta(days=day)
    return Message(
        message_id=f"{number}-{day}",
        sent_at=at,
        mnc=mnc,
        number=number,
        final_status=status,
        delivered_at=at if status == "delivered" else None,
    )


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    layout = Layout(tmp_path_factory.mktemp("data"))
    messages = [
        sent(0, "01", "+1"),
        sent(1, "01", "+1", "expired"),
        sent(2, "10", "+1"),
        sent(3, "010", "+1"),
        sent(8, "10", "+1"),
        sent(9, "01", "+1", "expired"),
        sent(0, "01", "+2"),
        sent(40, "10", "+2", "expired"),
        sent(0, "01", "+3"),
    ]
    reply = Reply(reply_id="r", received_at=START + timedelta(days=1), number="+3", mnc="05")
    write_projections(layout, messages, [reply], Definitions())
    publish(layout, Definitions(), START + timedelta(days=60))
    with Catalogue.open(layout.catalogue) as opened:
        yield opened


def test_a_change_is_seen_once_and_another_spelling_is_none(catalogue: Catalogue) -> None:
    rows = catalogue.frame(
        "select number, date, from_mnc, to_network from network_changes order by number, date"
    ).rows()
    assert rows == [
        ("+1", date(2026, 11, 3), "01", "Orange"),
        ("+1", date(2026, 11, 10), "10", "Vodafone"),
        ("+2", date(2026, 12, 11), "01", "Orange"),
        ("+3", date(2026, 11, 2), "01", "Digi"),
    ]


def test_flows_count_messages_of_the_stays_on_either_side(catalogue: Catalogue) -> None:
    rows = catalogue.frame(
        "select from_mnc, to_mnc, numbers, messages_before, delivered_before, messages_after,"
        " delivered_after from network_flows order by all"
    ).rows()
    assert rows == [
        ("01", "05", 1, 1, 1, 0, 0),
        ("01", "10", 2, 2, 1, 4, 3),
        ("10", "01", 1, 3, 3, 1, 0),
    ]


def test_flows_of_a_period_are_of_its_changes(catalogue: Catalogue) -> None:
    flows = "from network_flows_between('2026-11-10', '2026-11-30')"
    assert catalogue.frame(f"select from_mnc, messages_after {flows}").rows() == [("10", 1)]


def flows(layout: Layout) -> list[tuple[object, ...]]:
    publish(layout, Definitions(), at(days=90))
    with Catalogue.open(layout.catalogue) as opened:
        return opened.frame("from network_flows order by all").rows()


def told(day: float, mnc: str, number: str, status: str = "delivered") -> Record:
    name, sent_at = f"{number} {day}", at(days=day)
    return record(log.status(name, status, sent_at=sent_at, number=number, mnc=mnc), at(days=80))


def test_flows_carried_on_are_those_counted_anew(tmp_path: Path) -> None:
    """Of a day with news the old file went; a late message moves the bounds of a change."""
    events = log.Log(Layout(tmp_path))
    events.seal(told(day, "01", f"+{number}") for day in range(9) for number in range(3))
    for news in (
        [told(9, "10", "+1"), told(9, "10", "+2", "sent")],
        [told(9, "10", "+2"), told(8, "01", "+2", "sent")],
        [told(3.5, "05", "+1", "expired"), told(20, "10", "+0")],
    ):
        events.seal(news)
        project(events.layout, Definitions(), log.SMALL)
        carried = flows(events.layout)
        events.layout.catalogue.unlink()
        assert carried == flows(events.layout) != []
