"""Takes in webhooks recorded elsewhere, one JSON object a line, as if SMSO had called.

    {"ingested_at": "2026-11-02T08:15:05Z", "content_type": "application/json", "body": "…"}

`body` is text, or `body_base64` the exact bytes; `url` gives the tags as for HTTP. All but the
body may be left out. Lines that are no such object are named and the rest is taken all the same.
"""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from urllib.parse import unquote, urlsplit

import msgspec
import uuid_utils

from eventlog.event import DeadLetter, Record, Webhook, encode_record
from ingest import decoder
from ingest.journal import Journal
from ingest.tags import tags_of

BATCH_RECORDS_MAX = 2_000
LINE_BYTES_MAX = 1024 * 1024
REFUSED_LINES_KEPT_MAX = 100

Clock = Callable[[], datetime]


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=False):
    """One recorded webhook."""

    body: str | None = None
    body_base64: str | None = None
    content_type: str | None = None
    ingested_at: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class RefusedLine:
    """A line that is no recorded webhook; lines are counted from 1."""

    number: int
    problem: str


@dataclass
class ImportSummary:
    """What an import took; of the refused lines the first `REFUSED_LINES_KEPT_MAX` are named."""

    events: int = 0
    dead_letters: int = 0
    refused: int = 0
    refused_lines: list[RefusedLine] = field(default_factory=list)


class RefusedLineError(ValueError):
    """A line is no recorded webhook; the message says what is wrong with it."""


_decode_line = msgspec.json.Decoder(Line).decode


def import_file(
    lines: Iterable[bytes], journal: Journal, clock: Clock, progress: Callable[[int], None]
) -> ImportSummary:
    """Append every recorded webhook to the journal, batch by batch, each batch synced.

    `clock` gives the time of lines that have none; `progress` is told the bytes taken so far.
    Raises `JournalError`; the batches before it are safe.
    """
    summary = ImportSummary()
    numbered = enumerate(lines, start=1)
    bytes_taken = 0
    while batch := list(islice(numbered, BATCH_RECORDS_MAX)):
        records = [encode_record(record) for record in _records(batch, clock(), summary)]
        if records:
            journal.append_many(records)
        bytes_taken += sum(len(line) for _, line in batch)
        progress(bytes_taken)
    return summary


def _records(
    batch: list[tuple[int, bytes]], now: datetime, summary: ImportSummary
) -> Iterator[Record]:
    for number, line in batch:
        if not line.strip():
            continue
        try:
            record = recorded(line, now)
        except RefusedLineError as error:
            summary.refused += 1
            if len(summary.refused_lines) < REFUSED_LINES_KEPT_MAX:
                summary.refused_lines.append(RefusedLine(number, str(error)))
            continue
        if isinstance(record.outcome, DeadLetter):
            summary.dead_letters += 1
        else:
            summary.events += 1
        yield record


def recorded(line: bytes, now: datetime) -> Record:
    """Return the record of one line. Raises `RefusedLineError`."""
    if len(line) > LINE_BYTES_MAX:
        raise RefusedLineError(f"longer than {LINE_BYTES_MAX:,} bytes")
    try:
        parsed = _decode_line(line)
    except ValueError as error:
        raise RefusedLineError(f"not a recorded webhook: {error}") from error
    webhook = Webhook(
        raw=_raw(parsed),
        content_type=parsed.content_type or "",
        tags=_tags(parsed.url) if parsed.url else {},
    )
    return Record(
        event_id=str(uuid_utils.uuid7()),
        source="import",
        ingested_at=_ingested_at(parsed, now),
        webhook=webhook,
        outcome=decoder.decode(webhook),
    )


def _raw(line: Line) -> bytes:
    if (line.body is None) == (line.body_base64 is None):
        raise RefusedLineError("needs either body or body_base64")
    if line.body is not None:
        return line.body.encode()
    try:
        return b64decode(line.body_base64 or "", validate=True)
    except Base64Error as error:
        raise RefusedLineError(f"body_base64: {error}") from error


def _ingested_at(line: Line, now: datetime) -> datetime:
    instant = decoder.time(line.ingested_at.strip()) if line.ingested_at else now
    if instant is None:
        raise RefusedLineError("ingested_at is not a time like 2026-11-02T08:15:05Z")
    return instant


def _tags(url: str) -> dict[str, str]:
    """Return the tags of a URL: its query's, and what comes last after `/smso/` as campaign."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise RefusedLineError(f"url: {error}") from error
    _, _, after = parts.path.rstrip("/").partition("/smso/")
    campaign = unquote(after.rpartition("/")[2])
    return tags_of(parts.query.encode(), campaign or None)
