"""Runs under the disk of `disk.c`: `faulty_disk LIBRARY DATA WORK STRIDE STRIDE STRIDE STRIDE`.

For each operation the N-th one fails once, while the journal is made, while webhooks are appended,
sealed, trimmed, merged, projected or published, or while tokens are made: for N = 1, 2, and so on,
with EIO and with ENOSPC; with a stride for some N, with one error or the other. Prints how many
faults happened; fails if one of them cost anything.
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
from functools import cache
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
from ingest import journal as journal_module
from ingest import journal_file, tokens
from ingest.compactor import Compactor
from ingest.journal import Journal, JournalUnavailableError
from ingest.sealer import Sealer
from ingest.tokens import TokensError
from ingest.verify import verify_log
from ingest.writer import JournalWriter
from tests.analytics.projections.log import SMALL, everything
from tests.guarantees.crashes import DEFINITIONS, LATER, read
from tests.ingest.appending import append
from tests.ingest.records import START, record

OPERATIONS = {"sync": 0, "write": 1, "open": 2, "rename": 3}
ERRORS = (errno.EIO, errno.ENOSPC)
APPENDS = 6
BEFORE, AFTER = 3, 7


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
        acknowledged = {await append(writer, record(0)): 0}
        disk.arm(operation, nth, error)
        for number in range(1, APPENDS):
            try:
                acknowledged[await append(writer, record(number))] = number
            except JournalUnavailableError:
                continue
        happened = disk.disarm()
        acknowledged[await append(writer, record(APPENDS))] = APPENDS
    with Journal.open(path) as journal:
        kept = {seq: decode_record(blob).event_id for seq, blob in journal.head(0, 99)}
    assert sorted(kept) == list(range(1, len(kept) + 1))
    assert {seq: record(number).event_id for seq, number in acknowledged.items()}.items() <= (
        kept.items()
    )
    return happened


def created(disk: Disk, layout: Layout, operation: str, nth: int, error: int) -> bool:
    """Make the journal while an operation fails, then again; it is whole, and nothing else left."""
    disk.arm(operation, nth, error)
    with suppress(JournalUnavailableError):
        Journal.open(layout.journal).close()
    happened = disk.disarm()
    with Journal.open(layout.journal) as journal:
        journal.append_many([encode_record(record(1))])
        assert (journal.seqs(), list(layout.journal_folder.glob(".*"))) == ([1], [])
    assert verify_log(layout, lambda _done, _total: None) == []
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


def trimmed(disk: Disk, layout: Layout, operation: str, nth: int, error: int) -> bool:
    """Let an operation fail after the seal is recorded, while the journal is trimmed."""
    with Journal.open(layout.journal) as journal:
        journal.append_many([encode_record(record(number)) for number in range(1, 11)])

    def reached(step: str) -> None:
        if step == "seal recorded":
            disk.arm(operation, nth, error)

    with Sealer(layout, reached=reached) as sealer:
        with suppress(JournalUnavailableError, TableError, OSError):
            sealer.seal(10)
        happened = disk.disarm()
        assert sealer.seal(10) == 0
    assert verify_log(layout, lambda _done, _total: None) == []
    with Journal.open(layout.journal) as journal:
        assert (journal.sealed_upto(), journal.seqs()) == (10, [])
    return happened


def projected(disk: Disk, layout: Layout, *fault: Any) -> bool:
    """Project while an operation fails, then again; readers can read what was published before."""
    return _projected(disk, layout, "projected", waiting, *fault)


def first_projected(disk: Disk, layout: Layout, *fault: Any) -> bool:
    """Do the same where there are no projections yet, and nothing to read."""
    return _projected(disk, layout, "first-projected", sealed_twice, *fault)


def _projected(
    disk: Disk, layout: Layout, name: str, prepare: Callable[[Layout], None], *fault: Any
) -> bool:
    wanted = expected(layout, name, prepare)
    begin(layout, name, prepare)
    disk.arm(*fault)
    with suppress(ProjectionError, TableError, OSError):
        project(layout, DEFINITIONS, SMALL)
    happened = disk.disarm()
    if layout.catalogue.exists():
        assert read(layout) == BEFORE
    project(layout, DEFINITIONS, SMALL)
    assert everything(layout) == wanted
    assert verify_log(layout, lambda _done, _total: None) == []
    return happened


def published(disk: Disk, layout: Layout, operation: str, nth: int, error: int) -> bool:
    """Publish while an operation fails, then again; what was published stands until then."""
    begin(layout, "published", unpublished)
    disk.arm(operation, nth, error)
    with suppress(PublishError, TableError, OSError):
        publish(layout, DEFINITIONS, LATER)
    happened = disk.disarm()
    assert read(layout) in {BEFORE, AFTER}
    publish(layout, DEFINITIONS, LATER)
    assert read(layout) == AFTER
    return happened


def begin(layout: Layout, name: str, prepare: Callable[[Layout], None]) -> None:
    """Put `layout` to where the work begins, which is made once.

    It must always be the same folder: a catalogue names its files by their whole paths.
    """
    kept = layout.root.with_name(f"{name}-kept")
    if not kept.exists():
        prepare(layout)
        shutil.move(layout.root, kept)
    shutil.rmtree(layout.root, ignore_errors=True)
    shutil.copytree(kept, layout.root)


def waiting(layout: Layout) -> None:
    """Publish some events, and seal some more."""
    with Journal.open(layout.journal) as journal:
        journal.append_many([encode_record(record(number)) for number in range(1, 11)])
    with Sealer(layout) as sealer:
        sealer.seal(5)
        project(layout, DEFINITIONS, SMALL)
        publish(layout, DEFINITIONS, LATER)
        sealer.seal(5)


def sealed_twice(layout: Layout) -> None:
    """Seal some events, twice."""
    with Journal.open(layout.journal) as journal, Sealer(layout) as sealer:
        journal.append_many([encode_record(record(number)) for number in range(1, 11)])
        while sealer.seal(5):
            pass


def unpublished(layout: Layout) -> None:
    """Publish some events, and project some more."""
    waiting(layout)
    project(layout, DEFINITIONS, SMALL)


@cache
def expected(
    layout: Layout, name: str, prepare: Callable[[Layout], None]
) -> dict[str, list[dict[str, Any]]]:
    """Return what the projections are when nothing fails; a rebuild gives the same."""
    begin(layout, name, prepare)
    project(layout, DEFINITIONS, SMALL)
    assert differences(layout, DEFINITIONS, SMALL) == []
    return everything(layout)


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
    "create": created,
    "append": appended,
    "seal": sealed,
    "merge": merged,
    "trim": trimmed,
    "project": projected,
    "first": first_projected,
    "publish": published,
    "token": token_made,
}


def main(library: str, data: str, work: str, *strides: str) -> None:
    """Let every operation fail in turn; `strides` has one for each, in order."""
    if work == "trim":
        journal_module.TRIM_ROWS_PER_TRANSACTION = 3
        journal_file.FREE_PAGES_KEPT = 0
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
    layout = Layout(data / work)
    happened = WORKS[work](disk, layout, operation, nth, error)
    shutil.rmtree(layout.root)
    return happened


if __name__ == "__main__":
    main(*sys.argv[1:])
