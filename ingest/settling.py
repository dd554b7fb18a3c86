"""Finishes or undoes a merge that was cut short. Whoever holds the seal lock does it first.

committed to the table      the journal learns of it
not committed               what was written is removed, and the merge forgotten
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime

from eventlog.layout import Layout
from eventlog.table import DataFile, Table
from eventlog.table_log import digests
from ingest.journal import Compaction, Journal, LogFile, SealedFile
from ingest.recovery import committed_merge, open_table, remove_leftovers
from ingest.tables import TABLES, folder_of


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def settle(layout: Layout, journal: Journal, clock: Callable[[], datetime] = utc_now) -> None:
    """Bring journal and table together again after a merge. Raises `JournalError`, `TableError`."""
    compaction = journal.compaction()
    if compaction is None:
        return
    name = compaction.table_name
    folder = folder_of(layout, name)
    files = committed_merge(folder, compaction.version, compaction.paths)
    table = open_table(folder, TABLES[name])
    if files is None:
        remove_leftovers(table, journal.known_paths(name))
        journal.drop_compaction()
    else:
        record(layout, journal, compaction, files, clock())


def record(
    layout: Layout,
    journal: Journal,
    compaction: Compaction,
    files: Collection[DataFile],
    at: datetime,
) -> None:
    """Record a merge whose files are safe in the table; they span the seals of the merged."""
    merged = set(compaction.paths)
    old = [
        file
        for file in journal.sealed_files()
        if file.table_name == compaction.table_name and file.path in merged
    ]
    recorded = [
        SealedFile(
            table_name=compaction.table_name,
            path=file.path,
            seq_first=min(each.seq_first for each in old),
            seq_last=max(each.seq_last for each in old),
            rows=file.rows,
            size_bytes=file.size_bytes,
            sha256=file.sha256,
        )
        for file in files
    ]
    log_files = new_log_files(layout, journal, compaction.table_name)
    journal.finish_compaction(compaction, recorded, log_files, at)


def new_log_files(layout: Layout, journal: Journal, name: str) -> list[LogFile]:
    """Describe what came into a table's log since the last seal or merge.

    A checkpoint comes after the entry of its version, though not by its name.
    """
    last_version, _, _ = journal.last_log_file(name).partition(".")
    known = journal.log_file_names(name, last_version)
    found = digests(folder_of(layout, name), last_version, known)
    return [LogFile(table_name=name, name=each, sha256=sha256) for each, sha256 in found.items()]


def shorten_log(layout: Layout, journal: Journal, name: str, table: Table) -> None:
    """Checkpoint a table's log where that is due, and record the checkpoint.

    Raises `JournalError`, `TableError`.
    """
    if table.shorten_log():
        journal.add_log_files(new_log_files(layout, journal, name))
