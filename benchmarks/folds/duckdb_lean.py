"""One GROUP BY in DuckDB that does not count redelivered webhooks, to one Parquet file."""

from __future__ import annotations

from functools import partial

from benchmarks.folds.duckdb_group import fold
from benchmarks.folds.outcome import run

if __name__ == "__main__":
    run(partial(fold, statement="duckdb_lean.sql"))
