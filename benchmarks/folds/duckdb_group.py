"""One GROUP BY in DuckDB, to one Parquet file."""

from __future__ import annotations

from pathlib import Path

import duckdb

from benchmarks.folds.outcome import THREADS, files, run
from eventlog.layout import Layout

_SQL = Path(__file__).with_name("duckdb.sql")


def fold(layout: Layout, out: Path) -> None:
    """Fold the log into `out`."""
    with duckdb.connect(config={"threads": THREADS}) as connection:
        connection.execute(_SQL.read_text(), {"files": files(layout), "out": str(out)})


if __name__ == "__main__":
    run(fold)
