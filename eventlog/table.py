"""A Delta table whose commits survive a power cut: the event log and the projections are such.

    data files ──sync──▶ their folders ──sync──▶ one log entry ──sync──▶ done

The files are written and synced before the commit that names them, so a log entry never points
at bytes that may vanish; the caller may rely on a commit when `append` or `replace` has returned.
Checkpoints (`{name: position}`) are Delta app transactions: they land in the same commit as the
rows they speak of.

There is one writer at a time: callers hold a lock. Whoever commits calls `shorten_log` afterwards,
when what was committed is recorded: a checkpoint takes longer than a commit may. What the library
raises is made a `TableError`; what the disk does, while a table is written or synced, an `OSError`.
"""

from __future__ import annotations

import hashlib
import io
import time
import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import arro3.core
import polars as pl
from deltalake import CommitProperties, DeltaTable, PostCommitHookProperties, Schema, Transaction
from deltalake.exceptions import DeltaError, TableNotFoundError
from deltalake.transaction import AddAction, RemoveAction

from eventlog import table_log
from eventlog.data_file import DataFile as DataFile
from eventlog.data_file import add_action, listed, span
from eventlog.durable import make_folder, sync_file, sync_folders, write_file
from eventlog.table_log import LOG_FOLDER as LOG_FOLDER
from eventlog.table_log import log_entry

# A commit slows by 0.2 ms with every log entry since the last checkpoint, which costs 26 ms, and
# 2.5 ms more with every thousand files that went out of the table and are remembered.
LOG_CHECKPOINT_EVERY_COMMITS = 10
REMOVED_FILES_REMEMBERED = "interval 1 hours"
_NO_HOOKS = PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False)


class TableError(Exception):
    """A table could not be opened or written."""


class Table:
    """One Delta table in a local folder, partitioned by one date column."""

    def __init__(self, folder: Path, partition_by: str, delta: DeltaTable) -> None:
        self.folder = folder
        self.partition_by = partition_by
        self._delta = delta
        self._loaded_version = delta.version()
        self._read: tuple[int, pl.DataFrame] | None = None
        self._past: tuple[int, pl.DataFrame] | None = None

    @classmethod
    def open(
        cls, folder: Path, schema: pl.Schema, partition_by: str, *, append_only: bool = False
    ) -> Table:
        """Open the table in `folder`, made if missing. Raises `TableError`."""
        with _wrapped(f"cannot open the table in {folder}"):
            try:
                delta = DeltaTable(folder)
            except TableNotFoundError:
                delta = _create(folder, schema, partition_by, append_only)
            if delta.version() == 0:  # who made it may have ended before it was on disk
                _sync_log_entry(folder, 0)
                sync_folders([folder.parent])
            return cls(folder, partition_by, delta)

    @property
    def version(self) -> int:
        """The number of the newest commit that this handle has seen."""
        return self._delta.version()

    @property
    def id(self) -> str:
        """The identity of this table; one made again in the same folder has another."""
        return str(self._delta.metadata().id)

    @property
    def is_append_only(self) -> bool:
        """Whether the table refuses updates and deletes."""
        return self._delta.metadata().configuration.get("delta.appendOnly") == "true"

    def has_schema(self, schema: pl.Schema) -> bool:
        """Say whether the table's columns are these."""
        return self._delta.schema() == _delta_schema(schema)

    def refresh(self) -> None:
        """See the commits that others have made; when there are none, that costs nothing.

        Raises `TableError`.
        """
        if log_entry(self.folder, self.version + 1).exists():
            with _wrapped(f"cannot read the log of the table in {self.folder}"):
                self._delta.update_incremental()

    def checkpoint(self, name: str) -> int | None:
        """Return the position last committed under `name`, or None. Raises `TableError`."""
        with _wrapped(f"cannot read the log of the table in {self.folder}"):
            return self._delta.transaction_version(name)

    def metadata(self) -> dict[str, Any]:
        """Return what the newest commit says of itself. Raises `TableError`."""
        with _wrapped(f"cannot read the log of the table in {self.folder}"):
            newest = self._delta.history(1)
        if not newest:
            raise TableError(f"the log of the table in {self.folder} is gone")
        return newest[0]

    def files(self, partitions: Collection[str] | None = None) -> list[Path]:
        """Return the absolute paths of the active files, of all or some partitions."""
        return [self.folder / path for path in self.actions(partitions)["path"]]

    def actions(self, partitions: Collection[str] | None = None) -> pl.DataFrame:
        """Return one row per active file, by path, with the columns of `data_file.listed`."""
        if self._read is None or self._read[0] != self.version:
            self._read = self.version, self._listed(self._delta)
        files = self._read[1]
        if partitions is None:
            return files
        return files.filter(pl.col("partition").is_in(list(partitions)))

    def past_actions(self, version: int) -> pl.DataFrame | None:
        """Return what `actions` was at an older version; None when that can no longer be read."""
        if self._past is None or self._past[0] != version:
            try:
                self._past = version, self._listed(DeltaTable(self.folder, version=version))
            except (DeltaError, OSError):
                return None
        return self._past[1]

    def _listed(self, delta: DeltaTable) -> pl.DataFrame:
        actions = pl.DataFrame(delta.get_add_actions(flatten=True))
        return listed(actions, self.partition_by).sort("path")

    def write(self, frame: pl.DataFrame) -> list[DataFile]:
        """Write the rows as one new synced file per partition; `append` then makes them count."""
        by_partition = frame.partition_by(
            self.partition_by, as_dict=True, include_key=False, maintain_order=True
        )
        return [self._write_one(str(key[0]), rows) for key, rows in by_partition.items()]

    def _write_one(self, partition: str, rows: pl.DataFrame) -> DataFile:
        buffer = io.BytesIO()
        rows.write_parquet(buffer, compression="zstd")
        content = buffer.getvalue()
        path = self.new_path(partition)
        write_file(path, content)
        return DataFile(
            path=str(path.relative_to(self.folder)),
            partition=partition,
            rows=rows.height,
            size_bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            **span(rows),
        )

    def new_path(self, partition: str) -> Path:
        """Return a path that no file has yet, in a partition's folder, which is made if missing."""
        folder = self.folder / f"{self.partition_by}={partition}"
        make_folder(folder)
        return folder / f"{uuid.uuid4().hex}.parquet"

    def adopt(self, path: Path, partition: str, rows: int) -> DataFile:
        """Sync a file that somebody else wrote at a `new_path`, and describe it."""
        sync_file(path)
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        relative = str(path.relative_to(self.folder))
        return DataFile(relative, partition, rows, path.stat().st_size, sha256)

    def append(
        self,
        files: Collection[DataFile],
        checkpoints: Mapping[str, int],
        metadata: Mapping[str, Any] | None = None,
    ) -> None:
        """Add files in one commit, with the checkpoints. Raises `TableError`."""
        self._commit([self._add(file) for file in files], checkpoints, metadata)

    def replace(
        self,
        partitions: Collection[str],
        files: Collection[DataFile],
        checkpoints: Mapping[str, int],
        metadata: Mapping[str, Any] | None = None,
    ) -> None:
        """In one commit, take all files of `partitions` out and put `files` in.

        The old files stay on disk for those who still read them. Raises `TableError`.
        """
        self.exchange(list(self.actions(partitions)["path"]), files, checkpoints, metadata)

    def exchange(
        self,
        paths: Collection[str],
        files: Collection[DataFile],
        checkpoints: Mapping[str, int],
        metadata: Mapping[str, Any] | None = None,
    ) -> None:
        """In one commit, take the files `paths` out and put `files` in; as `replace` does.

        Raises `TableError`, also when a path is not part of the table.
        """
        removed = self._active(paths)
        actions: list[AddAction | RemoveAction] = [
            *(self._remove(path, day) for path, day in removed.select("path", "partition").rows()),
            *(self._add(file) for file in files),
        ]
        self._commit(actions, checkpoints, metadata)

    def _active(self, paths: Collection[str]) -> pl.DataFrame:
        found = self.actions().filter(pl.col("path").is_in(list(paths)))
        if found.height != len(paths):
            raise TableError(f"files to replace are no longer part of the table in {self.folder}")
        return found

    def rewrite(
        self,
        paths: Collection[str],
        files: Collection[DataFile],
        metadata: Mapping[str, Any] | None = None,
        at: datetime | None = None,
    ) -> None:
        """In one commit, put `files` in the place of `paths`, which have the same rows.

        No row changes, so an append-only table allows it. The old files stay on disk for those
        who still read them. `at` is said to be the time, None: now. Raises `TableError`, also when
        a path is not part of the table.
        """
        removed = self._active(paths)
        actions: list[AddAction | RemoveAction] = [
            *(
                self._remove(path, day, at, data_change=False)
                for path, day in removed.select("path", "partition").rows()
            ),
            *(self._add(file, data_change=False) for file in files),
        ]
        self._commit(actions, {}, metadata)

    def _add(self, file: DataFile, *, data_change: bool = True) -> AddAction:
        return add_action(self.partition_by, file, _now_ms(), data_change=data_change)

    def _remove(
        self, path: str, partition: str, at: datetime | None = None, *, data_change: bool = True
    ) -> RemoveAction:
        return RemoveAction(
            path=path,
            data_change=data_change,
            deletion_timestamp=round(at.timestamp() * 1000) if at else _now_ms(),
            size=(self.folder / path).stat().st_size,
            partition_values={self.partition_by: partition},
        )

    def _commit(
        self,
        actions: list[AddAction | RemoveAction],
        checkpoints: Mapping[str, int],
        metadata: Mapping[str, Any] | None,
    ) -> None:
        lines = str(1 + len(actions) + len(checkpoints))  # the first says what the commit is
        sync_folders(
            (self.folder / action.path).parent
            for action in actions
            if isinstance(action, AddAction)
        )
        with _wrapped(f"cannot commit to the table in {self.folder}"):
            self._delta.create_write_transaction(
                actions,
                mode="append",
                schema=self._delta.schema(),
                partition_by=[self.partition_by],
                commit_properties=CommitProperties(
                    custom_metadata={**(metadata or {}), table_log.LINES: lines},
                    app_transactions=[Transaction(name, at) for name, at in checkpoints.items()],
                ),
                post_commithook_properties=_NO_HOOKS,
            )
            self._delta.update_incremental()
            _sync_log_entry(self.folder, self.version)

    def shorten_log(self) -> bool:
        """Keep commits and opening fast; return whether a checkpoint came into the log.

        There is one when enough entries have come since the last, and what is older than it need
        be is deleted. Raises `TableError`.
        """
        with _wrapped(f"cannot shorten the log of the table in {self.folder}"):
            since = self.version - table_log.last_checkpoint_version(self.folder)
            is_due = since >= LOG_CHECKPOINT_EVERY_COMMITS
            if is_due:
                table_log.checkpoint(self.folder)
            if self.version - self._loaded_version >= LOG_CHECKPOINT_EVERY_COMMITS:
                # A handle slows with each entry that it has replayed.
                self._delta = DeltaTable(self.folder)
                self._loaded_version = self.version
            if is_due:
                table_log.remove_old_entries(self.folder, self.version)
        return is_due


def _create(folder: Path, schema: pl.Schema, partition_by: str, append_only: bool) -> DeltaTable:
    make_folder(folder / LOG_FOLDER)
    return DeltaTable.create(
        folder,
        schema=_delta_schema(schema),
        partition_by=[partition_by],
        configuration={
            "delta.appendOnly": "true" if append_only else "false",
            "delta.deletedFileRetentionDuration": REMOVED_FILES_REMEMBERED,
        },
    )


def _delta_schema(schema: pl.Schema) -> Schema:
    return Schema.from_arrow(arro3.core.Table(pl.DataFrame(schema=schema)).schema)


def _sync_log_entry(folder: Path, version: int) -> None:
    entry = log_entry(folder, version)
    sync_file(entry)
    sync_folders([entry.parent, folder])


@contextmanager
def _wrapped(what: str) -> Iterator[None]:
    """Raise what the library raises as `TableError`: the first line, without its backtrace.

    The disk's own `OSError` passes: it has a number, and says better what was wrong.
    """
    try:
        yield
    except (DeltaError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        first, _, _ = str(error).partition("\n")
        raise TableError(f"{what}: {first}") from error


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
