"""Runs under the disk of `disk.c`: `python -m tests.guarantees.faulty_disk LIBRARY DATA`.

For every operation and every N, the N-th one fails once while webhooks are appended, while they
are sealed, and while the sealed files are merged. Prints how many faults happened; fails if one
of them cost anything.
"""

from __future__ import annotations

import asyncio
import ctypes
import errno
import sys
from contextlib import suppress
from datetime import timedelta
from itertools import count
from pathlib import Path

from eventlog.event import decode_record, encode_record
from eventlog.layout import Layout
from eventlog.table import TableError
from ingest.compactor import Compactor
from ingest.journal import Journal, JournalUnavailableError
from ingest.sealer import Sealer
from ingest.verify import verify_log
from ingest.writer import JournalWriter
from tests.ingest.records import START, record

OPERATIONS = {"sync": 0, "write": 1, "open": 2, "rename": 3}
FAILURES = (
    ("sync", errno.EIO),
    ("write", errno.ENOSPC),
    ("open", errno.EMFILE),
    ("rename", errno.EIO),
)
APPENDS = 6


class Disk:
    """The preloaded library, which makes one operation fail."""

    def __init__(self, library: str) -> None:
        self._library = ctypes.CDLL(library)

    def arm(self, operation: str, nth: int, error: int) -> None:
        self._library.disk_fail(OPERATIONS[operation], nth, error)

    def disarm(self) -> bool:
        """Return whether the fault had happened."""
        happened = not self._library.disk_armed()
        self._library.disk_fail(-1, 0, 0)
        return happened


async def appended(disk: Disk, path: Path, operation: str, nth: int, error: int) -> bool:
    """Append while an operation fails; whatever was acknowledged must be there."""
    with JournalWriter(path) as writer:
        acknowledged = {await writer.append(record(0)): 0}
        disk.arm(operation, nth, error)
        for number in range(1, APPENDS):
            try:
                acknowledged[await writer.append(record(number))] = number
            except JournalUnavailableError:
                continue
        happened = disk.disarm()
        acknowledged[await writer.append(record(APPENDS))] = APPENDS
    with Journal.open(path) as journal:
        kept = {seq: decode_record(blob).event_id for seq, blob in journal.head(0, 99)}
    assert sorted(kept) == list(range(1, len(kept) + 1))
    assert {seq: record(number).event_id for seq, number in acknowledged.items()}.items() <= (
        kept.items()
    )
    return happened


def sealed(disk: Disk, layout: Layout, operation: str, nth: int, error: int) -> bool:
    """Seal while an operation fails, then again; each record must be in the log once."""
    with Journal.open(layout.journal) as journal:
        journal.append_many([encode_record(record(number)) for number in range(1, 11)])
    with Sealer(layout) as sealer:
        disk.arm(operation, nth, error)
        with suppress(JournalUnavailableError, TableError, OSError):
            sealer.seal(10)
        happened = disk.disarm()
        sealer.seal(10)
    assert verify_log(layout, lambda _done, _total: None) == []
    with Journal.open(layout.journal) as journal:
        assert journal.sealed_upto() == 10
    return happened


def merged(disk: Disk, layout: Layout, operation: str, nth: int, error: int) -> bool:
    """Merge while an operation fails, then again; each record must be in the log once."""
    with Journal.open(layout.journal) as journal, Sealer(layout) as sealer:
        journal.append_many([encode_record(record(number)) for number in range(1, 11)])
        while sealer.seal(5):
            pass
    with Compactor(layout, file_rows=100, clock=lambda: START + timedelta(days=9)) as compactor:
        disk.arm(operation, nth, error)
        with suppress(JournalUnavailableError, TableError, OSError):
            compactor.compact()
        happened = disk.disarm()
        while compactor.compact():
            pass
    assert verify_log(layout, lambda _done, _total: None) == []
    assert len(list(layout.events.glob("*=*/*.parquet"))) == 3
    return happened


def main(library: str, data: str) -> None:
    """Let every operation fail in turn."""
    disk = Disk(library)
    faults = 0
    for operation, error in FAILURES:
        for nth in count(1):
            path = Layout(Path(data) / f"append-{operation}-{error}-{nth}").journal
            if not asyncio.run(appended(disk, path, operation, nth, error)):
                break
            faults += 1
        for nth in count(1):
            layout = Layout(Path(data) / f"seal-{operation}-{error}-{nth}")
            if not sealed(disk, layout, operation, nth, error):
                break
            faults += 1
        for nth in count(1):
            layout = Layout(Path(data) / f"merge-{operation}-{error}-{nth}")
            if not merged(disk, layout, operation, nth, error):
                break
            faults += 1
    print(faults)


if __name__ == "__main__":
    main(*sys.argv[1:])
