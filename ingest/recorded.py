"""One line of a recording, read and decoded as if SMSO had called. Pure.

    {"ingested_at": "2026-11-02T08:15:05Z", "content_type": "application/json", "body": "…"}

`body` is text, or `body_base64` the exact bytes; `url` gives the tags as for HTTP. All but the
body may be left out.
"""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as Base64Error
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import msgspec
import uuid_utils

from eventlog.event import Record, Webhook
from ingest import decoder
from ingest.tags import tags_of
from ingest.taken import key_of

LINE_BYTES_MAX = 1024 * 1024
URLS_KEPT_MAX = 1_024
URL_KEPT_LENGTH_MAX = 256


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=False):
    """One recorded webhook."""

    body: str | None = None
    body_base64: str | None = None
    content_type: str | None = None
    ingested_at: str | None = None
    url: str | None = None


class RefusedLineError(ValueError):
    """A line is no recorded webhook; the message says what is wrong with it."""


class Recorded(NamedTuple):
    """A recorded webhook as the journal keeps it, and the key by which it is known again."""

    key: bytes
    record: Record


_decode_line = msgspec.json.Decoder(Line).decode


def recorded(line: bytes, now: datetime) -> Recorded:
    """Return what one line records; without a time of its own it came `now`.

    Raises `RefusedLineError`.
    """
    if len(line) > LINE_BYTES_MAX:
        raise RefusedLineError(f"longer than {LINE_BYTES_MAX:,} bytes")
    try:
        parsed = _decode_line(line)
    except ValueError as error:
        raise RefusedLineError(f"not a recorded webhook: {error}") from error
    webhook = Webhook(
        raw=_raw(parsed), content_type=parsed.content_type or "", tags=_tags_of(parsed.url or "")
    )
    ingested_at = _ingested_at(parsed)
    record = Record(
        event_id=str(uuid_utils.uuid7()),
        source="import",
        ingested_at=ingested_at or now,
        webhook=webhook,
        outcome=decoder.decode(webhook),
    )
    return Recorded(key_of(webhook, ingested_at), record)


def _raw(line: Line) -> bytes:
    if (line.body is None) == (line.body_base64 is None):
        raise RefusedLineError("needs either body or body_base64")
    if line.body is not None:
        return line.body.encode()
    try:
        return b64decode(line.body_base64 or "", validate=True)
    except Base64Error as error:
        raise RefusedLineError(f"body_base64: {error}") from error


def _ingested_at(line: Line) -> datetime | None:
    if not line.ingested_at:
        return None
    instant = decoder.time(line.ingested_at.strip())
    if instant is None:
        raise RefusedLineError("ingested_at is not a time like 2026-11-02T08:15:05Z")
    return instant


def _tags_of(url: str) -> dict[str, str]:
    if not url:
        return {}
    return _kept_tags(url) if len(url) <= URL_KEPT_LENGTH_MAX else _tags(url)


def _tags(url: str) -> dict[str, str]:
    """Return the tags of a URL: its query's, and what comes last after `/smso/` as campaign."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise RefusedLineError(f"url: {error}") from error
    _, _, after = parts.path.rstrip("/").partition("/smso/")
    campaign = unquote(after.rpartition("/")[2])
    return tags_of(parts.query.encode(), campaign or None)


_kept_tags = lru_cache(URLS_KEPT_MAX)(_tags)
