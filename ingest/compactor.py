"""Merges small files of the event log into larger ones: no row is missing or doubled meanwhile.

    files chosen ──▶ merged aside, synced ──▶ intent ──▶ file in place ──▶ committed ──▶ recorded
    (seal lock)      (sealing goes on)        └──────────────── (seal lock) ───────────────────┘

One commit takes the old files out and puts the new one in. The old ones stay on disk until no
reader can still name them; the journal remembers which they are. Every step may be the last one
before a crash: `settling` then finishes the merge, if it was committed, or undoes it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import shutil
from collections.abc import Callable
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Self

import msgspec
import polars as pl
from polars.exceptions import PolarsError

from eventlog.data_file import span
from eventlog.durable import sync_file, sync_folders
from eventlog.layout import Layout
from eventlog.lock import held
from eventlog.schema import PARTITION_COLUMN
from eventlog.table import LOG_FOLDER, DataFile, Table, TableError
from ingest.journal import Compaction, Journal, JournalDamagedError
from ingest.merging import Run, next_merge, partition_of
from ingest.recovery import COMPACTION_KEY, CompactionNote, open_table
from ingest.settling import record, settle, shorten_log, utc_now
from ingest.tables import TABLES, folder_of

ROW_GROUP_ROWS = 50_000
FORGOTTEN_PER_TRANSACTION = 1_000
_SCRATCH_FOLDER = "_merging"


def _nothing(_step: str) -> None:
    pass


class Compactor:
    """Merges the files of one event log. One thread at a time may use it.

    `reached` is told the name of every step when it is done; tests end the process there.
    """

    def __init__(
        self,
        layout: Layout,
        file_rows: int,
        clock: Callable[[], datetime] = utc_now,
        reached: Callable[[str], None] = _nothing,
    ) -> None:
        """Open the journal, made if missing. Files of `file_rows` rows are large enough.

        Raises `JournalUnavailableError`.
        """
        self._layout = layout
        self._file_rows = file_rows
        self._clock = clock
        self._reached = reached
        self._journal = Journal.open(layout.journal)

    def close(self) -> None:
        self._journal.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def compact(self) -> int:
        """Merge some files of one day into one; return how many, 0 when all is well.

        Sealing goes on while the rows are written. Raises `JournalError`, `TableError` or
        `OSError`; what was begun then is finished or undone by the next call, or the next seal.
        """
        with held(self._layout.compact_lock):
            run = self._chosen()
            if not run:
                return 0
            scratch = folder_of(self._layout, run[0].table_name) / _SCRATCH_FOLDER
            shutil.rmtree(scratch, ignore_errors=True)
            scratch.mkdir()
            merged = self._merged(run, scratch / "merged.parquet")
            self._reached("merged aside")
            done = self._replace(run, merged, scratch / "merged.parquet")
            shutil.rmtree(scratch)
            return len(run) if done else 0

    def _chosen(self) -> Run:
        """Choose what to merge, unless a seal must be finished first."""
        with held(self._layout.seal_lock):
            settle(self._layout, self._journal, self._clock)
            if self._journal.intent() is not None:
                return []
        return next_merge(self._journal.sealed_files(), self._clock().date(), self._file_rows)

    def _merged(self, run: Run, aside: Path) -> DataFile:
        """Write the rows of the files into one, synced; its path is not known yet."""
        folder = folder_of(self._layout, run[0].table_name)
        _check_bytes(folder, run)
        try:
            pl.scan_parquet(
                [folder / file.path for file in run], hive_partitioning=False
            ).sink_parquet(aside, compression="zstd", row_group_size=ROW_GROUP_ROWS)
            rows = pl.read_parquet(aside, columns=["seq", "node"])
        except PolarsError as error:
            raise TableError(f"cannot merge files of {folder}: {error}") from error
        in_order = bool((rows["seq"].diff().drop_nulls() > 0).all())
        if rows.height != sum(file.rows for file in run) or not in_order:
            raise JournalDamagedError(f"files of {folder} do not follow each other: {run[0].path}")
        sync_file(aside)
        with aside.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return DataFile(
            path="",
            partition=partition_of(run[0]),
            rows=rows.height,
            size_bytes=aside.stat().st_size,
            sha256=sha256,
            **span(rows),
        )

    def _replace(self, run: Run, merged: DataFile, aside: Path) -> bool:
        """Put the merged file in the place of the others, unless a seal must be finished first."""
        name = run[0].table_name
        with held(self._layout.seal_lock):
            if self._journal.intent() is not None:
                return False
            table = open_table(folder_of(self._layout, name), TABLES[name])
            paths = [file.path for file in run]
            compaction = Compaction(table_name=name, version=table.version, paths=paths)
            self._journal.begin_compaction(compaction)
            self._reached("merge intended")
            file = _in_place(table, merged, aside)
            self._reached("merged file in place")
            note = CompactionNote(merged=paths, files=[file])
            encoded = msgspec.json.encode(note).decode()
            table.rewrite(paths, [file], {COMPACTION_KEY: encoded}, self._clock())
            self._reached("merge committed")
            record(self._layout, self._journal, compaction, [file], self._clock())
            self._reached("merge recorded")
            shorten_log(self._layout, self._journal, name, table)
        return True


def _check_bytes(folder: Path, run: Run) -> None:
    """Refuse to carry damage on: a merged file would get a checksum that calls it whole."""
    for file in run:
        with (folder / file.path).open("rb") as opened:
            if hashlib.file_digest(opened, "sha256").hexdigest() != file.sha256:
                raise JournalDamagedError(f"{folder / file.path}: its bytes have changed")


def _in_place(table: Table, merged: DataFile, aside: Path) -> DataFile:
    path = table.new_path(merged.partition)
    aside.rename(path)
    return dataclasses.replace(merged, path=str(path.relative_to(table.folder)))


def delete_replaced(layout: Layout, before: datetime) -> int:
    """Delete the files that were merged into others before a moment; return how many.

    No catalogue that is read may name them any more. Raises `JournalError`, `TableError`.
    """
    deleted = 0
    with Journal.open(layout.journal) as journal:
        active = {name: _active(layout, name) for name in TABLES}
        old = (
            (name, path)
            for name, path in journal.replaced_files(before)
            if path not in active[name]
        )
        while some := list(islice(old, FORGOTTEN_PER_TRANSACTION)):
            paths = [folder_of(layout, name) / path for name, path in some]
            for path in paths:
                path.unlink(missing_ok=True)
            # Forgotten before they are gone for good, they would be files that no seal wrote.
            sync_folders(path.parent for path in paths if path.parent.exists())
            journal.forget_replaced(some)
            deleted += len(some)
    return deleted


def _active(layout: Layout, name: str) -> set[str]:
    folder = folder_of(layout, name)
    if not (folder / LOG_FOLDER).exists():
        return set()
    return set(Table.open(folder, TABLES[name], PARTITION_COLUMN).actions()["path"])
