"""Bring the projections up to date with the event log, or make them again from zero.

One job at a time: whoever comes second waits. A crash at any moment leaves every projection at
one of its commits, from which the next run goes on.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from analytics.definitions import Definitions
from analytics.projections.engine import Resources
from analytics.projections.run import Reached, nobody, open_log, run
from analytics.projections.schema import PARTITIONED_BY, SCHEMAS
from eventlog.layout import Layout
from eventlog.lock import held
from eventlog.table import Table
from eventlog.table_log import LOG_FOLDER, is_newest_torn


def project(
    layout: Layout,
    definitions: Definitions,
    resources: Resources | None = None,
    reached: Reached = nobody,
) -> int:
    """Fold the events that are new since the checkpoints; return how many.

    `reached` is told each step's name when it is done. Raises `ProjectionError`, `TableError`.
    """
    return _run(layout, definitions, resources, reached, from_zero=False)


def rebuild(
    layout: Layout,
    definitions: Definitions,
    resources: Resources | None = None,
    reached: Reached = nobody,
) -> int:
    """Make every projection again from the whole log, each put into place by one commit.

    Returns the number of events folded. Raises `ProjectionError`, `TableError`.
    """
    return _run(layout, definitions, resources, reached, from_zero=True)


def _run(
    layout: Layout,
    definitions: Definitions,
    resources: Resources | None,
    reached: Reached,
    *,
    from_zero: bool,
) -> int:
    with held(layout.job_lock):
        limits = resources or Resources()
        return run(layout, open_log(layout), definitions, limits, reached, from_zero=from_zero)


def prune(layout: Layout, grace: timedelta, now: datetime) -> int:
    """Delete projection files that went out of their table, or never came in, `grace` ago.

    Until then a published catalogue may name them. Returns how many were deleted. Raises
    `TableError` for a projection that cannot be read.
    """
    with held(layout.job_lock):
        return sum(_prune(layout, name, now - grace) for name in SCHEMAS)


def _prune(layout: Layout, name: str, before: datetime) -> int:
    """Judge by modification times: a file's is set anew when it goes out of the table."""
    folder = layout.projection(name)
    if not (folder / LOG_FOLDER).exists() or is_newest_torn(folder):
        return 0
    # One that cannot be read is begun again by the next run; nothing is known here of its files.
    table = Table.open(folder, SCHEMAS[name], PARTITIONED_BY[name])
    kept = set(table.files())
    old = [
        path
        for path in folder.glob(f"{table.partition_by}=*/*.parquet")
        if path not in kept and path.stat().st_mtime < before.timestamp()
    ]
    for path in old:
        path.unlink()
    return len(old)
