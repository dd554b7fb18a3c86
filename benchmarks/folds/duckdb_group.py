"""One GROUP BY in DuckDB, to one Parquet file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from benchmarks.folds.outcome import MEMORY_BYTES, THREADS, files, run
from eventlog.layout import Layout

HERE = Path(__file__).parent


def fold(layout: Layout, out: Path, statement: str = "duckdb.sql") -> None:
    """Fold the log into `out` by a statement of this folder."""
    config: dict[str, Any] = {
        "threads": THREADS,
        "memory_limit": f"{MEMORY_BYTES}B",
        "temp_directory": str(out.with_name("spilled")),
        "preserve_insertion_order": False,
    }
    with duckdb.connect(config=config) as connection:
        connection.execute(
            (HERE / statement).read_text(), {"files": files(layout), "out": str(out)}
        )


if __name__ == "__main__":
    run(fold)
