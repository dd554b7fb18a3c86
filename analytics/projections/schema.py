"""The columns of the projections. Pure.

Those that begin with `state_` serve only the fold. The partition column is the last, as it is when
the files are read: it is not in them, but in the names of their folders.
"""

from __future__ import annotations

import polars as pl

from eventlog.schema import UTC_TIME

POSITION = pl.Decimal(38, 0)

MESSAGES = pl.Schema(
    {
        "message_id": pl.String(),
        "number": pl.String(),
        "mcc": pl.String(),
        "mnc": pl.String(),
        "campaign": pl.String(),
        "sent_at": UTC_TIME,
        "last_status": pl.String(),
        "final_status": pl.String(),
        "delivered_at": UTC_TIME,
        "first_ingested_at": UTC_TIME,
        "final_ingested_at": UTC_TIME,
        "last_ingested_at": UTC_TIME,
        "status_events": pl.Int64(),
        "duplicates": pl.Int64(),
        "conflicting_final": pl.Boolean(),
        "out_of_order": pl.Boolean(),
        "state_key": pl.Int64(),
        "state_tags": pl.String(),
        "state_first": POSITION,
        "state_final": POSITION,
        "state_last": POSITION,
        "state_open": POSITION,
        "state_final_low": pl.String(),
        "state_final_high": pl.String(),
        "state_open_low": pl.String(),
        "state_open_high": pl.String(),
        "state_contents": pl.List(pl.Int64()),
        "sent_day": pl.Date(),
    }
)
REPLIES = pl.Schema(
    {
        "reply_id": pl.String(),
        "number": pl.String(),
        "mcc": pl.String(),
        "mnc": pl.String(),
        "body": pl.String(),
        "received_at": UTC_TIME,
        "replied_to": pl.String(),
        "campaign": pl.String(),
        "copies": pl.Int64(),
        "first_ingested_at": UTC_TIME,
        "attribution": pl.String(),
        "unknown_reference": pl.Boolean(),
        "message_id": pl.String(),
        "message_sent_at": UTC_TIME,
        "message_delivered_at": UTC_TIME,
        "message_status": pl.String(),
        "message_mcc": pl.String(),
        "message_mnc": pl.String(),
        "message_campaign": pl.String(),
        "time_to_reply_seconds": pl.Int64(),
        "before_delivery": pl.Boolean(),
        "state_replied_key": pl.Int64(),
        "state_first": POSITION,
        "received_day": pl.Date(),
    }
)
DELIVERY_CELLS = pl.Schema(
    {
        "sent_hour": UTC_TIME,
        "mcc": pl.String(),
        "mnc": pl.String(),
        "campaign": pl.String(),
        "status": pl.String(),
        "latency_seconds": pl.Int64(),
        "messages": pl.Int64(),
        "clock_anomalies": pl.Int64(),
        "conflicting_finals": pl.Int64(),
        "out_of_order": pl.Int64(),
        "duplicates": pl.Int64(),
        "status_events": pl.Int64(),
        "sent_day": pl.Date(),
    }
)
REPLY_CELLS = pl.Schema(
    {
        "sent_hour": UTC_TIME,
        "mcc": pl.String(),
        "mnc": pl.String(),
        "campaign": pl.String(),
        "time_to_reply_seconds": pl.Int64(),
        "messages": pl.Int64(),
        "sent_day": pl.Date(),
    }
)
RECEIPT_CELLS = pl.Schema(
    {
        "date": pl.Date(),
        "mcc": pl.String(),
        "mnc": pl.String(),
        "status": pl.String(),
        "lag_ms": pl.Int64(),
        "final_seconds": pl.Int64(),
        "open_since": UTC_TIME,
        "messages": pl.Int64(),
        "sent_day": pl.Date(),
    }
)
NETWORK_STAYS = pl.Schema(
    {
        "number": pl.String(),
        "mcc": pl.String(),
        "mnc": pl.String(),
        "since": UTC_TIME,
        "from_mcc": pl.String(),
        "from_mnc": pl.String(),
        "from_since": UTC_TIME,
        "since_day": pl.Date(),
    }
)
CONVERSATIONS = pl.Schema(
    {
        "number": pl.String(),
        "mcc": pl.String(),
        "mnc": pl.String(),
        "campaign": pl.String(),
        "started_at": UTC_TIME,
        "ended_at": UTC_TIME,
        "started_by": pl.String(),
        "messages": pl.Int64(),
        "replies": pl.Int64(),
        "turns": pl.Int64(),
        "first_reply_seconds": pl.Int64(),
        "chain_started_at": UTC_TIME,
        "state_asked_at": UTC_TIME,
        "state_ended_by": pl.String(),
        "started_day": pl.Date(),
    }
)
SCHEMAS = {
    "messages": MESSAGES,
    "replies": REPLIES,
    "delivery_cells": DELIVERY_CELLS,
    "reply_cells": REPLY_CELLS,
    "receipt_cells": RECEIPT_CELLS,
    "conversations": CONVERSATIONS,
    "network_stays": NETWORK_STAYS,
}
PARTITIONED_BY = {
    "messages": "sent_day",
    "replies": "received_day",
    "delivery_cells": "sent_day",
    "reply_cells": "sent_day",
    "receipt_cells": "sent_day",
    "conversations": "started_day",
    "network_stays": "since_day",
}
