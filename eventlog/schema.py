"""The columns of the two log tables, and how records become rows. Pure.

Events of both kinds share one table: the columns of the other kind are null. Dead letters have a
table of their own; `seq` is shared, so the two tables together have every number once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
import polars as pl

from eventlog.event import (
    PROVIDER,
    DeadLetter,
    Outcome,
    Reason,
    Record,
    ReplyReceived,
    StatusReported,
    Webhook,
    digest,
)

UTC_TIME = pl.Datetime("us", "UTC")
PARTITION_COLUMN = "ingested_date"

EVENTS = pl.Schema(
    {
        "seq": pl.Int64(),
        "node": pl.String(),
        "event_id": pl.String(),
        "type": pl.String(),
        "provider": pl.String(),
        "source": pl.String(),
        "ingested_at": UTC_TIME,
        PARTITION_COLUMN: pl.Date(),
        "message_id": pl.String(),
        "status": pl.String(),
        "sent_at": UTC_TIME,
        "delivered_at": UTC_TIME,
        "replied_to": pl.String(),
        "received_at": UTC_TIME,
        "body": pl.String(),
        "number": pl.String(),
        "mcc": pl.String(),
        "mnc": pl.String(),
        "tags": pl.String(),
        "raw": pl.Binary(),
        "content_type": pl.String(),
        "digest": pl.String(),
    }
)
DEAD_LETTERS = pl.Schema(
    {
        "seq": pl.Int64(),
        "node": pl.String(),
        "event_id": pl.String(),
        "provider": pl.String(),
        "source": pl.String(),
        "ingested_at": UTC_TIME,
        PARTITION_COLUMN: pl.Date(),
        "reasons": pl.String(),
        "tags": pl.String(),
        "raw": pl.Binary(),
        "content_type": pl.String(),
        "digest": pl.String(),
    }
)

_encode_json = msgspec.json.Encoder(order="deterministic").encode


def split(node: str, numbered: Iterable[tuple[int, Record]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Turn records, with their seq, into the rows of the events and the dead-letters table."""
    events: list[dict[str, Any]] = []
    dead_letters: list[dict[str, Any]] = []
    for seq, record in numbered:
        rows = dead_letters if isinstance(record.outcome, DeadLetter) else events
        rows.append(_row(node, seq, record))
    return pl.DataFrame(events, schema=EVENTS), pl.DataFrame(dead_letters, schema=DEAD_LETTERS)


def _row(node: str, seq: int, record: Record) -> dict[str, Any]:
    envelope = {
        "seq": seq,
        "node": node,
        "event_id": record.event_id,
        "provider": PROVIDER,
        "source": record.source,
        "ingested_at": record.ingested_at,
        PARTITION_COLUMN: record.ingested_at.date(),
        "tags": _encode_json(record.webhook.tags).decode(),
        "raw": record.webhook.raw,
        "content_type": record.webhook.content_type,
        "digest": digest(record.webhook, record.outcome),
    }
    return envelope | _content(record.outcome)


def _content(outcome: Outcome) -> dict[str, Any]:
    if isinstance(outcome, DeadLetter):
        return {"reasons": _encode_json(outcome.reasons).decode()}
    kind = "status" if isinstance(outcome, StatusReported) else "reply"
    return {"type": kind, **msgspec.structs.asdict(outcome)}


def records(frame: pl.DataFrame) -> Iterator[tuple[int, Record]]:
    """Turn rows of either table back into the records that they were made from, with their seq."""
    for row in frame.iter_rows(named=True):
        yield (
            row["seq"],
            Record(
                event_id=row["event_id"],
                source=row["source"],
                ingested_at=row["ingested_at"],
                webhook=Webhook(
                    raw=row["raw"],
                    content_type=row["content_type"],
                    tags=msgspec.json.decode(row["tags"], type=dict[str, str]),
                ),
                outcome=_outcome(row),
            ),
        )


def agree(frame: pl.DataFrame, made: Sequence[Record]) -> bool:
    """Say whether rows of either table have nothing in them but what the records made of them give.

    That is: the digest, the provider, and no values in the columns of the other kind of event.
    """
    digests = [digest(record.webhook, record.outcome) for record in made]
    is_so = pl.col("provider") == PROVIDER
    if "type" in frame.columns:
        kinds = {"status": StatusReported, "reply": ReplyReceived}
        fields = {kind: set(struct.__struct_fields__) for kind, struct in kinds.items()}
        others = {"status": fields["reply"] - fields["status"]}
        others["reply"] = fields["status"] - fields["reply"]
        is_so &= pl.any_horizontal(
            (pl.col("type") == kind) & pl.all_horizontal(pl.col(sorted(empty)).is_null())
            for kind, empty in others.items()
        )
    agreed = frame.select(is_so.fill_null(False).all()).item()
    return bool(agreed) and frame["digest"].to_list() == digests


def _outcome(row: dict[str, Any]) -> Outcome:
    if "reasons" in row:
        return DeadLetter(reasons=msgspec.json.decode(row["reasons"], type=list[Reason]))
    kind = StatusReported if row["type"] == "status" else ReplyReceived
    return kind(**{field: row[field] for field in kind.__struct_fields__})
