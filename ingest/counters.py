"""Counts what becomes of webhooks, for `/metrics`: in memory, and written down each second.

    counters/0   counters/1   …      one file for each process that takes webhooks

A process claims the first file that nobody holds, goes on from its counts, and writes them whole
every second that they changed. So the counts survive a restart, any process can add them all up,
and a disk that is full costs nothing but their freshness. What waits for the journal stands there
too; it counts for nothing once its process has ended.
"""

from __future__ import annotations

import fcntl
import logging
import os
import threading
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import BinaryIO, Self

log = logging.getLogger(__name__)

KINDS = ("status", "reply", "dead_letter")
REASONS = (
    "address",
    "encoding",
    "fault",
    "method",
    "overload",
    "token",
    "too_large",
    "too_slow",
    "unavailable",
)
BOUNDS_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
WRITE_SECONDS = 1.0

_REASONS_AT = len(KINDS)
_BUCKETS_AT = _REASONS_AT + len(REASONS)
_NANOSECONDS_AT = _BUCKETS_AT + len(BOUNDS_SECONDS) + 1
_WAITING_AT = _NANOSECONDS_AT + 1
_SLOTS = _WAITING_AT + 2
_ZEROS = array("Q", bytes(_SLOTS * 8))
_KIND_SLOTS = {name: slot for slot, name in enumerate(KINDS)}
_REASON_SLOTS = {name: slot for slot, name in enumerate(REASONS, _REASONS_AT)}
_BOUNDS_NANOSECONDS = [round(bound * 1e9) for bound in BOUNDS_SECONDS]


def _none_waiting() -> tuple[int, int]:
    return 0, 0


@dataclass(frozen=True)
class Totals:
    """The counts of all processes together.

    `buckets` has how many acknowledgements took at most each bound, not cumulated, and last those
    that took longer than all; `seconds` is what all of them took together. Those of
    `waiting_records` that wait for the journal now have `waiting_bytes`, as they are encoded.
    """

    taken: dict[str, int]
    refused: dict[str, int]
    buckets: list[int]
    seconds: float
    waiting_records: int
    waiting_bytes: int


class Counters:
    """The counts of this process. One thread counts; `close` ends the one that writes."""

    def __init__(
        self, descriptor: int | None, waiting: Callable[[], tuple[int, int]] = _none_waiting
    ) -> None:
        """Go on from the counts in a file that is locked, or from zero without one.

        `waiting` tells how many records wait for the journal, and how many bytes.
        """
        self._descriptor = descriptor
        self._waiting = waiting
        self._slots = _ZEROS[:] if descriptor is None else _read(descriptor)
        self._written = bytes(self._slots)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="counters", daemon=True)
        if descriptor is not None:
            self._thread.start()

    @classmethod
    def claim(cls, folder: Path, waiting: Callable[[], tuple[int, int]] = _none_waiting) -> Self:
        """Take the first file of `folder` that no process holds.

        Without room for a file the counts are kept in memory alone: webhooks matter more.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            return cls(next(filter(_is_ours, _opened(folder))), waiting)
        except OSError as error:
            log.warning("counts are not kept", extra={"error": error.strerror})
            return cls(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Write down what was counted last, and let go of the file."""
        if self._descriptor is not None:
            self._stopping.set()
            self._thread.join()
            self.write()
            os.close(self._descriptor)

    def took(self, kind: str, nanoseconds: int) -> None:
        """Count a webhook that was acknowledged so long after its request came."""
        slots = self._slots
        slots[_KIND_SLOTS[kind]] += 1
        slots[_BUCKETS_AT + bisect_left(_BOUNDS_NANOSECONDS, nanoseconds)] += 1
        slots[_NANOSECONDS_AT] += nanoseconds

    def refused(self, reason: str) -> None:
        """Count a request that was answered without having been taken."""
        self._slots[_REASON_SLOTS[reason]] += 1

    def write(self) -> None:
        """Write the counts down if they changed; a disk that fails is left alone."""
        self._slots[_WAITING_AT:] = array("Q", self._waiting())
        current = self._slots.tobytes()
        if self._descriptor is not None and current != self._written:
            with suppress(OSError):
                os.pwrite(self._descriptor, current, 0)
                self._written = current

    def _run(self) -> None:
        while not self._stopping.wait(WRITE_SECONDS):
            self.write()


def _opened(folder: Path) -> Iterator[int]:
    for number in count():
        yield os.open(folder / str(number), os.O_RDWR | os.O_CREAT, 0o600)


def _is_ours(descriptor: int) -> bool:
    """Lock a file; close it if another process holds it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return False
    return True


def totals(folder: Path) -> Totals:
    """Add up the counts of all processes."""
    slots = [sum(column) for column in zip(*_files(folder), strict=True)] or [0] * _SLOTS
    return Totals(
        taken={name: slots[slot] for name, slot in _KIND_SLOTS.items()},
        refused={name: slots[slot] for name, slot in _REASON_SLOTS.items()},
        buckets=slots[_BUCKETS_AT:_NANOSECONDS_AT],
        seconds=slots[_NANOSECONDS_AT] / 1e9,
        waiting_records=slots[_WAITING_AT],
        waiting_bytes=slots[_WAITING_AT + 1],
    )


def _files(folder: Path) -> Iterator[array[int]]:
    for path in folder.glob("*"):
        with path.open("rb") as file:
            slots = _read(file.fileno())
            if _is_free(file):
                slots[_WAITING_AT:] = array("Q", [0, 0])
            yield slots


def _is_free(file: BinaryIO) -> bool:
    """Tell whether the process that wrote a file has ended."""
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read(descriptor: int) -> array[int]:
    """Return the counts of a file; zeros if it is new, torn or of another version."""
    content = os.pread(descriptor, _SLOTS * 8 + 1, 0)
    return array("Q", content) if len(content) == _SLOTS * 8 else _ZEROS[:]
