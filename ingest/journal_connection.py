"""One connection to the journal: opened, recovered, its turn to write, its errors made ours.

Whoever writes holds the lock of the file `…-turns` meanwhile. SQLite's own locks would do, and stay
the safety net, but who waits for those sleeps ever longer between two looks: two processes that
write all the time had half the speed of one. The kernel wakes the next one at once, and lets go of
the lock when its holder dies.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, Self, TypeVar

import msgspec

from eventlog.lock import locked
from ingest import journal_file
from ingest.journal_errors import JournalDamagedError, JournalUnavailableError

BUSY_TIMEOUT_SECONDS = 5

Row = TypeVar("Row", bound=msgspec.Struct)


class JournalConnection:
    """One connection to the journal. One thread at a time may use it.

    Every method raises `JournalUnavailableError` when SQLite or the disk fails; then close it.
    """

    def __init__(self, connection: sqlite3.Connection, turns: BinaryIO) -> None:
        self._connection = connection
        self._turns = turns
        (self.node,) = connection.execute("SELECT value FROM meta WHERE key = 'node'").fetchone()

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the journal, made if missing. Raises `JournalUnavailableError`."""
        with wrapped(), ExitStack() as opened:
            if not path.exists():
                journal_file.create(path)
            turns = opened.enter_context(path.with_name(f"{path.name}-turns").open("ab"))
            connection = _connect(path, turns)
            opened.callback(connection.close)
            journal = cls(connection, turns)
            opened.pop_all()
            return journal

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
        with ExitStack() as opened:
            journal = cls.open(path)
            opened.callback(journal.close)
            with journal._turn() as connection:
                (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy:
                raise JournalUnavailableError("the journal is in use and cannot be recovered yet")
            opened.pop_all()
            return journal

    def close(self) -> None:
        with suppress(sqlite3.Error):
            self._connection.close()
        self._turns.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._turn() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _turn(self) -> Iterator[sqlite3.Connection]:
        """Wait for this connection's turn to write."""
        with wrapped(), locked(self._turns):
            yield self._connection

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


def _connect(path: Path, turns: BinaryIO) -> sqlite3.Connection:
    """Connect, at the second try with the turn to write.

    While another process is held up between two steps of opening, recovering or writing the log,
    SQLite looks at it a hundred times in ten seconds, and then takes that for a broken protocol.
    It is a busy one; and with the turn no other process writes, or begins to.
    """
    try:
        return _connected(path)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_PROTOCOL:
            raise
    with locked(turns):
        return _connected(path)


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("PRAGMA synchronous = FULL")
        version = journal_file.format_version(connection)
        if version != journal_file.FORMAT_VERSION:
            raise JournalDamagedError(
                f"{path} has journal format {version};"
                f" this program reads {journal_file.FORMAT_VERSION}"
            )
    except BaseException:
        connection.close()
        raise
    return connection
