"""Appends to the journal for many waiting requests at once: group commit by one thread.

    requests ──append──▶ queue ──all that gathered──▶ one synced commit ──▶ each is told

While one batch is being synced the next one gathers, so the more requests wait, the fewer syncs
each of them costs. In a crowd a moment is left for those whose requests are just being read: this
thread and the loop's would else take turns so often that a tenth of the processor goes to that.

Nobody waits for ever: when a batch is not on disk in time, because the disk or another process
that writes stands still, its requests are told so, and are left out when the journal's turn comes
at last.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from time import sleep
from typing import NamedTuple, Self

import msgspec

from eventlog.event import Record, encode_record
from ingest.journal import (
    Journal,
    JournalError,
    JournalOverloadedError,
    JournalUnavailableError,
)

log = logging.getLogger(__name__)

QUEUE_RECORDS_MAX = 10_000
QUEUE_BYTES_MAX = 64 * 1024 * 1024
BATCH_RECORDS_MAX = 1_000
RECOVERY_SECONDS = 1.0
CROWD_RECORDS = 8
CROWD_SECONDS = 0.0001
ACKNOWLEDGE_SECONDS_MAX = 10.0


class Waiting(NamedTuple):
    """What waits to be on disk: so many records, of so many bytes as they are encoded."""

    records: int
    bytes: int


class _Request(msgspec.Struct):
    """A record as it is encoded, and who is to be told its seq, or why it has none."""

    record: bytes
    told: Callable[[int | JournalError], None]
    is_told: bool = False

    def tell(self, result: int | JournalError) -> None:
        """Tell it, once. Whatever that raises is not the others' fault."""
        if self.is_told:
            return
        self.is_told = True
        try:
            self.told(result)
        except Exception:
            log.exception("a result was not told")


class _Batch(NamedTuple):
    """The requests of one turn of the loop, and when they came by its clock."""

    requests: list[_Request]
    came_at: float


class JournalWriter:
    """The one who appends to the journal in a server. Use it from one event loop."""

    def __init__(
        self,
        path: Path,
        queue_records_max: int = QUEUE_RECORDS_MAX,
        queue_bytes_max: int = QUEUE_BYTES_MAX,
        acknowledge_seconds_max: float = ACKNOWLEDGE_SECONDS_MAX,
    ) -> None:
        """Open the journal and begin. Raises `JournalUnavailableError`."""
        self._path = path
        self._queue_records_max = queue_records_max
        self._queue_bytes_max = queue_bytes_max
        self._seconds_max = acknowledge_seconds_max
        self._journal: Journal | None = Journal.open(path)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._queue: SimpleQueue[_Batch | None] = SimpleQueue()
        self._gathering: list[_Request] = []
        self._handed_over: deque[_Batch] = deque()
        self._records = 0
        self._bytes = 0
        self._timer: asyncio.TimerHandle | None = None
        self._is_late = False
        self._is_crowded = False
        self._closed = False
        self._thread = Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Commit what waits, answer those who wait, and close the journal.

        A journal that stands still is left to itself after a while: nobody waits for it any more.
        """
        if self._loop is not None:
            self._hand_over(self._loop)
        self._closed = True
        self._queue.put(None)
        self._thread.join(self._seconds_max)

    def append(self, record: Record, told: Callable[[int | JournalError], None]) -> None:
        """Call `told`, in the loop, with the record's seq once it is on disk, synced.

        It is called with a `JournalUnavailableError` when the record could not be made durable, or
        not in time. Raises `JournalOverloadedError` when too much waits already and
        `JournalUnavailableError` when the journal is closed.
        """
        if self._closed:
            raise JournalUnavailableError("the journal is closed")
        encoded = encode_record(record)
        size = self._bytes + len(encoded)
        if self._records >= self._queue_records_max or size > self._queue_bytes_max:
            raise JournalOverloadedError(f"{self._records} webhooks are waiting already")
        if not self._gathering:
            self._loop = asyncio.get_running_loop()
            self._loop.call_soon(self._hand_over, self._loop)
        self._gathering.append(_Request(encoded, told))
        self._records += 1
        self._bytes = size

    def is_full(self) -> bool:
        """Tell whether so much waits that there is no room for one more."""
        return self._records >= self._queue_records_max or self._bytes >= self._queue_bytes_max

    def is_open(self) -> bool:
        """Tell whether the last write succeeded, and in time: the next one may be expected to."""
        return self._journal is not None and not self._closed and not self._is_late

    def waiting(self) -> Waiting:
        """Return how much waits to be on disk."""
        return Waiting(self._records, self._bytes)

    def _hand_over(self, loop: asyncio.AbstractEventLoop) -> None:
        """Queue what came in one turn of the loop at once: waking the thread costs the most."""
        requests, self._gathering = self._gathering, []
        if not requests:
            return
        if self._closed:
            self._make_room(requests)
            _refuse(requests, JournalUnavailableError("the journal is closed"))
            return
        batch = _Batch(requests, loop.time())
        self._handed_over.append(batch)
        self._queue.put(batch)
        if self._timer is None:
            self._timer = loop.call_later(self._seconds_max, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        """Tell those who have waited too long; they still take up room, until they are let go."""
        latest = loop.time() - self._seconds_max
        self._timer = None
        for batch in self._handed_over:
            if batch.came_at > latest:
                self._timer = loop.call_at(batch.came_at + self._seconds_max, self._look, loop)
                return
            self._is_late = True
            _refuse(batch.requests, JournalUnavailableError("the journal stands still"))

    def _run(self) -> None:
        try:
            while batches := self._gather():
                self._write(batches)
        finally:
            # Whatever ends this thread, nobody may be left to wait for it.
            self._closed = True
            self._let_go()
            while batches := self._gathered([]):
                self._tell(batches, [], JournalUnavailableError("the journal is closed"))

    def _gather(self) -> list[_Batch]:
        while True:
            try:
                first = self._queue.get(timeout=None if self._journal else RECOVERY_SECONDS)
            except Empty:
                self._recover()
            else:
                if self._is_crowded:
                    sleep(CROWD_SECONDS)
                batches = self._gathered([first]) if first else []
                self._is_crowded = _records(batches) > CROWD_RECORDS
                return batches

    def _gathered(self, batches: list[_Batch]) -> list[_Batch]:
        records = _records(batches)
        with suppress(Empty):
            while records < BATCH_RECORDS_MAX:
                batch = self._queue.get_nowait()
                if batch is None:
                    self._queue.put(None)
                    break
                batches.append(batch)
                records += len(batch.requests)
        return batches

    def _write(self, batches: list[_Batch]) -> None:
        written: list[_Request] = []
        try:
            journal = self._journal or Journal.recover(self._path)
            self._journal = journal
            seqs = journal.append_many(_still_wanted(batches, written))
        except JournalError as error:
            # After a failed write or sync nothing is known of this connection's state.
            self._let_go()
            self._tell(batches, [], error)
        else:
            self._tell(batches, written, seqs)

    def _recover(self) -> None:
        """Try to be ready again before the next webhook comes."""
        with suppress(JournalError):
            self._journal = Journal.recover(self._path)

    def _let_go(self) -> None:
        if self._journal is not None:
            self._journal.close()
        self._journal = None

    def _tell(
        self, batches: list[_Batch], written: list[_Request], result: range | JournalError
    ) -> None:
        # A loop that is closed has nobody left to tell.
        with suppress(RuntimeError):
            assert self._loop is not None
            self._loop.call_soon_threadsafe(self._settle, batches, written, result)

    def _settle(
        self, batches: list[_Batch], written: list[_Request], result: range | JournalError
    ) -> None:
        for batch in batches:
            self._handed_over.popleft()
            self._make_room(batch.requests)
            if isinstance(result, JournalError):
                _refuse(batch.requests, result)
        self._is_late = False
        if isinstance(result, range):
            for request, seq in zip(written, result, strict=True):
                request.tell(seq)

    def _make_room(self, requests: list[_Request]) -> None:
        self._records -= len(requests)
        self._bytes -= sum(len(request.record) for request in requests)


def _records(batches: list[_Batch]) -> int:
    return sum(len(batch.requests) for batch in batches)


def _still_wanted(batches: list[_Batch], written: list[_Request]) -> Iterator[bytes]:
    """Yield the records that somebody waits for, when it is their turn; note whose they are."""
    for batch in batches:
        for request in batch.requests:
            if not request.is_told:
                written.append(request)
                yield request.record


def _refuse(requests: list[_Request], error: JournalError) -> None:
    for request in requests:
        request.tell(error)
