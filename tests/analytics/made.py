"""Rows of the projections made from messages and replies given outright, without any events.

A second, plain way to the cells: it counts rows one by one in Python, so that what the views say
can be held against it. What follows a number through time is computed as always, from these rows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from analytics.definitions import Definitions
from analytics.projections import conversations, network_stays, receipt_cells
from analytics.projections.engine import Engine, Resources
from analytics.projections.job import Job
from analytics.projections.run import nobody
from analytics.projections.schema import MESSAGES, PARTITIONED_BY, REPLIES, SCHEMAS
from eventlog.layout import Layout
from eventlog.schema import DEAD_LETTERS, EVENTS, PARTITION_COLUMN, UTC_TIME
from eventlog.table import Table

CELL_KEY = {
    "sent_day": pl.Date(),
    "sent_hour": UTC_TIME,
    "mcc": pl.String(),
    "mnc": pl.String(),
    "campaign": pl.String(),
}
CELL_COUNTS = (
    "messages",
    "clock_anomalies",
    "conflicting_finals",
    "out_of_order",
    "duplicates",
    "status_events",
)
DELIVERY_CELLS = pl.Schema(
    CELL_KEY
    | {"status": pl.String(), "latency_seconds": pl.Int64()}
    | dict.fromkeys(CELL_COUNTS, pl.Int64())
)
REPLY_CELLS = pl.Schema(CELL_KEY | {"time_to_reply_seconds": pl.Int64(), "messages": pl.Int64()})


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message as the projection would hold it."""

    message_id: str
    sent_at: datetime
    final_status: str | None = None
    delivered_at: datetime | None = None
    number: str = "+40722000000"
    mcc: str = "226"
    mnc: str = "01"
    campaign: str | None = None
    final_ingested_at: datetime | None = None
    duplicates: int = 0
    conflicting_final: bool = False
    out_of_order: bool = False

    @property
    def latency_seconds(self) -> int | None:
        if self.final_status != "delivered" or self.delivered_at is None:
            return None
        seconds = int((self.delivered_at - self.sent_at).total_seconds())
        return seconds if seconds >= 0 else None

    @property
    def clock_anomaly(self) -> bool:
        return self.delivered_at is not None and self.delivered_at < self.sent_at


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A reply as the projection would hold it, with the message that it answers, if any."""

    reply_id: str
    received_at: datetime
    message: Message | None = None
    attribution: str = "unsolicited"
    body: str = "da"
    replied_to: str | None = None
    unknown_reference: bool = False
    copies: int = 1
    number: str = "+40722000000"
    mcc: str = "226"
    mnc: str = "01"


def write_projections(
    layout: Layout, messages: list[Message], replies: list[Reply], definitions: Definitions
) -> None:
    """Write the projections that these messages and replies amount to."""
    sets = {
        "messages": (MESSAGES, [_message_row(message) for message in messages]),
        "replies": (REPLIES, [_reply_row(reply) for reply in replies]),
        "delivery_cells": (DELIVERY_CELLS, list(_delivery_cells(messages, definitions))),
        "reply_cells": (REPLY_CELLS, list(_reply_cells(replies, definitions))),
    }
    for name, (schema, rows) in sets.items():
        _append(layout.projection(name), schema, PARTITIONED_BY[name], rows)
    _follow(layout, definitions)


def _follow(layout: Layout, definitions: Definitions) -> None:
    tables = {
        name: Table.open(layout.projection(name), SCHEMAS[name], PARTITIONED_BY[name])
        for name in SCHEMAS
    }
    with Engine.open(layout.job_scratch, Resources(memory_bytes_max=512 << 20)) as engine:
        job = Job(engine, None, tables, definitions, from_zero=True, reached=nobody)
        for each in (receipt_cells, conversations, network_stays):
            each.project(job)
            engine.forget()


def write_events(layout: Layout, messages: list[Message]) -> None:
    """Write the receipt that each message's row came from, as one bare event."""
    rows = [
        {
            "seq": seq,
            "node": "a",
            "type": "status",
            "source": "webhook",
            "ingested_at": row["last_ingested_at"],
            PARTITION_COLUMN: row["last_ingested_at"].date(),
            "status": row["last_status"],
            "tags": "{}",
        }
        | {name: row[name] for name in ("message_id", "sent_at", "delivered_at", "number")}
        | {name: row[name] for name in ("mcc", "mnc")}
        for seq, row in enumerate(map(_message_row, messages), 1)
    ]
    _append(layout.events, EVENTS, PARTITION_COLUMN, rows)


def write_dead_letters(layout: Layout, ingested_at: list[datetime]) -> None:
    """Write one bare dead letter for each instant."""
    rows = [
        {"seq": seq, "node": "b", "ingested_at": at, PARTITION_COLUMN: at.date(), "reasons": "[]"}
        for seq, at in enumerate(ingested_at, 1)
    ]
    _append(layout.dead_letters, DEAD_LETTERS, PARTITION_COLUMN, rows)


def _append(folder: Any, schema: pl.Schema, partition_by: str, rows: list[dict[str, Any]]) -> None:
    table = Table.open(folder, schema, partition_by)
    table.append(table.write(pl.DataFrame(rows, schema=schema)), {})


def _message_row(message: Message) -> dict[str, Any]:
    final_at = message.final_ingested_at or (
        (message.delivered_at or message.sent_at) + timedelta(seconds=2)
        if message.final_status
        else None
    )
    return {
        "sent_day": message.sent_at.date(),
        "message_id": message.message_id,
        "number": message.number,
        "mcc": message.mcc,
        "mnc": message.mnc,
        "campaign": message.campaign,
        "sent_at": message.sent_at,
        "last_status": message.final_status or "sent",
        "final_status": message.final_status,
        "delivered_at": message.delivered_at,
        "first_ingested_at": message.sent_at + timedelta(seconds=1),
        "final_ingested_at": final_at,
        "last_ingested_at": final_at or message.sent_at + timedelta(seconds=1),
        "status_events": 1 + (message.final_status is not None) + message.duplicates,
        "duplicates": message.duplicates,
        "conflicting_final": message.conflicting_final,
        "out_of_order": message.out_of_order,
    }


def _reply_row(reply: Reply) -> dict[str, Any]:
    message = reply.message
    delivered_at = message.delivered_at if message else None
    wait = int((reply.received_at - delivered_at).total_seconds()) if delivered_at else None
    return {
        "received_day": reply.received_at.date(),
        "reply_id": reply.reply_id,
        "number": reply.number,
        "mcc": reply.mcc,
        "mnc": reply.mnc,
        "body": reply.body,
        "received_at": reply.received_at,
        "replied_to": reply.replied_to,
        "campaign": None,
        "copies": reply.copies,
        "first_ingested_at": reply.received_at + timedelta(seconds=1),
        "attribution": reply.attribution,
        "unknown_reference": reply.unknown_reference,
        "message_id": message.message_id if message else None,
        "message_sent_at": message.sent_at if message else None,
        "message_delivered_at": delivered_at,
        "message_status": message.final_status if message else None,
        "message_mcc": message.mcc if message else None,
        "message_mnc": message.mnc if message else None,
        "message_campaign": message.campaign if message else None,
        "time_to_reply_seconds": wait if wait is not None and wait >= 0 else None,
        "before_delivery": delivered_at is not None and reply.received_at < delivered_at,
    }


def _cell_key(message: Message, definitions: Definitions) -> tuple[Any, ...]:
    local = message.sent_at.astimezone(ZoneInfo(definitions.time_zone))
    into_hour = timedelta(
        minutes=local.minute, seconds=local.second, microseconds=local.microsecond
    )
    hour = message.sent_at - into_hour
    return message.sent_at.date(), hour, message.mcc, message.mnc, message.campaign


def _delivery_cells(
    messages: Iterable[Message], definitions: Definitions
) -> Iterator[dict[str, Any]]:
    cells: defaultdict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    for message in messages:
        key = _cell_key(message, definitions)
        cells[*key, message.final_status, message.latency_seconds].update(
            messages=1,
            clock_anomalies=message.clock_anomaly,
            conflicting_finals=message.conflicting_final,
            out_of_order=message.out_of_order,
            duplicates=message.duplicates,
            status_events=_message_row(message)["status_events"],
        )
    columns = list(DELIVERY_CELLS)[: -len(CELL_COUNTS)]
    for key, counts in cells.items():
        yield dict(zip(columns, key, strict=True)) | {name: counts[name] for name in CELL_COUNTS}


def _reply_cells(replies: Iterable[Reply], definitions: Definitions) -> Iterator[dict[str, Any]]:
    window = timedelta(hours=definitions.reply_window_hours)
    waits: defaultdict[Message, list[int | None]] = defaultdict(list)
    for reply in replies:
        message = reply.message
        if message is None or message.final_status != "delivered":
            continue
        since = message.delivered_at or message.sent_at
        if message.sent_at <= reply.received_at <= since + window:
            waits[message].append(_reply_row(reply)["time_to_reply_seconds"])
    cells: Counter[tuple[Any, ...]] = Counter()
    for message, seconds in waits.items():
        known = [each for each in seconds if each is not None]
        cells[*_cell_key(message, definitions), min(known) if known else None] += 1
    columns = list(REPLY_CELLS)[:-1]
    for key, count in cells.items():
        yield dict(zip(columns, key, strict=True)) | {"messages": count}


def utc(text: str) -> datetime:
    """Read an instant as it is written in tests: ISO 8601, UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
