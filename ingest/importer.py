"""Takes in webhooks recorded elsewhere, one JSON object a line (recorded.py).

    lines ──batches──▶ decoded, in other processes ──in order──▶ journal, a synced commit a batch

Lines that are no recorded webhook are named and the rest is taken all the same; those that an
earlier import has taken are left out (taken.py).
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import compress, islice
from multiprocessing import get_context, parent_process
from typing import NamedTuple

from eventlog.event import DeadLetter, encode_record
from ingest.journal import Journal
from ingest.recorded import RefusedLineError, recorded
from ingest.taken import Taken

BATCH_RECORDS_MAX = 2_000
BATCHES_AHEAD_MAX = 8
POOL_BYTES_MIN = 4 * 1024 * 1024
REFUSED_LINES_KEPT_MAX = 100

Clock = Callable[[], datetime]


class RefusedLine(NamedTuple):
    """A line that is no recorded webhook; lines are counted from 1."""

    number: int
    problem: str


@dataclass
class ImportSummary:
    """What an import took; of the refused lines the first `REFUSED_LINES_KEPT_MAX` are named.

    `taken_before` counts the lines that an earlier import had taken.
    """

    events: int = 0
    dead_letters: int = 0
    taken_before: int = 0
    refused: int = 0
    refused_lines: list[RefusedLine] = field(default_factory=list)


class _Batch(NamedTuple):
    """A batch decoded: of each webhook the key, the record, and whether it is a dead letter."""

    keys: list[bytes]
    records: list[bytes]
    are_dead_letters: list[bool]
    refused: list[RefusedLine]
    size_bytes: int


@contextmanager
def decoders(size_bytes: int) -> Iterator[Executor | None]:
    """Yield processes that decode, one for each core.

    There are none where there is one core only, or so little to do that they would not pay.
    """
    cores = os.cpu_count() or 1
    if cores < 2 or size_bytes < POOL_BYTES_MIN:
        yield None
        return
    with ProcessPoolExecutor(cores, get_context("spawn"), _follow_parent) as pool:
        yield pool


def _follow_parent() -> None:
    """End when the parent ends, however it ends; leave Ctrl-C to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def import_file(
    lines: Iterable[bytes],
    journal: Journal,
    clock: Clock,
    progress: Callable[[int], None],
    *,
    taken: Taken | None = None,
    pool: Executor | None = None,
) -> ImportSummary:
    """Append every recorded webhook to the journal, batch by batch, each batch synced.

    `clock` gives the time of lines that have none; `progress` is told the bytes taken so far;
    lines in `taken` are left out, and crossed off; `pool` decodes, or this process without one.
    Raises `JournalError`; the batches before it are safe.
    """
    summary = ImportSummary()
    bytes_taken = 0
    for batch in _batches(lines, clock, pool):
        if taken is not None:
            batch = _without(taken, batch, summary)
        if batch.records:
            journal.append_many(batch.records, imported_keys=b"".join(batch.keys))
        _add(batch, summary)
        bytes_taken += batch.size_bytes
        progress(bytes_taken)
    return summary


def _batches(lines: Iterable[bytes], clock: Clock, pool: Executor | None) -> Iterator[_Batch]:
    """Decode the lines, batch by batch, in order: with a pool, a few batches ahead."""
    if pool is None:
        yield from (_decoded(*batch, clock()) for batch in _cut(lines))
        return
    ahead: deque[Future[_Batch]] = deque()
    try:
        for batch in _cut(lines):
            ahead.append(pool.submit(_decoded, *batch, clock()))
            if len(ahead) >= BATCHES_AHEAD_MAX:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
    finally:
        for future in ahead:
            future.cancel()


def _cut(lines: Iterable[bytes]) -> Iterator[tuple[int, list[bytes]]]:
    """Return the lines in batches, each with the number of its first."""
    rest = iter(lines)
    first = 1
    while batch := list(islice(rest, BATCH_RECORDS_MAX)):
        yield first, batch
        first += len(batch)


def _decoded(first: int, lines: list[bytes], now: datetime) -> _Batch:
    batch = _Batch([], [], [], [], sum(map(len, lines)))
    for number, line in enumerate(lines, first):
        if not line.strip():
            continue
        try:
            key, record = recorded(line, now)
        except RefusedLineError as error:
            batch.refused.append(RefusedLine(number, str(error)))
        else:
            batch.keys.append(key)
            batch.records.append(encode_record(record))
            batch.are_dead_letters.append(isinstance(record.outcome, DeadLetter))
    return batch


def _without(taken: Taken, batch: _Batch, summary: ImportSummary) -> _Batch:
    """Return what is new in a batch, and count what is not."""
    new = [not taken.cross_off(key) for key in batch.keys]
    summary.taken_before += new.count(False)
    return batch._replace(
        keys=list(compress(batch.keys, new)),
        records=list(compress(batch.records, new)),
        are_dead_letters=list(compress(batch.are_dead_letters, new)),
    )


def _add(batch: _Batch, summary: ImportSummary) -> None:
    dead_letters = sum(batch.are_dead_letters)
    summary.events += len(batch.records) - dead_letters
    summary.dead_letters += dead_letters
    summary.refused += len(batch.refused)
    room = REFUSED_LINES_KEPT_MAX - len(summary.refused_lines)
    summary.refused_lines += batch.refused[:room]
