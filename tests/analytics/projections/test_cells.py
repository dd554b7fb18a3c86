"""Counts that add up to every report."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from analytics.definitions import Definitions
from analytics.projector import project
from eventlog.event import Event
from eventlog.layout import Layout
from tests.analytics.projections.log import SMALL, Log, at, record, rows, status


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(Layout(tmp_path))


def cells(log: Log, *events: Event, time_zone: str = "UTC") -> list[dict[str, Any]]:
    if events:
        log.seal(record(event, at(days=1)) for event in events)
    project(log.layout, Definitions(time_zone=time_zone), SMALL)
    return rows(log.layout, "delivery_cells")


def test_messages_alike_share_a_cell(log: Log) -> None:
    alike = [
        status(
            each, sent_at=at(minutes=each_minute), delivered_at=at(minutes=each_minute, seconds=4)
        )
        for each, each_minute in (("m1", 1), ("m2", 59), ("m3", 60))
    ]
    found = [
        (cell["sent_hour"], cell["latency_seconds"], cell["messages"])
        for cell in cells(log, *alike)
    ]
    assert found == [(at(), 4, 2), (at(hours=1), 4, 1)]


def test_latency_needs_a_delivery_with_a_time_that_is_not_negative(log: Log) -> None:
    found = cells(
        log,
        status("m1", delivered_at=at(seconds=-1)),
        status("m2", delivered_at=None),
        status("m3", "expired", delivered_at=at(seconds=5)),
        status("m4", "sent", delivered_at=at(seconds=5)),
    )
    assert {cell["latency_seconds"] for cell in found} == {None}
    counted = {cell["status"]: (cell["messages"], cell["clock_anomalies"]) for cell in found}
    assert counted == {"delivered": (2, 1), "expired": (1, 0), None: (1, 0)}


def test_what_is_odd_is_counted(log: Log) -> None:
    sent, expired = status(status="sent"), status(status="expired")
    (cell,) = cells(log, status(), status(), expired, sent)
    names = ("status_events", "duplicates", "conflicting_finals", "out_of_order")
    assert [cell[name] for name in names] == [4, 1, 1, 1]


def test_the_hour_that_a_clock_change_repeats_stays_two_hours(log: Log) -> None:
    half_past = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    events = [status(f"m{hour}", sent_at=half_past + timedelta(hours=hour)) for hour in range(3)]
    found = [cell["sent_hour"].hour for cell in cells(log, *events, time_zone="Europe/Bucharest")]
    assert found == [0, 1, 2]


def test_an_hour_begins_where_the_report_time_zone_begins_it(log: Log) -> None:
    (cell,) = cells(log, status(sent_at=at(minutes=20)), time_zone="Asia/Kolkata")
    assert cell["sent_hour"] == at(minutes=-30)


def test_another_time_zone_counts_again(log: Log) -> None:
    cells(log, status(sent_at=at(minutes=20)))
    (cell,) = cells(log, time_zone="Asia/Kolkata")
    assert cell["sent_hour"] == at(minutes=-30)
