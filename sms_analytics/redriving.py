"""Decodes the dead letters again and says what changed, in lines without anything personal."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.journal import Journal
from ingest.redriver import Redriven
from ingest.redriver import redrive as decode_again
from sms_analytics import jobs
from sms_analytics.progress import Advance
from sms_analytics.settings import Settings


def redrive(settings: Settings, advance: Advance, *, dry_run: bool = False) -> Iterator[str]:
    """Seal, decode every dead letter again, and return what became of them, line by line.

    Raises `JournalError`, `TableError` or `OSError`; what was appended before that is safe.
    """
    jobs.seal(settings)
    with Journal.open(settings.layout.journal) as journal:
        result = decode_again(settings.layout, journal, advance, dry_run=dry_run)
    return _told(result, "would be decoded" if dry_run else "decoded")


def _told(result: Redriven, done: str) -> Iterator[str]:
    yield f"{done}: {result.events:,}"
    yield f"decoded before: {result.before:,}"
    yield f"not decodable: {result.still_dead:,}, {result.reworded:,} of them for other reasons now"
    for reason in sorted(
        {**result.decoded, **result.left}, key=lambda each: (each.field, each.expected)
    ):
        counts = f"{result.decoded[reason]:,} {done}, {result.left[reason]:,} not"
        yield f"  {reason.field}: {reason.expected}: {counts}"
