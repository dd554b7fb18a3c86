"""The log of a Delta table, kept short: checkpoints that no power cut can tear, old entries gone.

    log entries ──hard links──▶ aside ──library──▶ checkpoint ──sync, rename──▶ log
                                                   its hint   ──sync, rename──▶ log

The library writes a checkpoint in place and syncs nothing, and a table whose newest checkpoint
is torn cannot be opened at all. So the checkpoint is made in a copy of the log, and comes into
the log when it is safe; the hint that names it comes last.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Collection
from pathlib import Path

import msgspec
import polars as pl
from deltalake import DeltaTable
from polars.exceptions import PolarsError

from eventlog.durable import make_folder, replace_file, sync_folders, write_file

LOG_FOLDER = "_delta_log"
HINT = "_last_checkpoint"
SET_ASIDE_FOLDER = "_set_aside"
LOG_ENTRIES_KEPT = 1_000
LINES = "lines"
_ASIDE_FOLDER = "_checkpoint"
_RENEWED = "_renewed"
_ENTRY = re.compile(r"\d+\.json")
_CHECKPOINT = re.compile(r"\d+\.checkpoint.*\.parquet")


def log_entry(folder: Path, version: int) -> Path:
    """Return where a table keeps the log entry of one version."""
    return folder / LOG_FOLDER / f"{version:020d}.json"


def version_of(path: Path) -> int:
    """Return the version that a log entry or a checkpoint is of."""
    return int(path.name.partition(".")[0])


def newest_version(folder: Path) -> int:
    """Return the version of a table's newest log entry, -1 where there is no table.

    It is read from the folder alone, which costs little: a cheap way to see that something came.
    """
    return max(map(version_of, _entries(folder / LOG_FOLDER)), default=-1)


def is_newest_torn(folder: Path) -> bool:
    """Say whether a table's newest entry is not whole: a power cut came before it was synced.

    Every commit says in its first line how many there are. Cut between two lines, what is left
    reads as a smaller commit, to which the library has no objection.
    """
    newest = max(_entries(folder / LOG_FOLDER), key=version_of, default=None)
    if newest is None:
        return False
    try:
        lines = [msgspec.json.decode(line) for line in newest.read_bytes().splitlines()]
        said = lines[0].get("commitInfo", {}).get(LINES)
    except (msgspec.DecodeError, IndexError):
        return True
    return said is not None and int(said) != len(lines)


def digests(folder: Path, after: str, known: Collection[str] = ()) -> dict[str, str]:
    """Return the SHA-256 of the log's entries and checkpoints whose names come after one.

    Those that are `known` are left out.
    """
    log = folder / LOG_FOLDER
    came = {path.name for path in (*_entries(log, after), *_checkpoints(log, after))}
    return {
        name: hashlib.sha256((log / name).read_bytes()).hexdigest()
        for name in sorted(came - set(known))
    }


def entries(folder: Path) -> list[Path]:
    """Return a table's log entries, in order of their versions."""
    return sorted(_entries(folder / LOG_FOLDER))


def last_checkpoint_version(folder: Path) -> int:
    """Return the version of a table's newest log checkpoint, 0 before the first."""
    return max(map(version_of, _checkpoints(folder / LOG_FOLDER)), default=0)


def renew_entry(folder: Path, version: int) -> None:
    """Put a log entry on disk anew: its process ended before it was synced, or the sync failed.

    A sync that failed would only seem to succeed the next time, so the bytes are written again.
    """
    entry, aside = log_entry(folder, version), folder / _RENEWED
    aside.unlink(missing_ok=True)
    write_file(aside, entry.read_bytes())
    replace_file(aside, entry)
    sync_folders([folder])


def checkpoint(folder: Path) -> None:
    """Write a checkpoint of the table's newest version; it counts when it is on disk."""
    log, aside = folder / LOG_FOLDER, folder / _ASIDE_FOLDER
    shutil.rmtree(aside, ignore_errors=True)
    (aside / LOG_FOLDER).mkdir(parents=True)
    for path in _since_last_checkpoint(log):
        (aside / LOG_FOLDER / path.name).hardlink_to(path)
    DeltaTable(aside).create_checkpoint()
    made = max(_checkpoints(aside / LOG_FOLDER), key=version_of)
    replace_file(made, log / made.name)
    replace_file(aside / LOG_FOLDER / HINT, log / HINT)
    shutil.rmtree(aside)


def _since_last_checkpoint(log: Path) -> list[Path]:
    last = max(_checkpoints(log), key=version_of, default=None)
    since = -1 if last is None else version_of(last)
    entries = [path for path in _entries(log) if version_of(path) > since]
    return entries if last is None else [last, *entries]


def remove_old_entries(folder: Path, version: int) -> None:
    """Delete what the log does not need to reach the last `LOG_ENTRIES_KEPT` versions.

    A checkpoint before those stays, with all entries after it.
    """
    log = folder / LOG_FOLDER
    oldest = version - LOG_ENTRIES_KEPT
    kept = max((v for path in _checkpoints(log) if (v := version_of(path)) <= oldest), default=0)
    for path in sorted((*_entries(log), *_checkpoints(log)), key=version_of):
        if version_of(path) < kept:
            path.unlink(missing_ok=True)


def set_aside_torn_checkpoint(folder: Path) -> bool:
    """Set aside the newest checkpoint if it is not whole; say whether it was.

    The entries since the one before are there, so the table can be opened without it.
    """
    newest = max(_checkpoints(folder / LOG_FOLDER), key=version_of, default=None)
    if newest is None or _is_whole(newest):
        return False
    (folder / LOG_FOLDER / HINT).unlink(missing_ok=True)
    set_aside(folder, newest)
    return True


def _is_whole(path: Path) -> bool:
    try:
        return pl.read_parquet(path).height > 0
    except PolarsError:
        return False


def set_aside(folder: Path, path: Path) -> None:
    """Move a file of the log to where the table does not see it; it replaces none there."""
    target = folder / SET_ASIDE_FOLDER
    make_folder(target)
    count = len(list(target.iterdir()))
    path.rename(target / f"{path.name}.{count}")
    sync_folders([path.parent, target])


def _entries(log: Path, after: str = "") -> list[Path]:
    return [log / name for name in _names(log, after) if _ENTRY.fullmatch(name)]


def _checkpoints(log: Path, after: str = "") -> list[Path]:
    return [log / name for name in _names(log, after) if _CHECKPOINT.fullmatch(name)]


def _names(log: Path, after: str) -> list[str]:
    """Return the names that come after one: as text, since there are a thousand, every seal."""
    return [name for name in os.listdir(log) if name > after] if log.exists() else []  # noqa: PTH208
