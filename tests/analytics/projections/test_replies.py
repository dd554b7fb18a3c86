"""What a reply answers, and when a message counts as answered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from analytics.definitions import Definitions
from analytics.projector import project
from eventlog.layout import Layout
from tests.analytics.projections.log import SMALL, Log, at, record, reply, rows, status

OTHER = "+40733000000"


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(Layout(tmp_path))


def projected(log: Log, *events: Any, definitions: Definitions | None = None) -> dict[str, Any]:
    if events:
        log.seal(record(event, at(days=9)) for event in events)
    project(log.layout, definitions or Definitions(), SMALL)
    (row,) = rows(log.layout, "replies")
    return row


def answers(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["attribution"], row["message_id"], row["unknown_reference"]


def test_a_reply_that_names_a_known_message_answers_it(log: Log) -> None:
    row = projected(
        log,
        status("m1", number=OTHER, delivered_at=at(seconds=3)),
        status("m2", sent_at=at(minutes=5)),
        reply(replied_to="m1", received_at=at(minutes=9)),
    )
    assert answers(row) == ("explicit", "m1", False)
    assert (row["message_sent_at"], row["message_delivered_at"]) == (at(), at(seconds=3))
    assert row["time_to_reply_seconds"] == 9 * 60 - 3


def test_a_reply_answers_the_latest_message_to_its_number(log: Log) -> None:
    row = projected(
        log,
        status("m1", sent_at=at(hours=1)),
        status("m2", sent_at=at(hours=2)),
        status("m3", sent_at=at(hours=2)),
        status("m4", sent_at=at(hours=4)),
        status("m5", sent_at=at(hours=3), number=OTHER),
        reply(received_at=at(hours=3), replied_to="sent"),
    )
    assert answers(row) == ("inferred", "m3", True)


@pytest.mark.parametrize(("seconds", "attribution"), [(0, "inferred"), (1, "unsolicited")])
def test_the_window_closes_after_its_last_second(log: Log, seconds: int, attribution: str) -> None:
    row = projected(log, status(), reply(received_at=at(hours=72, seconds=seconds)))
    assert row["attribution"] == attribution


def test_a_reply_without_any_message_is_unsolicited(log: Log) -> None:
    row = projected(log, reply())
    assert answers(row) == ("unsolicited", None, False)
    assert (row["message_sent_at"], row["time_to_reply_seconds"]) == (None, None)


def test_copies_are_one_reply(log: Log) -> None:
    projected(log, reply(), reply())
    assert projected(log, reply())["copies"] == 3


def test_a_message_known_later_is_still_found_by_number(log: Log) -> None:
    assert projected(log, reply(received_at=at(days=2)))["attribution"] == "unsolicited"
    assert answers(projected(log, status()))[:2] == ("inferred", "m1")


def test_a_message_known_later_is_still_found_by_name(log: Log) -> None:
    row = projected(log, reply(replied_to="m1", received_at=at(days=30)))
    assert answers(row) == ("unsolicited", None, True)
    assert answers(projected(log, status())) == ("explicit", "m1", False)


def test_a_delivery_known_later_gives_the_time_to_reply(log: Log) -> None:
    row = projected(log, status(status="sent"), reply(received_at=at(minutes=1)))
    assert row["time_to_reply_seconds"] is None
    row = projected(log, status(delivered_at=at(seconds=10)))
    assert row["time_to_reply_seconds"] == 50


def test_a_reply_before_delivery_has_no_time(log: Log) -> None:
    row = projected(log, status(delivered_at=at(hours=1)), reply(received_at=at(minutes=1)))
    assert (row["before_delivery"], row["time_to_reply_seconds"]) == (True, None)


def test_another_window_attributes_again(log: Log) -> None:
    projected(log, status(), reply(received_at=at(hours=5)))
    row = projected(log, definitions=Definitions(reply_window_hours=4))
    assert row["attribution"] == "unsolicited"
    assert rows(log.layout, "reply_cells") == []


def test_replies_that_differ_anywhere_in_their_key_have_their_own_ids(log: Log) -> None:
    log.seal(
        record(event)
        for event in (
            reply(),
            reply("nu"),
            reply(replied_to="m1"),
            reply(replied_to=""),
            reply(number=OTHER),
            reply(received_at=at(seconds=1)),
        )
    )
    project(log.layout, Definitions(), SMALL)
    ids = [row["reply_id"] for row in rows(log.layout, "replies")]
    assert len(set(ids)) == 6
    assert {len(each) for each in ids} == {32}


def test_an_answered_message_is_counted_once_with_its_first_known_time(log: Log) -> None:
    log.seal(
        record(event)
        for event in (
            status(delivered_at=at(hours=1)),
            reply("before delivery", received_at=at(seconds=5)),
            reply("second", received_at=at(hours=3)),
            reply("first", received_at=at(hours=2)),
        )
    )
    project(log.layout, Definitions(), SMALL)
    (cell,) = rows(log.layout, "reply_cells")
    assert (cell["messages"], cell["time_to_reply_seconds"]) == (1, 3600)


def test_an_answer_to_what_was_not_delivered_or_too_late_is_not_counted(log: Log) -> None:
    log.seal(
        record(event)
        for event in (
            status("m1", "expired"),
            status("m2", number=OTHER, delivered_at=at(seconds=1)),
            reply(received_at=at(hours=1)),
            reply(received_at=at(hours=-1), replied_to="m2"),
            reply(received_at=at(hours=72, seconds=2), replied_to="m2"),
        )
    )
    project(log.layout, Definitions(), SMALL)
    assert rows(log.layout, "reply_cells") == []


def test_an_answered_message_leaves_its_cell_when_its_reply_turns_to_another(log: Log) -> None:
    projected(log, status("m1", delivered_at=at(minutes=1)), reply(received_at=at(days=2)))
    (cell,) = rows(log.layout, "reply_cells")
    assert cell["sent_hour"] == at()
    projected(log, status("m2", sent_at=at(days=1)))
    (cell,) = rows(log.layout, "reply_cells")
    assert cell["sent_hour"] == at(days=1)
