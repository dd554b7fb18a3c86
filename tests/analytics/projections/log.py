"""Write small event logs for the tests, and read what the projections made of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
from deltalake import DeltaTable

from analytics.projections.engine import Resources
from analytics.projections.schema import PARTITIONED_BY, SCHEMAS
from eventlog.event import Event, Record, ReplyReceived, StatusReported, Webhook
from eventlog.layout import Layout
from eventlog.schema import EVENTS, PARTITION_COLUMN, split
from eventlog.table import Table

START = datetime(2026, 3, 27, 22, 0, tzinfo=UTC)
NODES = ("00000001", "fffffffe")
SMALL = Resources(memory_bytes_max=512 << 20, threads=1)
NUMBER = "+40722334455"


def at(**after: float) -> datetime:
    """Return a time after the start: `at(hours=2)`."""
    return START + timedelta(**after)


def status(
    message_id: str = "m1",
    status: str = "delivered",
    *,
    sent_at: datetime = START,
    delivered_at: datetime | None = None,
    number: str = NUMBER,
    mnc: str = "01",
) -> StatusReported:
    """Make a delivery receipt."""
    return StatusReported(
        message_id=message_id,
        status=status,
        sent_at=sent_at,
        delivered_at=delivered_at,
        number=number,
        mcc="226",
        mnc=mnc,
    )


def reply(
    body: str = "da",
    *,
    received_at: datetime = START,
    replied_to: str | None = None,
    number: str = NUMBER,
) -> ReplyReceived:
    """Make a reply."""
    return ReplyReceived(
        body=body,
        replied_to=replied_to,
        received_at=received_at,
        number=number,
        mcc="226",
        mnc="01",
    )


def record(
    event: Event, ingested_at: datetime = START, tags: dict[str, str] | None = None
) -> Record:
    """Make the record of a webhook that was ingested then."""
    webhook = Webhook(raw=b"raw", content_type="text/plain", tags=tags or {})
    return Record(
        event_id="e", source="webhook", ingested_at=ingested_at, webhook=webhook, outcome=event
    )


class Log:
    """An event log that is written to as a sealer does, each node's seq counting on."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.records: list[tuple[str, int, Record]] = []
        self._table = Table.open(layout.events, EVENTS, PARTITION_COLUMN, append_only=True)

    def seal(self, records: Iterable[Record], node: str = NODES[0]) -> None:
        """Append the records in one commit."""
        first = 1 + sum(each == node for each, *_ in self.records)
        numbered = list(enumerate(records, first))
        self.records += [(node, seq, each) for seq, each in numbered]
        events, _ = split(node, numbered)
        self._table.append(self._table.write(events), {node: numbered[-1][0]})

    def compact(self) -> None:
        """Rewrite the files of each day into one."""
        merged = DeltaTable(self.layout.events).optimize.compact()
        assert merged["numFilesRemoved"] > 1


def rows(layout: Layout, name: str) -> list[dict[str, Any]]:
    """Return a projection's rows in a fixed order, without the columns of the fold.

    Of conversations, newer rows stand for those of the same beginning.
    """
    table = Table.open(layout.projection(name), SCHEMAS[name], PARTITIONED_BY[name])
    if not table.files():
        return []
    frame = pl.concat(pl.read_parquet(path, hive_partitioning=True) for path in table.files())
    assert dict(frame.select(SCHEMAS[name].names()).schema) == dict(SCHEMAS[name])
    if newer := [path for path in table.files() if path.name.startswith("newer-")]:
        later = pl.concat(pl.read_parquet(path, hive_partitioning=True) for path in newer)
        key = ["number", "started_at"]
        whole = [path for path in table.files() if path not in newer]
        frame = pl.concat(pl.read_parquet(path, hive_partitioning=True) for path in whole)
        is_left = (pl.col("messages") > 0) | (pl.col("replies") > 0)
        frame = pl.concat([frame.join(later, on=key, how="anti"), later.filter(is_left)])
    public = frame.select(column for column in SCHEMAS[name] if not column.startswith("state_"))
    return sorted(public.to_dicts(), key=lambda row: [str(value) for value in row.values()])


def everything(layout: Layout) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of all projections."""
    return {name: rows(layout, name) for name in SCHEMAS}
