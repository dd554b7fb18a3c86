"""After a seal or a merge that was cut short: what of it is in a log table, and what must go.

    no new log entry        nothing was committed; the files that were written are removed
    a whole log entry       it was committed, and is put on disk; the seal goes on from there
    a torn log entry        the power went; it is set aside, and the seal or merge is made again

Only while the journal says that one was under way is anything touched here, and then every row
is still in the journal, or in the files that were to be merged. A damaged log with nothing under
way is left alone, but for a torn checkpoint, which only repeats what the entries before it say.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from eventlog.durable import sync_folders
from eventlog.schema import PARTITION_COLUMN
from eventlog.table import DataFile, Table, TableError
from eventlog.table_log import log_entry, renew_entry, set_aside, set_aside_torn_checkpoint

SEAL_KEY = "seal"
COMPACTION_KEY = "compaction"


class SealNote(msgspec.Struct, frozen=True, kw_only=True):
    """What a sealing commit says of itself, under `SEAL_KEY` in its commit info."""

    node: str
    seq_first: int
    seq_last: int
    chain: str
    files: list[DataFile]


class CompactionNote(msgspec.Struct, frozen=True, kw_only=True):
    """What a merging commit says of itself, under `COMPACTION_KEY` in its commit info."""

    merged: list[str]
    files: list[DataFile]


def open_table(folder: Path, schema: pl.Schema) -> Table:
    """Open a log table to write to it, also past a torn checkpoint. Raises `TableError`."""
    try:
        return Table.open(folder, schema, PARTITION_COLUMN, append_only=True)
    except TableError:
        if not set_aside_torn_checkpoint(folder):
            raise
    return Table.open(folder, schema, PARTITION_COLUMN, append_only=True)


def committed_files(folder: Path, version_before: int, node: str, seq_last: int) -> list[DataFile]:
    """Return the files that the interrupted seal committed to a table, if it did.

    A torn log entry is set aside; so call this before the table is opened. A whole one is synced.
    """
    entry = log_entry(folder, version_before + 1)
    if not entry.exists():
        return []
    files = _whole(entry.read_bytes(), node, seq_last)
    if files is None:
        set_aside(folder, entry)
        return []
    renew_entry(folder, version_before + 1)
    return files


def set_aside_torn_birth(folder: Path) -> None:
    """Set aside the first log entry of a table that was never appended to, if it is not whole."""
    first = log_entry(folder, 0)
    if not first.exists() or log_entry(folder, 1).exists():
        return
    try:
        lines = _lines(first.read_bytes())
        kinds = {kind for line in lines for kind in line}
    except (ValueError, TypeError):
        kinds = set()
    if not {"protocol", "metaData"} <= kinds:
        set_aside(folder, first)


def committed_merge(
    folder: Path, version_before: int, merged: Collection[str]
) -> list[DataFile] | None:
    """Return the files that the interrupted merge put in the place of `merged`, or None.

    A torn log entry is set aside; so call this before the table is opened. A whole one is synced.
    An entry that somebody else has written is left.
    """
    entry = log_entry(folder, version_before + 1)
    if not entry.exists():
        return None
    try:
        lines = _lines(entry.read_bytes())
        info = next(line["commitInfo"] for line in lines if "commitInfo" in line)
        if COMPACTION_KEY not in info:
            return None
        note = msgspec.json.decode(info[COMPACTION_KEY], type=CompactionNote)
    except (ValueError, KeyError, TypeError, StopIteration):
        set_aside(folder, entry)
        return None
    if set(note.merged) != set(merged):
        return None
    is_whole = _paths(lines, "remove") == set(merged) and _paths(lines, "add") == {
        file.path for file in note.files
    }
    if not is_whole:
        set_aside(folder, entry)
        return None
    renew_entry(folder, version_before + 1)
    return note.files


def is_ours(entry: Path) -> bool:
    """Say whether a seal or a merge wrote a log entry; True also of one that cannot be read."""
    try:
        infos = [line["commitInfo"] for line in _lines(entry.read_bytes()) if "commitInfo" in line]
    except (ValueError, TypeError):
        return True  # a fault of its own
    return any(key in info for info in infos for key in (SEAL_KEY, COMPACTION_KEY))


def remove_leftovers(table: Table, recorded: Collection[str]) -> None:
    """Remove the files that the interrupted seal or merge wrote and did not commit."""
    known = {*recorded, *table.actions()["path"]}
    leftovers = [table.folder / path for path in parquet_files(table.folder) if path not in known]
    for path in leftovers:
        path.unlink()
    sync_folders(path.parent for path in leftovers)


def parquet_files(folder: Path) -> list[str]:
    """Return the Parquet files in a table's partitions, relative to its folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.glob("*=*/*.parquet"))


def _whole(content: bytes, node: str, seq_last: int) -> list[DataFile] | None:
    """Return the files of a sealing log entry, or None unless all of it is there."""
    try:
        lines = _lines(content)
        (note,) = (line["commitInfo"][SEAL_KEY] for line in lines if "commitInfo" in line)
        files = msgspec.json.decode(note, type=SealNote).files
        added = _paths(lines, "add")
        positions = [line["txn"] for line in lines if "txn" in line]
    except (ValueError, KeyError, TypeError):
        return None
    is_whole = added == {file.path for file in files} and any(
        (position["appId"], position["version"]) == (node, seq_last) for position in positions
    )
    return files if is_whole else None


def _lines(content: bytes) -> list[dict[str, Any]]:
    return [msgspec.json.decode(line, type=dict[str, Any]) for line in content.splitlines()]


def _paths(lines: list[dict[str, Any]], kind: str) -> set[str]:
    return {line[kind]["path"] for line in lines if kind in line}
