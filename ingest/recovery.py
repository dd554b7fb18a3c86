"""After a seal that was cut short: what of it is in a log table, and what must go.

    no new log entry        nothing was committed; the files that were written are removed
    a whole log entry       it was committed; the seal goes on from there
    a torn log entry        the power went; it is set aside, and the rows are appended again

Only while an intent says that a seal was under way is anything touched here, and every row of
that seal is then still in the journal. A damaged log with no seal under way is left alone.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import msgspec

from eventlog.durable import make_folder, sync_folders
from eventlog.table import LOG_FOLDER, DataFile, Table

SEAL_KEY = "seal"
SET_ASIDE_FOLDER = "_set_aside"


class SealNote(msgspec.Struct, frozen=True, kw_only=True):
    """What a sealing commit says of itself, under `SEAL_KEY` in its commit info."""

    node: str
    seq_first: int
    seq_last: int
    chain: str
    files: list[DataFile]


def committed_files(folder: Path, version_before: int, node: str, seq_last: int) -> list[DataFile]:
    """Return the files that the interrupted seal committed to a table, if it did.

    A torn log entry is set aside; so call this before the table is opened.
    """
    entry = log_entry(folder, version_before + 1)
    if not entry.exists():
        return []
    files = _whole(entry.read_bytes(), node, seq_last)
    if files is None:
        set_aside(folder, entry)
    return files or []


def set_aside_torn_birth(folder: Path) -> None:
    """Set aside the first log entry of a table that was never appended to, if it is not whole."""
    first = log_entry(folder, 0)
    if not first.exists() or log_entry(folder, 1).exists():
        return
    try:
        lines = [msgspec.json.decode(line) for line in first.read_bytes().splitlines()]
        kinds = {kind for line in lines for kind in line}
    except (ValueError, TypeError):
        kinds = set()
    if not {"protocol", "metaData"} <= kinds:
        set_aside(folder, first)


def set_aside(folder: Path, entry: Path) -> None:
    """Move a log entry to where the table does not see it; none set aside before is replaced."""
    target = folder / SET_ASIDE_FOLDER
    make_folder(target)
    count = len(list(target.iterdir()))
    entry.rename(target / f"{entry.name}.{count}")
    sync_folders([entry.parent, target])


def remove_leftovers(table: Table, recorded: Collection[str]) -> None:
    """Remove the files that the interrupted seal wrote and did not commit."""
    known = {*recorded, *table.actions()["path"]}
    for path in parquet_files(table.folder):
        if path not in known:
            (table.folder / path).unlink()


def parquet_files(folder: Path) -> list[str]:
    """Return the Parquet files in a table's partitions, relative to its folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.glob("*=*/*.parquet"))


def log_entry(folder: Path, version: int) -> Path:
    """Return where a table keeps the log entry of one version."""
    return folder / LOG_FOLDER / f"{version:020d}.json"


def _whole(content: bytes, node: str, seq_last: int) -> list[DataFile] | None:
    """Return the files of a sealing log entry, or None unless all of it is there."""
    try:
        lines = [msgspec.json.decode(line) for line in content.splitlines()]
        (note,) = (line["commitInfo"][SEAL_KEY] for line in lines if "commitInfo" in line)
        files = msgspec.json.decode(note, type=SealNote).files
        added = {line["add"]["path"] for line in lines if "add" in line}
        positions = [line["txn"] for line in lines if "txn" in line]
    except (ValueError, KeyError, TypeError):
        return None
    is_whole = added == {file.path for file in files} and any(
        (position["appId"], position["version"]) == (node, seq_last) for position in positions
    )
    return files if is_whole else None
