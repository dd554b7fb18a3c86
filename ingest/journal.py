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
may have it open, and take turns to write: workers and an import append, the sealer trims.

`chain` is SHA-256(the chain before ‖ each record's bytes in order of seq).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from ingest import journal_file
from ingest.journal_connection import wrapped
from ingest.journal_errors import JournalDamagedError as JournalDamagedError
from ingest.journal_errors import JournalError as JournalError
from ingest.journal_errors import JournalOverloadedError as JournalOverloadedError
from ingest.journal_errors import JournalUnavailableError as JournalUnavailableError
from ingest.journal_ledger import Ledger, add_files
from ingest.journal_rows import Compaction as Compaction
from ingest.journal_rows import Intent as Intent
from ingest.journal_rows import LogFile as LogFile
from ingest.journal_rows import Seal as Seal
from ingest.journal_rows import SealedFile as SealedFile

TRIM_ROWS_PER_TRANSACTION = 1_000
EMPTY_CHAIN = "0" * 64


class Journal(Ledger):
    """The records that wait to be sealed, and the seals that were; its ledger has the files.

    One thread at a time may use it. Every method raises `JournalUnavailableError` when SQLite or
    the disk fails; then close it.
    """

    def append_many(self, records: Iterable[bytes], imported_keys: bytes = b"") -> range:
        """Append encoded records, and the keys of imported ones; return their seqs. Synced.

        Records that are an iterator are asked for when it is this connection's turn. SQLite takes
        some 30,000 of them at once, not more.
        """
        if imported_keys:
            return self._append_imported(list(records), imported_keys)
        with self._turn() as connection:
            return _insert(connection, list(records))

    def _append_imported(self, records: list[bytes], keys: bytes) -> range:
        with self._transaction() as connection:
            connection.execute("INSERT INTO imported (keys) VALUES (?)", (keys,))
            return _insert(connection, records)

    def imported_keys(self) -> Iterator[bytes]:
        """Return the keys of all that was ever imported, many in each piece."""
        with wrapped():
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
        rows = self._rows(
            "SELECT seq, record FROM journal WHERE seq > ? ORDER BY seq LIMIT ?", after_seq, limit
        )
        return [(seq, record) for seq, record in rows]

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
        return self._structs(
            Seal,
            "SELECT seq_first, seq_last, events, dead_letters, chain, sealed_at"
            " FROM seals ORDER BY seq_last",
        )

    def chain(self) -> str:
        """Return the chain of the last seal, zeros before the first."""
        rows = self._rows("SELECT chain FROM seals ORDER BY seq_last DESC LIMIT 1")
        return str(rows[0][0]) if rows else EMPTY_CHAIN

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
                "INSERT INTO seals VALUES"
                " (:seq_first, :seq_last, :events, :dead_letters, :chain, :sealed_at)",
                msgspec.structs.asdict(seal),
            )
            add_files(connection, files, log_files)
            connection.execute("DELETE FROM intent")
            _trim_step(connection, seal.seq_last)

    def trim_step(self) -> bool:
        """Delete a few sealed records or give back their room; return whether more is to be done.

        Both hold the lock that appending needs, so they are done in small steps.
        """
        sealed_upto = self.sealed_upto()
        with self._transaction() as connection:
            deleted = _trim_step(connection, sealed_upto)
        with self._turn() as connection:
            return deleted == TRIM_ROWS_PER_TRANSACTION or journal_file.give_back_pages(connection)


def _insert(connection: sqlite3.Connection, records: list[bytes]) -> range:
    """Insert records in one statement, which outside a transaction is a commit of its own.

    Each statement lets go of Python's lock and must win it back.
    """
    if not records:
        return range(0)
    places = ",".join(["(?)"] * len(records))
    last = connection.execute(f"INSERT INTO journal (record) VALUES {places}", records).lastrowid  # noqa: S608
    assert last is not None
    return range(last - len(records) + 1, last + 1)


def _trim_step(connection: sqlite3.Connection, upto_seq: int) -> int:
    return connection.execute(
        "DELETE FROM journal WHERE seq IN"
        " (SELECT seq FROM journal WHERE seq <= ? ORDER BY seq LIMIT ?)",
        (upto_seq, TRIM_ROWS_PER_TRANSACTION),
    ).rowcount
