"""The journal's file: its tables, how it is made, and how it becomes shorter again.

It is made aside and linked into place, so nobody ever opens half a journal.
"""

from __future__ import annotations

import secrets
import sqlite3
from contextlib import suppress
from pathlib import Path

from eventlog.durable import make_folder, sync_file, sync_folders

FORMAT_VERSION = 1
FREE_PAGES_KEPT = 4_096
PAGES_GIVEN_BACK_AT_ONCE = 1_024

_SCHEMA = """
CREATE TABLE journal (seq INTEGER PRIMARY KEY AUTOINCREMENT, record BLOB NOT NULL) STRICT;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE intent (seq_last INTEGER PRIMARY KEY, versions TEXT NOT NULL) STRICT;
CREATE TABLE seals (
    seq_first INTEGER NOT NULL,
    seq_last INTEGER PRIMARY KEY,
    events INTEGER NOT NULL,
    dead_letters INTEGER NOT NULL,
    chain TEXT NOT NULL,
    sealed_at TEXT NOT NULL
) STRICT;
CREATE TABLE sealed_files (
    table_name TEXT NOT NULL,
    path TEXT NOT NULL,
    seq_first INTEGER NOT NULL,
    seq_last INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (table_name, path)
) STRICT;
CREATE INDEX sealed_files_by_seal ON sealed_files (table_name, seq_last);
CREATE TABLE compaction (
    table_name TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    paths TEXT NOT NULL
) STRICT;
CREATE TABLE replaced_files (
    table_name TEXT NOT NULL,
    path TEXT NOT NULL,
    replaced_at TEXT NOT NULL,
    PRIMARY KEY (table_name, path)
) STRICT;
CREATE TABLE log_files (
    table_name TEXT NOT NULL,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (table_name, name)
) STRICT;
CREATE TABLE redriven (event_id TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT;
CREATE TABLE imported (batch INTEGER PRIMARY KEY, keys BLOB NOT NULL) STRICT;
"""


def create(path: Path) -> None:
    """Make the journal aside, whole and synced, and link it into place unless another was first."""
    make_folder(path.parent)
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        _make(aside)
        sync_file(aside)
        with suppress(FileExistsError):
            path.hardlink_to(aside)
    finally:
        for left in path.parent.glob(f"{aside.name}*"):
            left.unlink(missing_ok=True)
    sync_folders([path.parent])


def _make(path: Path) -> None:
    """Make the file whole by one transaction, and only then let it log ahead.

    What is logged ahead comes into the file when it is closed, and a close tells of no failure.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = {FORMAT_VERSION:d};")
        connection.execute("INSERT INTO meta VALUES ('node', ?)", (secrets.token_hex(4),))
        connection.execute("COMMIT")
        (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode != "wal":
            raise sqlite3.OperationalError(f"the journal cannot log ahead, its mode is {mode}")
    finally:
        connection.close()


def format_version(connection: sqlite3.Connection) -> int:
    """Return the format that the file has."""
    return _number(connection, "user_version")


def give_back_pages(connection: sqlite3.Connection) -> bool:
    """Shorten the file by a few of the pages that trimmed records left; say whether it did.

    Some are kept for the records to come.
    """
    if _number(connection, "freelist_count") <= FREE_PAGES_KEPT:
        return False
    # A script, since that alone steps the pragma to its end; `execute` stops after one page.
    connection.executescript(f"PRAGMA incremental_vacuum({PAGES_GIVEN_BACK_AT_ONCE:d})")
    return True


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    (number,) = connection.execute(f"PRAGMA {pragma}").fetchone()
    return int(number)
