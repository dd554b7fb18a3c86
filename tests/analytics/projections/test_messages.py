"""What the status events of one message together say of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from analytics.definitions import Definitions
from analytics.projector import project
from eventlog.event import Record
from eventlog.layout import Layout
from tests.analytics.projections.log import NODES, SMALL, Log, at, record, rows, status


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(Layout(tmp_path))


def folded(log: Log, *records: Record) -> dict[str, Any]:
    log.seal(records)
    project(log.layout, Definitions(), SMALL)
    (row,) = rows(log.layout, "messages")
    return row


def test_one_receipt_is_one_message(log: Log) -> None:
    row = folded(log, record(status(delivered_at=at(seconds=4)), at(seconds=5), {"campaign": "c"}))
    assert row == {
        "message_id": "m1",
        "number": "+40722334455",
        "mcc": "226",
        "mnc": "01",
        "campaign": "c",
        "sent_at": at(),
        "sent_day": date(2026, 3, 27),
        "last_status": "delivered",
        "final_status": "delivered",
        "delivered_at": at(seconds=4),
        "first_ingested_at": at(seconds=5),
        "final_ingested_at": at(seconds=5),
        "last_ingested_at": at(seconds=5),
        "status_events": 1,
        "duplicates": 0,
        "conflicting_final": False,
        "out_of_order": False,
    }


def test_the_first_final_status_stands(log: Log) -> None:
    late = record(status(status="expired", delivered_at=at(hours=9)), at(hours=1))
    row = folded(log, late, record(status(delivered_at=at(seconds=4)), at(seconds=5)))
    assert (row["final_status"], row["last_status"]) == ("delivered", "expired")
    assert row["delivered_at"] == at(seconds=4)
    assert row["conflicting_final"]


def test_the_same_final_status_again_is_no_conflict(log: Log) -> None:
    again = record(status(delivered_at=at(seconds=9)), at(hours=1))
    row = folded(log, record(status(delivered_at=None), at(seconds=5)), again)
    assert not row["conflicting_final"]
    assert row["delivered_at"] is None, "the time of the event that stands, even when it is missing"


def test_sent_after_delivered_is_out_of_order(log: Log) -> None:
    row = folded(log, record(status(), at(seconds=5)), record(status(status="sent"), at(hours=1)))
    assert row["out_of_order"]
    assert (row["final_status"], row["last_status"]) == ("delivered", "sent")


def test_delivered_at_counts_only_for_delivered(log: Log) -> None:
    row = folded(log, record(status(status="sent", delivered_at=at(minutes=-10))))
    assert (row["delivered_at"], row["final_status"]) == (None, None)


def test_a_redelivered_webhook_is_a_duplicate(log: Log) -> None:
    sent = status(status="sent")
    row = folded(log, record(sent), record(sent, at(hours=1)), record(status(), at(hours=2)))
    assert (row["status_events"], row["duplicates"]) == (3, 1)


def test_a_duplicate_is_known_across_runs(log: Log) -> None:
    folded(log, record(status()), record(status(status="sent")))
    row = folded(log, record(status()))
    assert (row["status_events"], row["duplicates"]) == (3, 1)


def test_of_several_campaigns_the_alphabetically_first_is_kept(log: Log) -> None:
    tags: list[dict[str, str]] = [{}, {"campaign": "b"}, {"campaign": "a"}, {"campaign": ""}]
    row = folded(log, *(record(status(), tags=each) for each in tags))
    assert row["campaign"] == "a"


def test_a_later_folded_but_earlier_ingested_event_moves_the_message(log: Log) -> None:
    folded(log, record(status(sent_at=at(days=2)), at(days=2)))
    row = folded(log, record(status(sent_at=at(), status="sent"), at(seconds=1)))
    assert (row["sent_at"], row["sent_day"]) == (at(), date(2026, 3, 27))


def test_events_of_one_instant_are_ordered_by_node_then_seq(log: Log) -> None:
    log.seal([record(status(mnc="03")), record(status(mnc="05"))], NODES[1])
    row = folded(log, record(status(mnc="10")), record(status(mnc="99", status="expired")))
    assert (row["mnc"], row["last_status"]) == ("10", "delivered")


def test_any_ingestion_time_that_python_knows_is_ordered(log: Log) -> None:
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    first = datetime(1, 1, 1, tzinfo=UTC)
    row = folded(log, record(status(status="error"), last), record(status(status="sent"), first))
    assert (row["first_ingested_at"], row["last_ingested_at"]) == (first, last)
    assert row["last_status"] == "error"
