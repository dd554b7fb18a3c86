"""The log as it stood at an instant, projected and published in a folder of its own.

    files of the days before ──links───────┐
    files of that day ──rows until then──▶ a log aside ──▶ projections ──▶ catalogue, as of then

What had come by then is judged by `ingested_at`. Alerts are those that had been found by then. The
folder lies in the data directory, so that the log's files, which never change, need not be copied;
it is deleted when nobody looks any more. It costs what a rebuild of the log up to then costs.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import polars as pl

from analytics.catalogue import publish
from analytics.definitions import Definitions
from analytics.projections.engine import Resources
from analytics.projector import rebuild
from eventlog.data_file import DataFile
from eventlog.layout import Layout
from eventlog.schema import DEAD_LETTERS, EVENTS, PARTITION_COLUMN
from eventlog.table import Table
from eventlog.table_log import LOG_FOLDER

PREFIX = ".as-of-"
SAID_LATEST = ("messages", "delivered", "usual_rate", "usual_silence_seconds", "error")
LEFT_SECONDS = 86_400.0


class PastError(Exception):
    """The figures as of a time cannot be had; the message says why."""


@contextmanager
def as_it_stood(
    layout: Layout, definitions: Definitions, at: datetime, resources: Resources | None = None
) -> Iterator[Layout]:
    """Yield where the log as it stood `at` an instant is published, while it is looked at.

    `at` has a time zone. Raises `PastError` when nothing had come by then, and what `rebuild` and
    `publish` raise.
    """
    if not layout.root.exists():
        raise PastError(f"there is no data in {layout.root}")
    _delete_left(layout.root)
    with TemporaryDirectory(prefix=PREFIX, dir=layout.root) as folder:
        past = Layout(Path(folder))
        rows = _copy(layout.events, past.events, EVENTS, at)
        rows += _copy(layout.dead_letters, past.dead_letters, DEAD_LETTERS, at)
        if not rows:
            raise PastError(f"nothing had come by {_said(at)}: {_first(layout)}")
        _copy_alerts(layout.alerts, past.alerts, at)
        rebuild(past, definitions, resources)
        publish(past, definitions, at)
        yield past


def _delete_left(root: Path) -> None:
    """Delete what a process left that was killed."""
    for left in root.glob(f"{PREFIX}*"):
        if time.time() - left.stat().st_mtime > LEFT_SECONDS:
            shutil.rmtree(left, ignore_errors=True)


def _copy(source: Path, target: Path, schema: pl.Schema, at: datetime) -> int:
    """Put the rows of a table that had come by then into one of its own; return how many."""
    table = _open(source, schema)
    if table is None:
        return 0
    copy = Table.open(target, schema, PARTITION_COLUMN, append_only=True)
    rows = table.actions().iter_rows(named=True)
    files = [file for row in rows for file in _until(table, copy, row, at)]
    if files:
        copy.append(files, {})
    return sum(file.rows for file in files)


class _Alert(msgspec.Struct):
    """What tells when an alert was as it is."""

    fired_at: datetime
    resolved_at: datetime | None = None
    told_at: datetime | None = None


def _copy_alerts(source: Path, target: Path, at: datetime) -> None:
    """Put the alerts that had been found by then into a file; none if theirs cannot be read."""
    try:
        book = msgspec.json.decode(source.read_bytes(), type=dict[str, Any])
        known = [(msgspec.convert(each, _Alert), each) for each in book["alerts"]]
    except (OSError, KeyError, msgspec.DecodeError):
        known = []
    target.parent.mkdir()
    found = [_as_of(said, each, at) for said, each in known if said.fired_at <= at]
    target.write_bytes(msgspec.json.encode({"alerts": found}))


def _as_of(said: _Alert, alert: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Return an alert as it stood: what it says while open is of its latest look, and not kept."""
    was_open = said.resolved_at is None or said.resolved_at > at
    unknown = [*SAID_LATEST, "resolved_at"] if was_open else []
    if said.told_at is None or said.told_at > at:
        unknown.append("told_at")
    return alert | dict.fromkeys(unknown)


def _open(folder: Path, schema: pl.Schema) -> Table | None:
    if not (folder / LOG_FOLDER).exists():
        return None
    return Table.open(folder, schema, PARTITION_COLUMN, append_only=True)


def _until(table: Table, copy: Table, row: dict[str, object], at: datetime) -> list[DataFile]:
    """Return the files of the copy that have the rows of one file, as far as they had come."""
    path, partition = table.folder / str(row["path"]), str(row["partition"])
    last = at.astimezone(UTC).date().isoformat()
    if partition > last:
        return []
    if partition < last:
        linked = copy.new_path(partition)
        os.link(path, linked)
        said = row | {"path": str(linked.relative_to(copy.folder)), "sha256": ""}
        return [DataFile(**said)]  # type: ignore[arg-type]
    rows = pl.scan_parquet(path, hive_partitioning=False).filter(pl.col("ingested_at") <= at)
    day = pl.lit(partition).str.to_date().alias(PARTITION_COLUMN)
    return copy.write(rows.collect().with_columns(day))


def _first(layout: Layout) -> str:
    """Say when the first webhook came."""
    firsts = [
        first
        for folder, schema in ((layout.events, EVENTS), (layout.dead_letters, DEAD_LETTERS))
        if (table := _open(folder, schema)) and (first := _earliest(table))
    ]
    return f"the first webhook came at {_said(min(firsts))}" if firsts else "the log is empty"


def _earliest(table: Table) -> datetime | None:
    days = table.actions()["partition"]
    if days.is_empty():
        return None
    files = table.files([str(days.min())])
    first: datetime = pl.scan_parquet(files).select(pl.col("ingested_at").min()).collect().item()
    return first


def _said(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
