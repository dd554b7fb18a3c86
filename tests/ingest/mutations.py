"""Bodies that nobody should send, made from those on the wire: seeded, so any can be made again."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from eventlog.event import (
    DeadLetter,
    Record,
    ReplyReceived,
    StatusReported,
    Webhook,
    decode_record,
    encode_record,
)
from eventlog.schema import records, split
from ingest.decoder import decode

WIRE = Path(__file__).parents[1] / "wire" / "webhooks.ndjson"
CONTENT_TYPES = (
    "",
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=XX",
    "text/plain; charset=utf-16",
)
FRAGMENTS = (
    b"&", b"=", b"%", b"%00", b"%ff", b"[", b"]", b"'", b'"', b"\x00", b"\xff", b"\r\n", b"--XX",
    b"--XX--", b"{", b"}", b":", b",", b"null", b"1e999", b"\\ud800", b"\\u0000", b"+", b" ",
    b"uuid=", b"status=", b"sent_at=", b"receiver[number]=", b"body=", b"received_at=",
    b"Content-Disposition: form-data; name=",
)  # fmt: skip
STORED_TOGETHER = 500
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def flip(chance: random.Random, body: bytes, _other: bytes) -> bytes:
    """Flip a few bits."""
    changed = bytearray(body)
    for _ in range(chance.randint(1, 4) if body else 0):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def splice(chance: random.Random, body: bytes, other: bytes) -> bytes:
    """Join the beginning of one body and the end of another."""
    return body[: chance.randint(0, len(body))] + other[chance.randint(0, len(other)) :]


def truncate(chance: random.Random, body: bytes, _other: bytes) -> bytes:
    """Leave the end away, or the beginning."""
    at = chance.randint(0, len(body))
    return body[:at] if chance.random() < 0.7 else body[at:]


def repeat(chance: random.Random, body: bytes, _other: bytes) -> bytes:
    """Say some fields, or any part, several times."""
    fields = body.split(b"&")
    if len(fields) > 1:
        return b"&".join(chance.choices(fields, k=chance.randint(1, 2 * len(fields))))
    at, end = sorted(chance.randint(0, len(body)) for _ in range(2))
    return body[:at] + body[at:end] * chance.randint(0, 9) + body[end:]


def insert(chance: random.Random, body: bytes, _other: bytes) -> bytes:
    """Put a fragment that means something somewhere."""
    at = chance.randint(0, len(body))
    return body[:at] + chance.choice(FRAGMENTS) * chance.choice((1, 1, 1, 2, 40)) + body[at:]


def nest(chance: random.Random, body: bytes, _other: bytes) -> bytes:
    """Wrap the body deeply."""
    depth = chance.choice((1, 2, 3, 4, 5, 20, 3_000))
    left, right = chance.choice(((b"[", b"]"), (b'{"receiver":', b"}"), (b'{"a":[', b"]}")))
    return left * depth + body + right * depth


MUTATIONS: tuple[Callable[[random.Random, bytes, bytes], bytes], ...] = (
    flip,
    splice,
    truncate,
    repeat,
    insert,
    nest,
)


def mutated(seed: int, count: int) -> Iterator[Webhook]:
    """Return so many webhooks, each mutated once to three times."""
    chance = random.Random(seed)
    cases = [json.loads(line) for line in WIRE.read_text().splitlines()]
    bodies = [case["body"].encode() for case in cases]
    types = [case["content_type"] for case in cases]
    for _ in range(count):
        at = chance.randrange(len(bodies))
        body = bodies[at]
        for mutation in chance.choices(MUTATIONS, (4, 3, 2, 3, 4, 1), k=chance.randint(1, 3)):
            body = mutation(chance, body, chance.choice(bodies))
        content_type = types[at] if chance.random() < 0.8 else chance.choice(CONTENT_TYPES)
        yield Webhook(raw=body, content_type=content_type)


def fuzz(seed: int, count: int) -> dict[str, int]:
    """Decode and store so many mutated webhooks; return how many became what.

    Each outcome must be complete and survive the journal; some hundreds together, the tables.
    """
    kinds: dict[str, int] = {}
    kept: list[Record] = []
    for webhook in mutated(seed, count):
        outcome = decode(webhook)
        assert isinstance(outcome, StatusReported | ReplyReceived | DeadLetter)
        assert not isinstance(outcome, DeadLetter) or outcome.reasons
        record = Record(
            event_id="", source="webhook", ingested_at=NOON, webhook=webhook, outcome=outcome
        )
        assert decode_record(encode_record(record)) == record
        kinds[type(outcome).__name__] = kinds.get(type(outcome).__name__, 0) + 1
        kept.append(record)
        if len(kept) == STORED_TOGETHER:
            store(kept)
            kept.clear()
    return kinds


def store(kept: list[Record]) -> None:
    numbered = list(enumerate(kept))
    read = [each for frame in split("node", numbered) for each in records(frame)]
    assert sorted(read, key=lambda each: each[0]) == numbered
