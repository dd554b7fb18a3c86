"""Invents an event log: `python -m benchmarks.folds.generate EVENTS DATA`."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import duckdb

from eventlog.layout import Layout
from eventlog.schema import EVENTS, PARTITION_COLUMN
from eventlog.table import DataFile, Table

MESSAGES_PER_EVENT = 0.466
NODE = "0be7c402"
_HERE = Path(__file__).parent


def generate(events: int, layout: Layout) -> None:
    """Write an event log of that many events, a file a day, as one commit."""
    layout.root.mkdir(parents=True)
    scratch = layout.root / "scratch.duckdb"
    table = Table.open(layout.events, EVENTS, PARTITION_COLUMN, append_only=True)
    with duckdb.connect(scratch) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute((_HERE / "chance.sql").read_text())
        query = (_HERE / "events.sql").read_text()
        inputs = {
            "messages": int(events * MESSAGES_PER_EVENT),
            "events": events,
            "node": NODE,
        }
        connection.execute(f"CREATE TABLE events AS {query}", inputs)
        days = connection.table("events").unique(PARTITION_COLUMN).order(PARTITION_COLUMN)
        files = [_write(connection, table, day) for (day,) in days.fetchall()]
    table.append(files, {NODE: events})
    scratch.unlink()


def _write(connection: duckdb.DuckDBPyConnection, table: Table, day: date) -> DataFile:
    columns = [duckdb.ColumnExpression(name) for name in EVENTS if name != PARTITION_COLUMN]
    on_day = duckdb.ColumnExpression(PARTITION_COLUMN) == duckdb.ConstantExpression(day)
    rows = connection.table("events").filter(on_day).select(*columns)
    path = table.new_path(day.isoformat())
    rows.write_parquet(str(path), compression="zstd")
    return table.adopt(path, day.isoformat(), rows.shape[0])


if __name__ == "__main__":
    generate(int(sys.argv[1]), Layout(Path(sys.argv[2])))
