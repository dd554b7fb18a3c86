"""When a number is seen on a new network, whatever the order in which its moments become known."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.definitions import Definitions
from analytics.projections.schema import MESSAGES
from analytics.projector import project, rebuild
from eventlog.event import Record
from eventlog.layout import Layout
from eventlog.table import Table
from tests.analytics.projections.log import SMALL, Log, at, record, reply, rows, status
from tests.drawing import PATIENT, QUICK

Stay = tuple[str, str, datetime, str | None, datetime | None]


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(Layout(tmp_path))


def seen(hours: float, mnc: str, number: str = "+1", name: str = "") -> Record:
    name = name or f"{number} {hours:09.3f}"
    return record(status(name, sent_at=at(hours=hours), number=number, mnc=mnc), at(days=50))


def stays(log: Log, *records: Record) -> list[Stay]:
    log.seal(records)
    project(log.layout, Definitions(), SMALL)
    return stored(log)


def stored(log: Log) -> list[Stay]:
    names = ("number", "mnc", "since", "from_mnc", "from_since")
    found = [tuple(row[name] for name in names) for row in rows(log.layout, "network_stays")]
    return sorted(found, key=lambda stay: stay[::2][:2])


def test_a_number_that_moves_has_a_stay_on_each_network(log: Log) -> None:
    assert stays(log, seen(0, "01"), seen(1, "01"), seen(2, "10"), seen(3, "10")) == [
        ("+1", "01", at(), None, None),
        ("+1", "10", at(hours=2), "01", at()),
    ]


def test_a_reply_is_seen_on_a_network_too(log: Log) -> None:
    answer = record(reply(received_at=at(hours=3), number="+1"), at(days=50))
    assert [stay[1] for stay in stays(log, seen(0, "10"), answer)] == ["10", "01"]


def test_a_late_moment_divides_a_stay(log: Log) -> None:
    stays(log, seen(0, "01"), seen(48, "01"))
    found = stays(log, seen(24, "10"))
    assert [(stay[1], stay[2]) for stay in found] == [
        ("01", at()),
        ("10", at(hours=24)),
        ("01", at(hours=48)),
    ]


def test_a_message_that_was_elsewhere_takes_its_change_back(log: Log) -> None:
    assert len(stays(log, seen(0, "01"), seen(24, "10", name="m"), seen(48, "01"))) == 3
    earlier = status("m", "sent", sent_at=at(hours=24), number="+1", mnc="01")
    assert len(stays(log, record(earlier, at(days=40)))) == 1


def test_of_those_who_stay_nothing_old_is_read(log: Log) -> None:
    stays(log, seen(0, "01"))
    folder = log.layout.projection("messages")
    for path in Table.open(folder, MESSAGES, "sent_day").files():
        path.write_bytes(b"not to be read")
    assert [stay[0] for stay in stays(log, seen(99, "01"), seen(99, "10", "+2"))] == ["+1", "+2"]


sightings = st.builds(
    lambda name, hours, mnc, number, told: record(
        status(name, sent_at=at(hours=hours), mnc=mnc, number=number), at(days=50 + told)
    ),
    st.sampled_from("abcdefgh"),
    st.integers(0, 9).map(lambda step: 11 * step),
    st.sampled_from(("01", "01", "10", "05")),
    st.sampled_from(("+1", "+2")),
    st.integers(0, 3),
)
runs = st.lists(st.lists(sightings, min_size=1, max_size=5), min_size=1, max_size=4)


@settings(QUICK, max_examples=6)
@given(runs)
def test_news_in_any_order_give_what_going_through_the_moments_gives(
    taken: list[list[Record]],
) -> None:
    give_what_going_through_gives(taken)


@pytest.mark.soak
@settings(PATIENT, max_examples=300)
@given(runs)
def test_news_in_any_order_give_what_going_through_the_moments_gives_for_long(
    taken: list[list[Record]],
) -> None:
    give_what_going_through_gives(taken)


def give_what_going_through_gives(taken: list[list[Record]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log = Log(Layout(Path(folder)))
        for records in taken:
            incremental = stays(log, *records)
        assert incremental == by_hand(log)
        rebuild(log.layout, Definitions(), SMALL)
        assert stored(log) == incremental


def by_hand(log: Log) -> list[Stay]:
    """Go through the moments of each number in time; of several at one instant the last counts."""
    found: list[Stay] = []
    messages = sorted(rows(log.layout, "messages"), key=lambda row: str(row["message_id"]))
    instants = {(row["number"], row["sent_at"]): row["mnc"] for row in messages}
    for (number, when), mnc in sorted(instants.items()):
        last = found[-1] if found and found[-1][0] == number else None
        if last is None:
            found.append((number, mnc, when, None, None))
        elif last[1] != mnc:
            found.append((number, mnc, when, last[1], last[2]))
    return found
