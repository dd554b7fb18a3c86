"""Appends to the journal for many waiting requests at once: group commit by one thread.

    requests ──append──▶ queue ──all that gathered──▶ BEGIN … COMMIT (synced) ──▶ futures

While one batch is being synced the next one gathers, so the more requests wait, the fewer syncs
each of them costs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import NamedTuple, Self

from eventlog.event import Record, encode_record
from ingest.journal import (
    Journal,
    JournalError,
    JournalOverloadedError,
    JournalUnavailableError,
)

QUEUE_RECORDS_MAX = 10_000
BATCH_RECORDS_MAX = 1_000
RECOVERY_SECONDS = 1.0


class _Waiting(NamedTuple):
    record: bytes
    seq: asyncio.Future[int]


class JournalWriter:
    """The one who appends to the journal in a server. Use it from one event loop."""

    def __init__(self, path: Path, queue_records_max: int = QUEUE_RECORDS_MAX) -> None:
        """Open the journal and begin. Raises `JournalUnavailableError`."""
        self._path = path
        self._queue_records_max = queue_records_max
        self._journal: Journal | None = Journal.open(path)
        self._queue: SimpleQueue[list[_Waiting] | None] = SimpleQueue()
        self._gathering: list[_Waiting] = []
        self._waiting = 0
        self._closed = False
        self._thread = Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Commit what waits, answer those who wait, and close the journal."""
        self._hand_over()
        self._closed = True
        self._queue.put(None)
        self._thread.join()

    async def append(self, record: Record) -> int:
        """Return the record's seq once it is on disk, synced.

        Raises `JournalOverloadedError` when too many wait already and `JournalUnavailableError`
        when it could not be made durable.
        """
        if self._closed:
            raise JournalUnavailableError("the journal is closed")
        if self._waiting >= self._queue_records_max:
            raise JournalOverloadedError(f"{self._queue_records_max} webhooks are waiting already")
        loop = asyncio.get_running_loop()
        seq: asyncio.Future[int] = loop.create_future()
        if not self._gathering:
            loop.call_soon(self._hand_over)
        self._gathering.append(_Waiting(encode_record(record), seq))
        self._waiting += 1
        try:
            return await seq
        finally:
            self._waiting -= 1

    def _hand_over(self) -> None:
        """Queue what came in one turn of the loop at once: waking the thread costs the most."""
        batch, self._gathering = self._gathering, []
        if batch and self._closed:
            _resolve(batch, JournalUnavailableError("the journal is closed"))
        elif batch:
            self._queue.put(batch)

    def is_open(self) -> bool:
        """Tell whether the last write succeeded, so that the next one may be expected to."""
        return self._journal is not None and not self._closed

    def waiting(self) -> int:
        """Return how many records wait to be on disk."""
        return self._waiting

    def _run(self) -> None:
        try:
            while batch := self._gather():
                self._write(batch)
        finally:
            # Whatever ends this thread, nobody may be left to wait for it.
            self._closed = True
            self._let_go()
            while batch := self._gathered([]):
                _tell(batch, JournalUnavailableError("the journal is closed"))

    def _gather(self) -> list[_Waiting]:
        while True:
            try:
                first = self._queue.get(timeout=None if self._journal else RECOVERY_SECONDS)
            except Empty:
                self._recover()
            else:
                return self._gathered(first) if first else []

    def _gathered(self, batch: list[_Waiting]) -> list[_Waiting]:
        with suppress(Empty):
            while len(batch) < BATCH_RECORDS_MAX:
                waiting = self._queue.get_nowait()
                if waiting is None:
                    self._queue.put(None)
                    break
                batch += waiting
        return batch

    def _write(self, batch: list[_Waiting]) -> None:
        try:
            journal = self._journal or Journal.recover(self._path)
            self._journal = journal
            seqs = journal.append_many([waiting.record for waiting in batch])
        except JournalError as error:
            # After a failed write or sync nothing is known of this connection's state.
            self._let_go()
            _tell(batch, error)
        else:
            _tell(batch, seqs)

    def _recover(self) -> None:
        """Try to be ready again before the next webhook comes."""
        with suppress(JournalError):
            self._journal = Journal.recover(self._path)

    def _let_go(self) -> None:
        if self._journal is not None:
            self._journal.close()
        self._journal = None


def _tell(batch: Sequence[_Waiting], result: range | JournalError) -> None:
    # A loop that is closed has nobody left to tell.
    with suppress(RuntimeError):
        batch[0].seq.get_loop().call_soon_threadsafe(_resolve, batch, result)


def _resolve(batch: Sequence[_Waiting], result: range | JournalError) -> None:
    for index, waiting in enumerate(batch):
        if waiting.seq.done():  # cancelled: its client has gone
            continue
        if isinstance(result, JournalError):
            waiting.seq.set_exception(result)
        else:
            waiting.seq.set_result(result[index])
