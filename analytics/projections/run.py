"""One run over all projections, each after those it is computed from."""

from __future__ import annotations

import dataclasses
import logging
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from analytics.definitions import Definitions
from analytics.projections import (
    conversations,
    delivery_cells,
    messages,
    network_stays,
    receipt_cells,
    replies,
    reply_cells,
)
from analytics.projections.engine import Engine, Resources
from analytics.projections.job import Job
from analytics.projections.new_events import reached_by_all
from analytics.projections.schema import PARTITIONED_BY, SCHEMAS
from eventlog.layout import Layout
from eventlog.schema import EVENTS, PARTITION_COLUMN
from eventlog.table import Table, TableError
from eventlog.table_log import LOG_FOLDER, is_newest_torn

logger = logging.getLogger(__name__)

Reached = Callable[[str], None]
FEW_EVENTS = 1_000


def nobody(_step: str) -> None:
    """Tell nobody which step was reached."""


def open_log(layout: Layout) -> Table | None:
    """Open the event log as it stands; None before the first event. Raises `TableError`."""
    if not (layout.events / LOG_FOLDER).exists():
        return None
    return Table.open(layout.events, EVENTS, PARTITION_COLUMN, append_only=True)


def run(
    layout: Layout,
    events: Table | None,
    definitions: Definitions,
    resources: Resources,
    reached: Reached,
    *,
    from_zero: bool,
) -> int:
    """Compute the projections of `layout` from `events`; return how many events were folded.

    The caller holds the job lock. Raises `ProjectionError`, `TableError`.
    """
    tables = {name: open_projection(layout, name) for name in SCHEMAS}
    if not from_zero and _are_few(events, tables):
        resources = dataclasses.replace(resources, threads=1)
    with Engine.open(layout.job_scratch, resources) as engine:
        job = Job(engine, events, tables, definitions, from_zero, reached)
        folded = 0
        for each in (messages, replies):
            folded += each.project(job)
            engine.forget()
        for other in (delivery_cells, reply_cells, receipt_cells, conversations, network_stays):
            other.project(job)
            engine.forget()
    return folded


def _are_few(events: Table | None, tables: Mapping[str, Table]) -> bool:
    """Say whether so few events are new that threads would wait for each other more than help.

    On a busy machine those that give way to all others keep a fold of a moment for seconds.
    """
    reached = reached_by_all(events)
    if reached is None or any(table.version == 0 for table in tables.values()):
        return False  # not known, or a projection begins from zero
    new = (
        seq - (tables[name].checkpoint(node) or 0)
        for name in ("messages", "replies")
        for node, seq in reached.items()
    )
    return max(new, default=0) <= FEW_EVENTS


def open_projection(layout: Layout, name: str) -> Table:
    """Open a projection; one that cannot be read, or has other columns, starts again from zero."""
    folder = layout.projection(name)
    if is_newest_torn(folder):
        logger.warning("projection torn, starting again", extra={"projection": name})
        _forget(folder)
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
    with suppress(FileNotFoundError):  # a disk that failed may have kept it from being made
        shutil.rmtree(folder / LOG_FOLDER)
