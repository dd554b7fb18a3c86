"""Conversations are counted by day, and a day whose files are the same is not counted again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from analytics import conversation_book
from analytics.catalogue import publish
from analytics.definitions import Definitions
from analytics.door import Catalogue
from analytics.projector import project
from eventlog.event import Record
from eventlog.layout import Layout
from tests.analytics.projections.log import SMALL, Log, at, record, reply, status

UTC = Definitions()
BESIDE = replace(SMALL, newer_share=1e9)  # nothing is written whole again
OLD, NEW = date(2026, 3, 27), date(2026, 4, 6)


@pytest.fixture
def log(tmp_path: Path) -> Log:
    """Make a log of two conversations, ten days apart, that are published."""
    log = Log(Layout(tmp_path))
    tell(log, sent(0), sent(230))
    return log


def sent(hours: float) -> Record:
    return record(status(f"{hours}", sent_at=at(hours=hours)), at(days=20))


def tell(log: Log, *records: Record) -> None:
    log.seal(records)
    project(log.layout, UTC, BESIDE)
    publish(log.layout, UTC, at(days=20))


def counted(log: Log) -> dict[date, tuple[int, ...]]:
    with Catalogue.open(log.layout.catalogue) as catalogue:
        frame = catalogue.frame(
            "select date, conversations, messages, replies, turns from conversation_daily"
        )
    return {day: tuple(counts) for day, *counts in frame.iter_rows()}


def forge(log: Log, statement: str) -> None:
    with duckdb.connect(log.layout.catalogue) as connection:
        connection.execute(statement)


def test_what_lies_beside_is_counted_and_days_without_news_are_carried(log: Log) -> None:
    forge(log, "update internal.conversation_counts set messages = 77")
    tell(log, record(reply(received_at=at(hours=231)), at(days=20)))
    assert list(log.layout.projection("conversations").glob("*/newer-*.parquet"))
    assert counted(log) == {OLD: (1, 77, 0, 1), NEW: (1, 1, 1, 2)}


def test_a_spelling_that_turns_out_to_be_another_s_counts_all_days_again(log: Log) -> None:
    forge(log, "update internal.conversation_counts set messages = 77")
    tell(log, record(status("else", sent_at=at(hours=230), number="+40733000000", mnc="1")))
    assert counted(log) == {OLD: (1, 1, 0, 1), NEW: (2, 2, 0, 2)}


def test_without_a_book_all_is_counted(log: Log) -> None:
    forge(log, "update internal.conversation_counts set messages = 77")
    forge(log, "drop table internal.conversation_book")
    tell(log, sent(230.5))
    assert counted(log) == {OLD: (1, 1, 0, 1), NEW: (1, 2, 0, 1)}


def test_what_is_carried_is_what_would_be_counted(log: Log) -> None:
    tell(log, *(record(reply(received_at=at(hours=hours)), at(days=20)) for hours in (1, 230.9)))
    tell(log, sent(2), record(reply(received_at=at(hours=231)), at(days=20)))
    carried = rows(log)
    log.layout.catalogue.unlink()
    publish(log.layout, UTC, at(days=20))
    assert rows(log) == carried
    assert carried["first_reply_times"] == [
        (OLD, "226", "01", 3600, 1, [0]),
        (NEW, "226", "01", 3240, 1, [0]),
    ]


def rows(log: Log) -> dict[str, list[tuple[object, ...]]]:
    with Catalogue.open(log.layout.catalogue) as catalogue:
        return {
            table: catalogue.frame(f"from internal.{table} order by all").rows()
            for table in conversation_book.TABLES
        }
