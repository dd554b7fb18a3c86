"""One GROUP BY in DuckDB that does not count redelivered webhooks, to one Parquet file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from benchmarks.folds.outcome import MEMORY_BYTES, THREADS, files, run
from eventlog.layout import Layout

_SQL = Path(__file__).with_name("duckdb_lean.sql")


def fold(layout: Layout, out: Path) -> None:
    """Fold the log into `out`."""
    config: dict[str, Any] = {
        "threads": THREADS,
        "memory_limit": f"{MEMORY_BYTES}B",
        "temp_directory": str(out.with_name("spilled")),
        "preserve_insertion_order": False,
    }
    with duckdb.connect(config=config) as connection:
        connection.execute(_SQL.read_text(), {"files": files(layout), "out": str(out)})


if __name__ == "__main__":
    run(fold)
