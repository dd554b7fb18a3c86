"""One connection to the journal: opened, recovered, and its errors made ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self, TypeVar

import msgspec

from ingest import journal_file
from ingest.journal_errors import JournalDamagedError, JournalUnavailableError

BUSY_TIMEOUT_SECONDS = 5

Row = TypeVar("Row", bound=msgspec.Struct)


class JournalConnection:
    """One connection to the journal. One thread at a time may use it.

    Every method raises `JournalUnavailableError` when SQLite or the disk fails; then close it.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        (self.node,) = connection.execute("SELECT value FROM meta WHERE key = 'node'").fetchone()

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the journal, made if missing. Raises `JournalUnavailableError`."""
        with wrapped():
            if not path.exists():
                journal_file.create(path)
            return cls(_connect(path))

    @classmethod
    def recover(cls, path: Path) -> Self:
        """Open the journal after a write or sync failed on another connection.

        What a failed sync left in the write-ahead log may never reach the disk, and syncing it
        again would only seem to succeed. So all that can be read is first moved into the main
        file, which is synced anew, and the log begins again from zero. A journal that is gone is
        not made again: what it held is missing, and only a start may begin another.
        """
        if not path.exists():
            raise JournalUnavailableError(f"the journal {path} is gone")
        journal = cls.open(path)
        ((busy, *_),) = journal._rows("PRAGMA wal_checkpoint(TRUNCATE)")
        if busy:
            journal.close()
            raise JournalUnavailableError("the journal is in use and cannot be recovered yet")
        return journal

    def close(self) -> None:
        with suppress(sqlite3.Error):
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with wrapped():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                raise

    def _rows(self, statement: str, *values: int | str) -> list[tuple[Any, ...]]:
        with wrapped():
            return self._connection.execute(statement, values).fetchall()

    def _number(self, statement: str, *values: str) -> int:
        ((number,),) = self._rows(statement, *values)
        return int(number)

    def _structs(self, kind: type[Row], statement: str, *values: str) -> list[Row]:
        """Return rows as structs of a kind that has the columns, by their names, as fields."""
        names = kind.__struct_fields__
        rows = self._rows(statement, *values)
        return [kind(**dict(zip(names, row, strict=True))) for row in rows]


@contextmanager
def wrapped() -> Iterator[None]:
    """Raise what SQLite and the disk raise as `JournalUnavailableError`."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise JournalUnavailableError(f"the journal failed: {error}") from error


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA synchronous = FULL")
    version = journal_file.format_version(connection)
    if version != journal_file.FORMAT_VERSION:
        connection.close()
        raise JournalDamagedError(
            f"{path} has journal format {version}; this program reads {journal_file.FORMAT_VERSION}"
        )
    return connection
