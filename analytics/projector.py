"""Bring the projections up to date with the event log, or make them again from zero.

One job at a time: whoever comes second waits. A crash at any moment leaves every projection at
one of its commits, from which the next run goes on.
"""

from __future__ import annotations

import fcntl
import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from analytics.definitions import Definitions
from analytics.projections import delivery_cells, messages, replies, reply_cells
from analytics.projections.engine import Engine, Resources
from analytics.projections.job import Job
from analytics.projections.schema import PARTITIONED_BY, SCHEMAS
from eventlog.durable import make_folder
from eventlog.layout import Layout
from eventlog.schema import EVENTS, PARTITION_COLUMN
from eventlog.table import LOG_FOLDER, Table, TableError

logger = logging.getLogger(__name__)

Reached = Callable[[str], None]


def _nobody(_step: str) -> None:
    """Tell nobody."""


def project(
    layout: Layout,
    definitions: Definitions,
    resources: Resources | None = None,
    reached: Reached = _nobody,
) -> int:
    """Fold the events that are new since the checkpoints; return how many.

    `reached` is told each step's name when it is done. Raises `ProjectionError`, `TableError`.
    """
    with locked(layout):
        return run(layout, open_log(layout), definitions, resources, reached, from_zero=False)


def rebuild(
    layout: Layout,
    definitions: Definitions,
    resources: Resources | None = None,
    reached: Reached = _nobody,
) -> int:
    """Make every projection again from the whole log, each put into place by one commit.

    Returns the number of events folded. Raises `ProjectionError`, `TableError`.
    """
    with locked(layout):
        return run(layout, open_log(layout), definitions, resources, reached, from_zero=True)


def prune(layout: Layout, grace: timedelta, now: datetime) -> int:
    """Delete projection files that went out of their table, or never came in, `grace` ago.

    Until then a published catalogue may name them. Returns how many were deleted.
    """
    with locked(layout):
        return sum(_prune(layout.projection(name), name, now - grace) for name in SCHEMAS)


def _prune(folder: Path, name: str, before: datetime) -> int:
    """Judge by modification times: a file's is set anew when it goes out of the table."""
    if not (folder / LOG_FOLDER).exists():
        return 0
    kept = set(Table.open(folder, SCHEMAS[name], PARTITIONED_BY[name]).files())
    old = [
        path
        for path in folder.glob(f"{PARTITIONED_BY[name]}=*/*.parquet")
        if path not in kept and path.stat().st_mtime < before.timestamp()
    ]
    for path in old:
        path.unlink()
    return len(old)


@contextmanager
def locked(layout: Layout) -> Iterator[None]:
    """Hold the lock of the jobs, waiting for whoever holds it now."""
    make_folder(layout.job_lock.parent)
    with layout.job_lock.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def open_log(layout: Layout) -> Table | None:
    """Open the event log as it stands; None before the first event. Raises `TableError`."""
    if not (layout.events / LOG_FOLDER).exists():
        return None
    return Table.open(layout.events, EVENTS, PARTITION_COLUMN, append_only=True)


def run(
    layout: Layout,
    events: Table | None,
    definitions: Definitions,
    resources: Resources | None,
    reached: Reached,
    *,
    from_zero: bool,
) -> int:
    """Compute the projections of `layout` from `events`; the lock is held by the caller."""
    tables = {name: _open(layout.projection(name), name) for name in SCHEMAS}
    with Engine.open(layout.job_scratch, resources or Resources()) as engine:
        job = Job(engine, events, tables, definitions, from_zero, reached)
        folded = messages.project(job) + replies.project(job)
        delivery_cells.project(job)
        reply_cells.project(job)
    return folded


def _open(folder: Path, name: str) -> Table:
    """Open a projection; one that cannot be read, or has other columns, starts again from zero."""
    try:
        table = Table.open(folder, SCHEMAS[name], PARTITIONED_BY[name])
    except TableError:
        logger.warning("projection unreadable, starting again", extra={"projection": name})
    else:
        if table.has_schema(SCHEMAS[name]):
            return table
        logger.info("projection has other columns, starting again", extra={"projection": name})
    _forget(folder)
    return Table.open(folder, SCHEMAS[name], PARTITIONED_BY[name])


def _forget(folder: Path) -> None:
    """Take away a table's log; its files stay as long as any other that went out of a table."""
    for path in folder.glob("*/*.parquet"):
        path.touch()
    shutil.rmtree(folder / LOG_FOLDER)
