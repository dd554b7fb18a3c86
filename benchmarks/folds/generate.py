"""Invents an event log: `python -m benchmarks.folds.generate EVENTS DATA`."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from eventlog.layout import Layout
from eventlog.schema import EVENTS, PARTITION_COLUMN
from eventlog.table import DataFile, Table

MESSAGES_PER_EVENT = 0.466
DAYS = 30
NEWS = 10_000
NODE = "0be7c402"
START = datetime(2026, 10, 25, tzinfo=UTC)
_HERE = Path(__file__).parent


def generate(events: int, layout: Layout) -> None:
    """Write a log of that many events in about 30 days, a file a day, as one commit.

    The events that come after the last of them lie beside it, in the files of `news(layout)`.
    """
    news(layout).mkdir(parents=True)
    table = Table.open(layout.events, EVENTS, PARTITION_COLUMN, append_only=True)
    with duckdb.connect(layout.root / "scratch.duckdb") as connection:
        connection.execute("SET TimeZone = 'UTC'")
        _run(connection, "chance")
        files = _write(connection, table, events, layout)
    table.append(files, {NODE: events})
    (layout.root / "scratch.duckdb").unlink()


def news(layout: Layout) -> Path:
    """Return the folder of the events that come next, a file for each day that they came on."""
    return layout.root / "news"


def _write(
    connection: duckdb.DuckDBPyConnection, table: Table, events: int, layout: Layout
) -> list[DataFile]:
    files: list[DataFile] = []
    per_day = int(events * MESSAGES_PER_EVENT / DAYS)
    day, numbered = 0, 0
    while numbered < events + NEWS:
        first, numbered = numbered + 1, numbered + _invent(connection, day, per_day, numbered)
        date = (START + timedelta(days=day)).date().isoformat()
        if first <= events:
            path = table.new_path(date)
            past = min(numbered, events) + 1
            _run(connection, "slice", first=first, past=past, out=str(path))
            file = table.adopt(path, date, past - first)
            files.append(replace(file, seq_min=first, seq_max=past - 1, node=NODE))
        if numbered > events:
            inputs = {"first": max(first, events + 1), "past": min(numbered, events + NEWS) + 1}
            _run(connection, "slice", **inputs, out=str(news(layout) / f"{date}.parquet"))
        day += 1
    return files


def _invent(connection: duckdb.DuckDBPyConnection, day: int, per_day: int, before: int) -> int:
    """Make the table of one day's events, numbered on from `before`; return how many they are."""
    begins_at = START + timedelta(days=day)
    ends_at = begins_at + timedelta(days=1)
    inputs = {"first": day * per_day, "past": (day + 1) * per_day}
    _run(connection, "happenings", begins_at=begins_at.isoformat(), **inputs)
    if day == 0:
        _run(connection, "waiting", ends_at="infinity")
    _run(connection, "due", ends_at=ends_at.isoformat())
    _run(connection, "waiting", ends_at=ends_at.isoformat())
    _run(connection, "events", before=before, node=NODE)
    return int(connection.table("numbered").shape[0])


def _run(connection: duckdb.DuckDBPyConnection, name: str, **inputs: object) -> None:
    connection.execute((_HERE / f"{name}.sql").read_text("utf-8"), inputs)


if __name__ == "__main__":
    generate(int(sys.argv[1]), Layout(Path(sys.argv[2])))
