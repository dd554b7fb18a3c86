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
from itertools import islice
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


class _Ready(NamedTuple):
    key: bytes
    record: bytes
    is_dead_letter: bool


class _Batch(NamedTuple):
    ready: list[_Ready]
    refused: list[RefusedLine]
    size_bytes: int


@contextmanager
def decoders(size_bytes: int) -> Iterator[Executor | None]:
    """Yield processes that decode, one for each core.

    There are none where there is one core only, or so little to do that they would not pay.
    """
    cores = len(os.sched_getaffinity(0))
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
        new = [each for each in batch.ready if taken is None or not taken.cross_off(each.key)]
        if new:
            keys = b"".join(each.key for each in new)
            journal.append_many([each.record for each in new], imported_keys=keys)
        _add(summary, batch, new)
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
    batch = _Batch([], [], sum(map(len, lines)))
    for number, line in enumerate(lines, first):
        if not line.strip():
            continue
        try:
            key, record = recorded(line, now)
        except RefusedLineError as error:
            batch.refused.append(RefusedLine(number, str(error)))
        else:
            is_dead = isinstance(record.outcome, DeadLetter)
            batch.ready.append(_Ready(key, encode_record(record), is_dead))
    return batch


def _add(summary: ImportSummary, batch: _Batch, new: list[_Ready]) -> None:
    dead_letters = sum(each.is_dead_letter for each in new)
    summary.events += len(new) - dead_letters
    summary.dead_letters += dead_letters
    summary.taken_before += len(batch.ready) - len(new)
    summary.refused += len(batch.refused)
    room = REFUSED_LINES_KEPT_MAX - len(summary.refused_lines)
    summary.refused_lines += batch.refused[:room]
