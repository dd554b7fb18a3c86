"""What one webhook becomes: an event, or a dead letter. Pure.

    Webhook ──decode──▶ StatusReported │ ReplyReceived │ DeadLetter
                                  └───────── Record ────────┘

A `Record` is what the journal keeps and the event log is built from: the webhook as it came,
what it was decoded to, and when. Its encoding is deterministic, so that the bytes can be hashed
when they are sealed and hashed again, from the Parquet rows, when the log is verified.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b
from typing import Literal

import msgspec

Source = Literal["webhook", "poll", "import", "redrive"]

PROVIDER = "smso"
FINAL_STATUSES = ("delivered", "undelivered", "expired", "error")
DIGEST_BYTES = 16


class Webhook(msgspec.Struct, frozen=True, kw_only=True):
    """One HTTP request as it came: the exact body, and what its URL said (`tags`)."""

    raw: bytes
    content_type: str
    tags: dict[str, str] = {}


class StatusReported(msgspec.Struct, frozen=True, kw_only=True, tag="status"):
    """A delivery receipt. `sent_at` and `delivered_at` are SMSO's clock, UTC, in seconds."""

    message_id: str
    status: str
    sent_at: datetime
    delivered_at: datetime | None
    number: str
    mcc: str
    mnc: str


class ReplyReceived(msgspec.Struct, frozen=True, kw_only=True, tag="reply"):
    """A message that a person sent back. `replied_to` is kept as it came, uuid or not."""

    body: str
    replied_to: str | None
    received_at: datetime
    number: str
    mcc: str
    mnc: str


class Reason(msgspec.Struct, frozen=True):
    """Why a webhook could not be decoded: the field, and what was expected of it."""

    field: str
    expected: str


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True, tag="dead_letter"):
    """A webhook that is kept although it could not be decoded, with every reason."""

    reasons: list[Reason]


Event = StatusReported | ReplyReceived
Outcome = StatusReported | ReplyReceived | DeadLetter


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One webhook and its outcome, as the journal keeps it. `event_id` is a UUIDv7.

    A dead letter that is decoded later becomes a second record, with the source `redrive` and the
    `event_id` and `ingested_at` of the first: it is the same webhook, and came when it came.
    """

    event_id: str
    source: Source
    ingested_at: datetime
    webhook: Webhook
    outcome: Outcome


_encoder = msgspec.msgpack.Encoder(order="deterministic")
_decoder = msgspec.msgpack.Decoder(Record)


def encode_record(record: Record) -> bytes:
    """Encode a record as MessagePack; equal records give equal bytes."""
    return _encoder.encode(record)


def decode_record(blob: bytes) -> Record:
    """Decode a record. Raises `msgspec.DecodeError` if the bytes are not a record."""
    return _decoder.decode(blob)


def digest(webhook: Webhook, outcome: Outcome) -> str:
    """Return the content key, 32 hex digits, by which a redelivered webhook is recognised.

    An event is keyed by its decoded fields and its tags, so that the same receipt spelt in
    another encoding is the same; a dead letter by its raw body.
    """
    content = webhook.raw if isinstance(outcome, DeadLetter) else outcome
    return blake2b(_encoder.encode((content, webhook.tags)), digest_size=DIGEST_BYTES).hexdigest()
