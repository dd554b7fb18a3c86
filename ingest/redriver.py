"""Decodes dead letters again: those that can be decoded now become events, once each.

    dead_letters/ ──decode──▶ event ──▶ journal, with a mark: one commit
                         └──▶ dead letter still: nothing is written

The dead letter stays, for the log is immutable. Its event keeps the `event_id`, which ties the two
together, and the `ingested_at`, so that "first ingested" stays true. The marks are kept in the
journal, so whatever cuts a redrive short, the next one appends what is missing and nothing twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import msgspec
import polars as pl

from eventlog.event import DeadLetter, Reason, Record, encode_record
from eventlog.layout import Layout
from eventlog.schema import DEAD_LETTERS, PARTITION_COLUMN
from eventlog.schema import records as records_of
from eventlog.table import LOG_FOLDER, Table
from ingest.decoder import decode
from ingest.journal import Journal

BATCH_RECORDS_MAX = 1_000


@dataclass
class Redriven:
    """What became of the dead letters; `decoded` and `left` count them by reason, too.

    A dead letter with several reasons counts for each of them.
    """

    events: int = 0
    before: int = 0
    still_dead: int = 0
    reworded: int = 0
    decoded: Counter[Reason] = field(default_factory=Counter)
    left: Counter[Reason] = field(default_factory=Counter)


def redrive(
    layout: Layout,
    journal: Journal,
    progress: Callable[[int, int], None],
    *,
    dry_run: bool = False,
    batch_records_max: int = BATCH_RECORDS_MAX,
) -> Redriven:
    """Decode every sealed dead letter again, and append those that are events now to the journal.

    `progress` is told the dead letters done and those in all; with `dry_run` nothing is appended.
    Raises `JournalError`, `TableError` or `OSError`; what was appended before that is safe.
    """
    result = Redriven()
    for done, total, batch in _batches(layout, batch_records_max):
        fresh = [record for record in batch if not journal.is_redriven(record.event_id)]
        result.before += len(batch) - len(fresh)
        events = {}
        for record in fresh:
            again = redecoded(record)
            _count(result, record, again)
            if not isinstance(again.outcome, DeadLetter):
                events[record.event_id] = encode_record(again)
        if events and not dry_run:
            journal.append_redriven(events)
        progress(done, total)
    return result


def redecoded(record: Record) -> Record:
    """Return the record that a dead letter gives with the present decoder."""
    return msgspec.structs.replace(record, source="redrive", outcome=decode(record.webhook))


def _count(result: Redriven, record: Record, again: Record) -> None:
    assert isinstance(record.outcome, DeadLetter)
    reasons = set(record.outcome.reasons)
    if isinstance(again.outcome, DeadLetter):
        result.still_dead += 1
        result.reworded += reasons != set(again.outcome.reasons)
        result.left.update(reasons)
    else:
        result.events += 1
        result.decoded.update(reasons)


def _batches(layout: Layout, size: int) -> Iterator[tuple[int, int, list[Record]]]:
    """Yield the dead letters, some at a time, with how many those and all before them are."""
    if not (layout.dead_letters / LOG_FOLDER).exists():
        return
    table = Table.open(layout.dead_letters, DEAD_LETTERS, PARTITION_COLUMN)
    files = table.actions().sort("seq_min").select("path", "rows").rows()
    total = sum(rows for _, rows in files)
    done = 0
    for path, rows in files:
        scan = pl.scan_parquet(table.folder / path, hive_partitioning=False)
        for start in range(0, rows, size):
            piece = scan.slice(start, size).collect()
            done += piece.height
            yield done, total, [record for _, record in records_of(piece)]
