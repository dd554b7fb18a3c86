"""Which recorded webhooks earlier imports have taken, so that none is taken twice.

A recorded webhook is known by a key of 16 bytes: of its body, content type, tags and time as the
recording gives them, whatever file it stands in and however its JSON is spelt. The keys of a batch
are committed to the journal together with its records, and stay there.

Each key that was taken before answers for one line: of a line that stands twice in a file and was
taken once, one is new.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from hashlib import blake2b

import msgspec

from eventlog.event import Webhook

KEY_BYTES = 16
_PREFIX_BYTES = 2

_encode = msgspec.msgpack.Encoder(order="deterministic").encode


def key_of(webhook: Webhook, ingested_at: datetime | None) -> bytes:
    """Return the key of a recorded webhook; one without a time has the same key every time."""
    return blake2b(_encode((webhook, ingested_at)), digest_size=KEY_BYTES).digest()


class Taken:
    """The keys of earlier imports, about 16 bytes each: in buckets by how they begin."""

    def __init__(self, joined_keys: Iterable[bytes]) -> None:
        """Take in keys, many in each piece."""
        self._buckets: dict[bytes, bytearray] = {}
        for piece in joined_keys:
            for at in range(0, len(piece), KEY_BYTES):
                key = piece[at : at + KEY_BYTES]
                self._buckets.setdefault(key[:_PREFIX_BYTES], bytearray()).extend(key)

    def cross_off(self, key: bytes) -> bool:
        """Tell whether a key is there, and take it out once."""
        bucket = self._buckets.get(key[:_PREFIX_BYTES])
        if bucket is None:
            return False
        at = bucket.find(key)
        while at > 0 and at % KEY_BYTES:
            at = bucket.find(key, at + 1)
        if at < 0:
            return False
        del bucket[at : at + KEY_BYTES]
        return True
