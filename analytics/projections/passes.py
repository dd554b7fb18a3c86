"""How to read the log for a rebuild: the days of sending, a few at a time. Pure.

What a message's events say is joined in memory, so a rebuild of everything at once would need
memory for all messages. Events come near the time of sending, so a pass over some days of sending
finds all that it needs in few row groups of the log. Where that is not so, passes are widened
until what they read together is at most `READ_MAX` times the log, in the end to a single one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

READ_MAX = 1.5
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Span:
    """One row group of the log: the days of sending that it speaks of, None if it does not say."""

    file: str
    rows: int
    days: tuple[int, int] | None


@dataclass(frozen=True)
class Pass:
    """Messages sent from `begins` up to, not including, `ends`; None is no bound. Files to read."""

    begins: datetime | None
    ends: datetime | None
    files: list[str]


def passes(spans: Sequence[Span], rows_max: int) -> list[Pass]:
    """Divide the days of sending into passes of about `rows_max` events each."""
    everything = Pass(None, None, sorted({span.file for span in spans}))
    if not spans or any(span.days is None for span in spans):
        return [everything]
    total = sum(span.rows for span in spans)
    while True:
        firsts = _firsts(spans, rows_max)
        found = [
            (first, until, [span for span in spans if _overlaps(span, first, until)])
            for first, until in zip([None, *firsts[1:]], [*firsts[1:], None], strict=True)
        ]
        if sum(span.rows for *_, read in found for span in read) <= READ_MAX * total:
            return [
                Pass(_midnight(first), _midnight(until), sorted({span.file for span in read}))
                for first, until, read in found
            ]
        rows_max *= 2


def _midnight(day: int | None) -> datetime | None:
    return None if day is None else EPOCH + timedelta(days=day)


def _firsts(spans: Sequence[Span], rows_max: int) -> list[int]:
    """Return the first day of each pass."""
    rows: Counter[int] = Counter()
    for span in spans:
        if span.days:
            rows[span.days[0]] += span.rows
    firsts: list[int] = []
    gathered = 0
    for day in sorted(rows):
        if not firsts or gathered >= rows_max:
            firsts.append(day)
            gathered = 0
        gathered += rows[day]
    return firsts


def _overlaps(span: Span, first: int | None, until: int | None) -> bool:
    days = span.days
    return (
        days is not None
        and (until is None or days[0] < until)
        and (first is None or first <= days[1])
    )
