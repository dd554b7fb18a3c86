"""The same questions asked of PostgreSQL: one row a message in a table with sensible indexes.

No events are kept there for ever and nothing is exact after a late receipt: it is what a good
engineer would do first. The settings are raised to what the machine allows.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import duckdb
import psycopg  # type: ignore[import-not-found]

from benchmarks.folds.generate import DAYS, START
from benchmarks.folds.outcome import files
from benchmarks.folds.running import Ran
from benchmarks.postgres import cluster
from eventlog.layout import Layout

HERE = Path(__file__).parent / "postgres_questions"
MILLIONS_MAX = 10
ROUNDS = 3
SETTINGS = (
    "work_mem = '512MB'",
    "maintenance_work_mem = '1GB'",
    "max_parallel_workers_per_gather = 2",
)
COLUMNS = (
    "seq",
    "ingested_at",
    "type",
    "message_id",
    "status",
    "sent_at",
    "delivered_at",
    "number",
    "mcc",
    "mnc",
    "tags",
)
QUESTIONS = {
    "delivery_daily": "delivery_daily",
    "network_performance": "network_performance_between",
    "latency_percentiles": "delivery_between",
}


def ask(work: Path, log: Path) -> Ran:
    """Load a log into a new cluster and ask: seconds by question and step, and the table's bytes.

    Raises `ToolMissingError`.
    """
    with cluster(work, HERE / "schema.sql", None) as address:
        seconds = {"load": _seconds(lambda: _load(work, log, address))}
        with psycopg.connect(address, autocommit=True) as connection:
            for setting in SETTINGS:
                connection.execute(f"SET {setting}")
            seconds["fold"] = _seconds(lambda: connection.execute(_sql("fold")))
            seconds["indexes"] = _seconds(lambda: _run_all(connection, _sql("indexes")))
            seconds |= {name: _fastest(connection, name) for name in QUESTIONS}
            size = connection.execute("SELECT pg_total_relation_size('messages')").fetchone()
    return Ran(printed={**seconds, "bytes": (size or [0])[0]}, cpu_seconds=0.0, peak_bytes=0)


def _load(work: Path, log: Path, address: str) -> None:
    out = work / "events.csv"
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        rows = connection.read_parquet(files(Layout(log)), hive_partitioning=True)
        rows.select(*map(duckdb.ColumnExpression, COLUMNS)).write_csv(str(out), header=False)
    copy = f"COPY events ({', '.join(COLUMNS)}) FROM STDIN (FORMAT csv)"
    with (
        psycopg.connect(address) as postgres,
        postgres.cursor() as cursor,
        out.open("rb") as file,
        cursor.copy(copy) as stream,
    ):
        while block := file.read(1 << 20):
            stream.write(block)
    out.unlink()


def _fastest(connection: psycopg.Connection[Any], name: str) -> float:
    dates = {"since": START, "until": START + timedelta(days=DAYS)}
    sql = _sql(name)
    return min(_seconds(lambda: connection.execute(sql, dates).fetchall()) for _ in range(ROUNDS))


def _run_all(connection: psycopg.Connection[Any], statements: str) -> None:
    for statement in statements.split(";"):
        if statement.strip():
            connection.execute(statement.encode())


def _seconds(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


def _sql(name: str) -> Any:
    return (HERE / f"{name}.sql").read_text("utf-8")
