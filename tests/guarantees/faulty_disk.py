"""Runs under the disk of `disk.c`: `faulty_disk LIBRARY DATA WORK STRIDE STRIDE STRIDE STRIDE`.

For each operation the N-th one fails once, while webhooks are appended, sealed, merged or shown to
readers, or while tokens are made: for N = 1, 2, and so on, with EIO and with ENOSPC; with a stride
for some N, with one error or the other. Prints how many faults happened; fails if one of them cost
anything.
"""

from __future__ import annotations

import asyncio
import ctypes
import errno
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from analytics.catalogue import PublishError, publish
from analytics.projections.check import differences
from analytics.projections.engine import ProjectionError
from analytics.projector import project
from eventlog.event import decode_record, encode_record
from eventlog.layout import Layout
from eventlog.table import TableError
from ingest import tokens
from ingest.compactor import Compactor
from ingest.journal import Journal, JournalUnavailableError
from ingest.sealer import Sealer
from ingest.tokens import TokensError
from ingest.verify import verify_log
from ingest.writer import JournalWriter
from tests.analytics.projections.log import SMALL
from tests.guarantees.crashes import DEFINITIONS, LATER, read
from tests.ingest.records import START, record

OPERATIONS = {"sync": 0, "write": 1, "open": 2, "rename": 3}
ERRORS = (errno.EIO, errno.ENOSPC)
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


def appended(disk: Disk, layout: Layout, *fault: Any) -> bool:
    return asyncio.run(_appended(disk, layout.journal, *fault))


async def _appended(disk: Disk, path: Path, operation: str, nth: int, error: int) -> bool:
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


def shown(disk: Disk, layout: Layout, operation: str, nth: int, error: int) -> bool:
    """Project and publish while an operation fails, then again; what was published stands."""
    with Journal.open(layout.journal) as journal:
        journal.append_many([encode_record(record(number)) for number in range(1, 11)])
    with Sealer(layout) as sealer:
        sealer.seal(5)
        refresh(layout)
        sealer.seal(5)
    before = read(layout)
    disk.arm(operation, nth, error)
    with suppress(ProjectionError, PublishError, TableError, OSError):
        refresh(layout)
    happened = disk.disarm()
    assert read(layout) in {before, 7}
    assert differences(layout, DEFINITIONS, SMALL) == []
    publish(layout, DEFINITIONS, LATER)
    assert read(layout) == 7
    return happened


def refresh(layout: Layout) -> None:
    project(layout, DEFINITIONS, SMALL)
    publish(layout, DEFINITIONS, LATER)


def token_made(disk: Disk, layout: Layout, operation: str, nth: int, error: int) -> bool:
    """Make and revoke tokens while an operation fails; what was told is so."""
    first, secret = tokens.create(layout.tokens, "", START)
    disk.arm(operation, nth, error)
    with suppress(TokensError):
        second, _ = tokens.create(layout.tokens, "", START)
        tokens.revoke(layout.tokens, second.token_id)
    happened = disk.disarm()
    held = {token.token_id: token for token in tokens.tokens(layout.tokens)}
    assert held[first.token_id].is_of(secret)
    for token_id in held:
        tokens.revoke(layout.tokens, token_id)
    assert tokens.tokens(layout.tokens) == []
    return happened


WORKS: dict[str, Callable[[Disk, Layout, str, int, int], bool]] = {
    "append": appended,
    "seal": sealed,
    "merge": merged,
    "show": shown,
    "token": token_made,
}


def main(library: str, data: str, work: str, *strides: str) -> None:
    """Let every operation fail in turn; `strides` has one for each, in order."""
    disk = Disk(library)
    faults = 0
    for operation, stride in zip(OPERATIONS, map(int, strides), strict=True):
        for nth in count(1, stride):
            errors = ERRORS if stride == 1 else ERRORS[nth // stride % 2 :][:1]
            happened = [fault_happened(disk, Path(data), work, operation, nth, e) for e in errors]
            if not all(happened):
                break
            faults += len(happened)
    print(faults)


def fault_happened(disk: Disk, data: Path, work: str, operation: str, nth: int, error: int) -> bool:
    layout = Layout(data / f"{work}-{operation}-{error}-{nth}")
    happened = WORKS[work](disk, layout, operation, nth, error)
    shutil.rmtree(layout.root)
    return happened


if __name__ == "__main__":
    main(*sys.argv[1:])
