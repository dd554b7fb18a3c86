"""Make a view of each table in the schema `internal`: all that a catalogue reads.

files of the log and the projections, the jobs' and the alerts' own file ──▶ internal views
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import msgspec
import polars as pl

from analytics.days import partition
from analytics.projections import conversations
from analytics.projections.conversations.layers import is_newer
from analytics.projections.schema import PARTITIONED_BY
from eventlog.layout import Layout
from eventlog.schema import PARTITION_COLUMN
from eventlog.table import LOG_FOLDER, Table

SQL = Path(__file__).parent / "internal"
PARTITIONS = {
    "events_all": PARTITION_COLUMN,
    "dead_letters_all": PARTITION_COLUMN,
    **PARTITIONED_BY,
}
JOB_RUNS = {
    "job": "varchar",
    "started_at": "timestamptz",
    "ended_at": "timestamptz",
    "duration_seconds": "double",
    "outcome": "varchar",
    "error": "varchar",
    "events": "bigint",
}
ALERT = {
    "alert_id": "varchar",
    "kind": "varchar",
    "began_at": "timestamptz",
    "fired_at": "timestamptz",
    "resolved_at": "timestamptz",
    "told_at": "timestamptz",
    "mcc": "varchar",
    "mnc": "varchar",
    "network": "varchar",
    "job": "varchar",
    "messages": "bigint",
    "delivered": "bigint",
    "usual_rate": "double",
    "usual_silence_seconds": "double",
    "error": "varchar",
}


def create_sources(connection: duckdb.DuckDBPyConnection, layout: Layout) -> dict[str, list[str]]:
    """Make a view of each table; return the files that it reads, by its name."""
    files = {name: _files(_folder(layout, name), day) for name, day in PARTITIONS.items()}
    connection.execute("use internal")
    for name, paths in files.items():
        if name == conversations.NAME and any(is_newer(path) for path in paths):
            _create_conversations(connection, paths)
        elif paths:
            connection.read_parquet(paths, hive_partitioning=True).create_view(name)
        else:
            _run(connection, f"empty/{name}.sql")
    _create_job_runs(connection, layout)
    _create_alerts(connection, layout)
    connection.execute("use main")
    return files


def _create_conversations(connection: duckdb.DuckDBPyConnection, paths: list[str]) -> None:
    """Make a view of the conversations, some of which have newer rows beside them."""
    newer = [path for path in paths if is_newer(path)]
    days = {partition(path) for path in newer}
    whole = [path for path in paths if not is_newer(path)]
    parts = {
        "newer": newer,
        "base": [path for path in whole if partition(path) in days],
        "settled": [path for path in whole if partition(path) not in days],
    }
    for name, files in parts.items():
        rows = connection.read_parquet(files or newer, hive_partitioning=True)
        shown = rows if files else rows.filter("false")  # no file: the columns, and no row
        shown.create_view(f"conversations_{name}")
    _run(connection, "conversations.sql")


def _create_job_runs(connection: duckdb.DuckDBPyConnection, layout: Layout) -> None:
    """Read the jobs' own file whenever asked: that a publication failed is seen there alone."""
    if layout.job_runs.exists():
        path = str(layout.job_runs.absolute())
        runs = connection.read_json(path, columns=JOB_RUNS, format="newline_delimited")
        runs.create_view("job_runs_all")
    else:
        _run(connection, "empty/job_runs_all.sql")


def _create_alerts(connection: duckdb.DuckDBPyConnection, layout: Layout) -> None:
    """Read the alerts' own file whenever asked: what is wrong may keep all else from being new.

    While it cannot be read, which the job of the alerts says, there are none.
    """
    if _is_json(layout.alerts):
        alert = ", ".join(f"{name} {kind}" for name, kind in ALERT.items())
        columns = {"alerts": f"struct({alert})[]"}
        path = str(layout.alerts.absolute())
        book = connection.read_json(path, columns=columns, format="unstructured")
        book.create_view("alerts_file")
        _run(connection, "alerts_all.sql")
    else:
        _run(connection, "empty/alerts_all.sql")


def _is_json(path: Path) -> bool:
    try:
        msgspec.json.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError):
        return False
    return True


def _folder(layout: Layout, name: str) -> Path:
    logs = {"events_all": layout.events, "dead_letters_all": layout.dead_letters}
    return logs.get(name) or layout.projection(name)


def _files(folder: Path, partition_by: str) -> list[str]:
    """Return the absolute paths of a table's files; none if there is no table yet."""
    if not (folder / LOG_FOLDER).exists():
        return []
    return [str(path.absolute()) for path in Table.open(folder, pl.Schema(), partition_by).files()]


def _run(connection: duckdb.DuckDBPyConnection, path: str) -> None:
    connection.execute((SQL / path).read_text("utf-8"))
