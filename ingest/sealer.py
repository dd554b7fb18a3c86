"""Moves the journal's head into the event log, exactly once.

    intent ──▶ files written, synced ──▶ events committed ──▶ dead letters committed
                                                   │ each synced before the next step
       trim, in small steps ◀── seal recorded ◀────┘
             └──▶ logs shortened, now and then

Every step may be the last one before a crash. The intent fixes how far a seal goes before
anything of it is written, so the next run finishes the same seal: a table whose checkpoint has
reached the intent has its rows already and is passed over, one that has not gets them. Rows leave
the journal only in the commit that records the seal, when all they became is on disk.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

import msgspec
import polars as pl

from eventlog.event import decode_record
from eventlog.layout import Layout
from eventlog.lock import held
from eventlog.schema import split
from eventlog.table import DataFile, Table
from ingest import recovery
from ingest.journal import (
    Intent,
    Journal,
    JournalDamagedError,
    Seal,
    SealedFile,
)
from ingest.recovery import SEAL_KEY, SealNote
from ingest.settling import new_log_files, settle, shorten_log
from ingest.tables import TABLES, folder_of

BATCH_BYTES_MAX = 32 << 20
PIECE_RECORDS = 500


def chained(chain: str, records: Iterable[bytes]) -> str:
    """Return the chain after these encoded records, as 64 hex digits."""
    sha256 = hashlib.sha256(bytes.fromhex(chain))
    for record in records:
        sha256.update(record)
    return sha256.hexdigest()


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _nothing(_step: str) -> None:
    pass


@dataclass(frozen=True)
class _LogTable:
    """One table of the log, and the files that an interrupted seal has committed to it."""

    name: str
    table: Table
    committed: list[DataFile]


class Sealer:
    """Seals one journal into its event log. One thread at a time may use it.

    `reached` is told the name of every step when it is done; tests end the process there.
    """

    def __init__(
        self,
        layout: Layout,
        clock: Callable[[], datetime] = _utc_now,
        reached: Callable[[str], None] = _nothing,
    ) -> None:
        """Open the journal, made if missing. Raises `JournalUnavailableError`."""
        self._layout = layout
        self._clock = clock
        self._reached = reached
        self._journal = Journal.open(layout.journal)
        self._tables: list[_LogTable] = []

    def close(self) -> None:
        self._journal.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def seal(self, records_max: int) -> int:
        """Move up to `records_max` records into the event log; return how many were moved.

        They are fewer where their bodies are large: 32 MiB, and 500 records more, are the most.
        Waits while another process seals. Raises `JournalError`, `TableError` or `OSError`; what
        was begun then is finished by the next call.
        """
        with held(self._layout.seal_lock):
            self._trim()
            settle(self._layout, self._journal)
            intent = self._journal.intent()
            self._see_tables(intent)
            head = self._head(intent, records_max)
            if head:
                self._move(head, intent)
                self._trim()
                self._shorten_logs()
            return len(head)

    def _trim(self) -> None:
        while self._journal.trim_step():
            self._reached("trim step")

    def _shorten_logs(self) -> None:
        for log_table in self._tables:
            shorten_log(self._layout, self._journal, log_table.name, log_table.table)

    def _see_tables(self, intent: Intent | None) -> None:
        if self._tables and intent is None:
            for log_table in self._tables:
                log_table.table.refresh()
        else:
            self._tables = [self._open(name, intent) for name in TABLES]

    def _open(self, name: str, intent: Intent | None) -> _LogTable:
        folder = folder_of(self._layout, name)
        committed: list[DataFile] = []
        if intent is not None:
            version, node = intent.versions[name], self._journal.node
            committed = recovery.committed_files(folder, version, node, intent.seq_last)
        elif not self._journal.sealed_into(name):
            recovery.set_aside_torn_birth(folder)
        table = recovery.open_table(folder, TABLES[name])
        self._check_position(name, table, intent if committed else None)
        if intent is not None:
            recovery.remove_leftovers(table, self._journal.known_paths(name))
        return _LogTable(name, table, committed)

    def _check_position(self, name: str, table: Table, intent: Intent | None) -> None:
        """Refuse to go on if log and journal do not belong together, or one of them went back."""
        expected = self._journal.sealed_into(name) if intent is None else intent.seq_last
        position = table.checkpoint(self._journal.node) or 0
        if position != expected:
            raise JournalDamagedError(
                f"{table.folder} holds records up to {position}, "
                f"but by the journal it should be {expected}"
            )

    def _head(self, intent: Intent | None, records_max: int) -> list[tuple[int, bytes]]:
        after = self._journal.sealed_upto()
        limit = records_max if intent is None else intent.seq_last - after
        head = self._read(after, limit, BATCH_BYTES_MAX if intent is None else None)
        if [seq for seq, _ in head] != list(range(after + 1, after + 1 + len(head))):
            raise JournalDamagedError(f"records are missing from the journal after {after}")
        if intent is not None and len(head) != limit:
            raise JournalDamagedError(f"the journal ends before {intent.seq_last}")
        return head

    def _read(self, after: int, limit: int, bytes_max: int | None) -> list[tuple[int, bytes]]:
        """Return the first records after a seq, no more than may be held in memory at once."""
        head: list[tuple[int, bytes]] = []
        size = 0
        while len(head) < limit and (bytes_max is None or size < bytes_max):
            piece = self._journal.head(after + len(head), min(limit - len(head), PIECE_RECORDS))
            head += piece
            size += sum(len(record) for _, record in piece)
            if len(piece) < PIECE_RECORDS:
                break
        return head

    def _move(self, head: Sequence[tuple[int, bytes]], intent: Intent | None) -> None:
        note = SealNote(
            node=self._journal.node,
            seq_first=head[0][0],
            seq_last=head[-1][0],
            chain=chained(self._journal.chain(), (record for _, record in head)),
            files=[],
        )
        rows = split(note.node, ((seq, decode_record(record)) for seq, record in head))
        if intent is None:
            versions = {log_table.name: log_table.table.version for log_table in self._tables}
            self._journal.begin_seal(Intent(seq_last=note.seq_last, versions=versions))
            self._reached("intent recorded")
        files = [
            file
            for log_table, frame in zip(self._tables, rows, strict=True)
            for file in self._append(log_table, frame, note)
        ]
        log_files = [
            log_file
            for name in TABLES
            for log_file in new_log_files(self._layout, self._journal, name)
        ]
        self._journal.finish_seal(self._seal_of(note, *rows), files, log_files)
        self._reached("seal recorded")

    def _append(self, to: _LogTable, rows: pl.DataFrame, note: SealNote) -> list[SealedFile]:
        files = to.committed  # nothing, unless this seal was interrupted
        if not rows.is_empty() and (to.table.checkpoint(note.node) or 0) < note.seq_last:
            files = to.table.write(rows)
            self._reached(f"{to.name} written")
            encoded = msgspec.json.encode(msgspec.structs.replace(note, files=files)).decode()
            to.table.append(files, {note.node: note.seq_last}, {SEAL_KEY: encoded})
            self._reached(f"{to.name} committed")
        return [
            SealedFile(
                table_name=to.name,
                path=file.path,
                seq_first=note.seq_first,
                seq_last=note.seq_last,
                rows=file.rows,
                size_bytes=file.size_bytes,
                sha256=file.sha256,
            )
            for file in files
        ]

    def _seal_of(self, note: SealNote, events: pl.DataFrame, dead_letters: pl.DataFrame) -> Seal:
        return Seal(
            seq_first=note.seq_first,
            seq_last=note.seq_last,
            events=events.height,
            dead_letters=dead_letters.height,
            chain=note.chain,
            sealed_at=self._clock().isoformat(),
        )
