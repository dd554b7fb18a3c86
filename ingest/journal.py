"""The durable tail that makes an acknowledgement true: one SQLite file, in WAL mode, fully synced.

    journal       seq │ record                             one webhook a row, MessagePack
    meta          key │ value                              node: 8 random hex digits, made once
    intent        seq_last │ versions                      at most one row: a seal has begun
    seals         seq_first … seq_last │ counts │ chain    what has moved into the event log
    sealed_files  table_name, path │ rows, bytes, sha256   the files where it is now
    compaction    table_name │ version, paths              at most one row: a merge has begun
    replaced_files  table_name, path │ replaced_at         merged into others, not deleted yet
    log_files     table_name, name │ sha256                the tables' own logs, as written
    redriven      event_id │ seq                           dead letters appended again, as events
    imported      keys                                     of recorded webhooks, a row a batch

    seq  1 ─── sealed ───▶ sealed_upto ─── waiting ───▶ last_seq
         (rows trimmed)                (rows in journal)

`seq` has no gaps, since a transaction that is rolled back gives its numbers back, and is never
used again, since AUTOINCREMENT remembers the highest one after its row has gone. Several processes
may have it open: the server and an import append, the sealer reads and trims.

`chain` is SHA-256(the chain before ‖ each record's bytes in order of seq).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import msgspec

from ingest import journal_file
from ingest.journal_rows import Compaction as Compaction
from ingest.journal_rows import Intent as Intent
from ingest.journal_rows import LogFile as LogFile
from ingest.journal_rows import Seal as Seal
from ingest.journal_rows import SealedFile as SealedFile

ROWS_PER_INSERT = 64
TRIM_ROWS_PER_TRANSACTION = 1_000
BUSY_TIMEOUT_SECONDS = 5
EMPTY_CHAIN = "0" * 64


class JournalError(Exception):
    """A webhook was not, or may not have been, made durable: it must not be acknowledged.

    JournalError
    ├── JournalOverloadedError     too many webhooks are waiting
    ├── JournalUnavailableError    the file could not be opened, read, written or synced
    └── JournalDamagedError        the file says what cannot be; a human must act
    """


class JournalOverloadedError(JournalError):
    """Too many webhooks are waiting for the journal."""


class JournalUnavailableError(JournalError):
    """The journal could not be opened, read, written or synced."""


class JournalDamagedError(JournalError):
    """The journal contradicts itself or the event log."""


class Journal:
    """One connection to the journal. One thread at a time may use it.

    Every method raises `JournalUnavailableError` when SQLite or the disk fails; then close it.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        (self.node,) = connection.execute("SELECT value FROM meta WHERE key = 'node'").fetchone()

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the journal, made if missing. Raises `JournalUnavailableError`."""
        with _wrapped():
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
        with _wrapped():
            (busy, *_) = journal._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
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

    def append_many(self, records: Sequence[bytes], imported_keys: bytes = b"") -> range:
        """Append encoded records, and the keys of imported ones; return their seqs. Synced."""
        with self._transaction() as connection:
            # Each statement lets go of Python's lock and must win it back: so one for many rows.
            for at in range(0, len(records), ROWS_PER_INSERT):
                some = records[at : at + ROWS_PER_INSERT]
                places = ",".join(["(?)"] * len(some))
                connection.execute(f"INSERT INTO journal (record) VALUES {places}", some)  # noqa: S608
            (last,) = connection.execute("SELECT last_insert_rowid()").fetchone()
            if imported_keys:
                connection.execute("INSERT INTO imported (keys) VALUES (?)", (imported_keys,))
        return range(last - len(records) + 1, last + 1)

    def imported_keys(self) -> Iterator[bytes]:
        """Return the keys of all that was ever imported, many in each piece."""
        with _wrapped():
            for (keys,) in self._connection.execute("SELECT keys FROM imported"):
                yield keys

    def append_redriven(self, records: Mapping[str, bytes]) -> int:
        """Append what dead letters, by their event ids, decode to now; return how many.

        Those that were appended before are passed over. A record and its mark are one commit.
        """
        with self._transaction() as connection:
            before = connection.total_changes
            for event_id, record in records.items():
                if not self.is_redriven(event_id):
                    seq = connection.execute("INSERT INTO journal (record) VALUES (?)", (record,))
                    connection.execute(
                        "INSERT INTO redriven VALUES (?, ?)", (event_id, seq.lastrowid)
                    )
            return (connection.total_changes - before) // 2

    def is_redriven(self, event_id: str) -> bool:
        """Tell whether a dead letter has been appended again, as an event."""
        return bool(self._rows("SELECT 1 FROM redriven WHERE event_id = ?", event_id))

    def head(self, after_seq: int, limit: int) -> list[tuple[int, bytes]]:
        """Return the first records after `after_seq`, with their seqs, in order."""
        return self._rows(
            "SELECT seq, record FROM journal WHERE seq > ? ORDER BY seq LIMIT ?", after_seq, limit
        )

    def depth(self) -> int:
        """Return how many records wait to be sealed."""
        return self.last_seq() - self.sealed_upto()

    def last_seq(self) -> int:
        """Return the highest seq ever given, 0 before the first."""
        return self._number("SELECT coalesce(max(seq), 0) FROM sqlite_sequence")

    def seqs(self) -> list[int]:
        """Return the seqs that the journal holds, in order."""
        return [seq for (seq,) in self._rows("SELECT seq FROM journal ORDER BY seq")]

    def sealed_upto(self) -> int:
        """Return the last seq that a finished seal has moved into the event log, or 0."""
        return self._number("SELECT coalesce(max(seq_last), 0) FROM seals")

    def intent(self) -> Intent | None:
        """Return the seal that has begun and was not finished, if there is one."""
        rows = self._rows("SELECT seq_last, versions FROM intent")
        if not rows:
            return None
        seq_last, versions = rows[0]
        return Intent(
            seq_last=seq_last, versions=msgspec.json.decode(versions, type=dict[str, int])
        )

    def seals(self) -> list[Seal]:
        """Return every seal, in order."""
        rows = self._rows(
            "SELECT seq_first, seq_last, events, dead_letters, chain, sealed_at"
            " FROM seals ORDER BY seq_last"
        )
        return [Seal(**dict(zip(Seal.__struct_fields__, row, strict=True))) for row in rows]

    def chain(self) -> str:
        """Return the chain of the last seal, zeros before the first."""
        rows = self._rows("SELECT chain FROM seals ORDER BY seq_last DESC LIMIT 1")
        return rows[0][0] if rows else EMPTY_CHAIN

    def sealed_files(self) -> list[SealedFile]:
        """Return every file of the event log, in order of the seals that it begins with."""
        rows = self._rows(
            "SELECT table_name, path, seq_first, seq_last, rows, size_bytes, sha256"
            " FROM sealed_files ORDER BY seq_first, seq_last, table_name, path"
        )
        names = SealedFile.__struct_fields__
        return [SealedFile(**dict(zip(names, row, strict=True))) for row in rows]

    def sealed_into(self, table_name: str) -> int:
        """Return the last seq of the last seal that wrote to a table, or 0."""
        return self._number(
            "SELECT coalesce(max(seq_last), 0) FROM sealed_files WHERE table_name = ?", table_name
        )

    def log_files(self, table_name: str) -> list[LogFile]:
        """Return the files of a table's log that were recorded, in order of their versions."""
        rows = self._rows(
            "SELECT table_name, name, sha256 FROM log_files WHERE table_name = ? ORDER BY name",
            table_name,
        )
        names = LogFile.__struct_fields__
        return [LogFile(**dict(zip(names, row, strict=True))) for row in rows]

    def last_log_file(self, table_name: str) -> str:
        """Return the name of the last file of a table's log that was recorded, or nothing."""
        ((name,),) = self._rows(
            "SELECT coalesce(max(name), '') FROM log_files WHERE table_name = ?", table_name
        )
        return str(name)

    def known_paths(self, table_name: str) -> list[str]:
        """Return the files that a table has, and those that were merged into others."""
        rows = self._rows(
            "SELECT path FROM sealed_files WHERE table_name = ?1"
            " UNION ALL SELECT path FROM replaced_files WHERE table_name = ?1",
            table_name,
        )
        return [path for (path,) in rows]

    def replaced_files(self, before: datetime | None = None) -> list[tuple[str, str]]:
        """Return table and path of each file merged into another, of all or before a moment."""
        return self._rows(
            "SELECT table_name, path FROM replaced_files WHERE replaced_at < ?"
            " ORDER BY table_name, path",
            "9" if before is None else _text(before),
        )

    def forget_replaced(self, files: Sequence[tuple[str, str]]) -> None:
        """Forget files that were merged into others and are now deleted."""
        with self._transaction() as connection:
            connection.executemany(
                "DELETE FROM replaced_files WHERE table_name = ? AND path = ?", files
            )

    def compaction(self) -> Compaction | None:
        """Return the merge that has begun and was not finished, if there is one."""
        rows = self._rows("SELECT table_name, version, paths FROM compaction")
        if not rows:
            return None
        table_name, version, paths = rows[0]
        return Compaction(
            table_name=table_name, version=version, paths=msgspec.json.decode(paths, type=list[str])
        )

    def begin_compaction(self, compaction: Compaction) -> None:
        """Remember that a merge begins, so that after a crash it is finished or undone."""
        with self._transaction() as connection:
            paths = msgspec.json.encode(compaction.paths).decode()
            row = (compaction.table_name, compaction.version, paths)
            connection.execute("INSERT INTO compaction VALUES (?, ?, ?)", row)

    def finish_compaction(
        self,
        compaction: Compaction,
        files: Sequence[SealedFile],
        log_files: Sequence[LogFile],
        at: datetime,
    ) -> None:
        """Record that `files`, safe in the event log, took the place of the merged ones."""
        old = [(compaction.table_name, path) for path in compaction.paths]
        with self._transaction() as connection:
            connection.executemany(
                "DELETE FROM sealed_files WHERE table_name = ? AND path = ?", old
            )
            connection.executemany(
                "INSERT INTO replaced_files VALUES (?, ?, ?)", [(*file, _text(at)) for file in old]
            )
            _add_files(connection, files)
            _add_log_files(connection, log_files)
            connection.execute("DELETE FROM compaction")

    def drop_compaction(self) -> None:
        """Forget a merge of which nothing came into the event log."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM compaction")

    def begin_seal(self, intent: Intent) -> None:
        """Remember that a seal begins, so that after a crash it is finished and not repeated."""
        with self._transaction() as connection:
            versions = msgspec.json.encode(intent.versions).decode()
            connection.execute("INSERT INTO intent VALUES (?, ?)", (intent.seq_last, versions))

    def finish_seal(
        self, seal: Seal, files: Sequence[SealedFile], log_files: Sequence[LogFile] = ()
    ) -> None:
        """Record a seal whose rows are safe in the event log, and begin to trim, in one commit."""
        with self._transaction() as connection:
            connection.execute(
                "INSERT INTO seals (seq_first, seq_last, events, dead_letters, chain, sealed_at)"
                " VALUES (:seq_first, :seq_last, :events, :dead_letters, :chain, :sealed_at)",
                msgspec.structs.asdict(seal),
            )
            _add_files(connection, files)
            _add_log_files(connection, log_files)
            connection.execute("DELETE FROM intent")
            _trim_step(connection, seal.seq_last)

    def trim_step(self) -> bool:
        """Delete a few sealed records or give back their room; return whether more is to be done.

        Both hold the lock that appending needs, so they are done in small steps.
        """
        sealed_upto = self.sealed_upto()
        with self._transaction() as connection:
            deleted = _trim_step(connection, sealed_upto)
        with _wrapped():
            return deleted == TRIM_ROWS_PER_TRANSACTION or journal_file.give_back_pages(
                self._connection
            )

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with _wrapped():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                raise

    def _rows(self, statement: str, *values: int | str) -> list[tuple]:  # type: ignore[type-arg]
        with _wrapped():
            return self._connection.execute(statement, values).fetchall()

    def _number(self, statement: str, *values: str) -> int:
        (number,) = self._rows(statement, *values)[0]
        return int(number)


def _add_files(connection: sqlite3.Connection, files: Sequence[SealedFile]) -> None:
    connection.executemany(
        "INSERT INTO sealed_files"
        " (table_name, path, seq_first, seq_last, rows, size_bytes, sha256)"
        " VALUES (:table_name, :path, :seq_first, :seq_last, :rows, :size_bytes, :sha256)",
        [msgspec.structs.asdict(file) for file in files],
    )


def _add_log_files(connection: sqlite3.Connection, log_files: Sequence[LogFile]) -> None:
    connection.executemany(
        "INSERT INTO log_files VALUES (:table_name, :name, :sha256)",
        [msgspec.structs.asdict(log_file) for log_file in log_files],
    )


def _text(moment: datetime) -> str:
    """Return a moment as text that sorts like it."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _trim_step(connection: sqlite3.Connection, upto_seq: int) -> int:
    return connection.execute(
        "DELETE FROM journal WHERE seq IN"
        " (SELECT seq FROM journal WHERE seq <= ? ORDER BY seq LIMIT ?)",
        (upto_seq, TRIM_ROWS_PER_TRANSACTION),
    ).rowcount


@contextmanager
def _wrapped() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise JournalUnavailableError(f"the journal failed: {error}") from error


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA synchronous = FULL")
    version = journal_file.upgrade(connection)
    if version != journal_file.FORMAT_VERSION:
        connection.close()
        raise JournalDamagedError(
            f"{path} has journal format {version}; this program reads {journal_file.FORMAT_VERSION}"
        )
    return connection
