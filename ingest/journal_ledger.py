"""The journal's ledger of the files that sealed records have become, and of their merging."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from ingest.journal_connection import JournalConnection
from ingest.journal_rows import Compaction, LogFile, SealedFile


class Ledger(JournalConnection):
    """What the journal remembers of the event log's files."""

    def sealed_files(self) -> list[SealedFile]:
        """Return every file of the event log, in order of the seals that it begins with."""
        return self._structs(
            SealedFile,
            "SELECT table_name, path, seq_first, seq_last, rows, size_bytes, sha256"
            " FROM sealed_files ORDER BY seq_first, seq_last, table_name, path",
        )

    def sealed_into(self, table_name: str) -> int:
        """Return the last seq of the last seal that wrote to a table, or 0."""
        return self._number(
            "SELECT coalesce(max(seq_last), 0) FROM sealed_files WHERE table_name = ?", table_name
        )

    def log_files(self, table_name: str) -> list[LogFile]:
        """Return the files of a table's log that were recorded, in order of their versions."""
        return self._structs(
            LogFile,
            "SELECT table_name, name, sha256 FROM log_files WHERE table_name = ? ORDER BY name",
            table_name,
        )

    def last_log_file(self, table_name: str) -> str:
        """Return the name of the last file of a table's log that was recorded, or nothing."""
        ((name,),) = self._rows(
            "SELECT coalesce(max(name), '') FROM log_files WHERE table_name = ?", table_name
        )
        return str(name)

    def log_file_names(self, table_name: str, since: str) -> list[str]:
        """Return the names, from one on, of the files of a table's log that were recorded."""
        rows = self._rows(
            "SELECT name FROM log_files WHERE table_name = ? AND name >= ?", table_name, since
        )
        return [name for (name,) in rows]

    def add_log_files(self, log_files: Sequence[LogFile]) -> None:
        """Record what came into a table's log by neither a seal nor a merge."""
        with self._transaction() as connection:
            add_files(connection, [], log_files)

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
        rows = self._rows(
            "SELECT table_name, path FROM replaced_files WHERE replaced_at < ?"
            " ORDER BY table_name, path",
            "9" if before is None else _text(before),
        )
        return [(table_name, path) for table_name, path in rows]

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
            add_files(connection, files, log_files)
            connection.execute("DELETE FROM compaction")

    def drop_compaction(self) -> None:
        """Forget a merge of which nothing came into the event log."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM compaction")


def add_files(
    connection: sqlite3.Connection, files: Sequence[SealedFile], log_files: Sequence[LogFile]
) -> None:
    """Enter what has come into the event log, in a transaction that has begun."""
    connection.executemany(
        "INSERT INTO sealed_files VALUES"
        " (:table_name, :path, :seq_first, :seq_last, :rows, :size_bytes, :sha256)",
        [msgspec.structs.asdict(file) for file in files],
    )
    connection.executemany(
        "INSERT INTO log_files VALUES (:table_name, :name, :sha256)",
        [msgspec.structs.asdict(log_file) for log_file in log_files],
    )


def _text(moment: datetime) -> str:
    """Return a moment as text that sorts like it."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
