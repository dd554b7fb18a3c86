"""What every fold prints when it is done, and by what two folds are seen to agree."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import perf_counter

import polars as pl

from analytics.projections.engine import Resources
from eventlog.layout import Layout
from eventlog.schema import EVENTS, PARTITION_COLUMN
from eventlog.table import Table

THREADS = 2
MEMORY_BYTES = 3 << 30


def resources() -> Resources:
    """Return what our jobs may use: what DuckDB beside them may."""
    return Resources(memory_bytes_max=MEMORY_BYTES, threads=THREADS)


def files(layout: Layout) -> list[str]:
    """Return the files of an event log."""
    table = Table.open(layout.events, EVENTS, PARTITION_COLUMN, append_only=True)
    return [str(path) for path in table.files()]


def run(fold: Callable[[Layout, Path], None]) -> None:
    """Time a fold of the log in the first argument into the file in the second, and print it."""
    layout, out = Layout(Path(sys.argv[1])), Path(sys.argv[2])
    started = perf_counter()
    fold(layout, out)
    tell(perf_counter() - started, [out])


def tell(
    seconds: float,
    paths: Sequence[Path],
    everything: float | None = None,
    steps: Mapping[str, float] | None = None,
) -> None:
    """Print the seconds until there was one row a message, and until all was done, and counts."""
    counts = pl.scan_parquet(list(paths)).select(
        messages=pl.len(),
        status_events=pl.col("status_events").sum(),
        duplicates=pl.col("duplicates").sum(),
        out_of_order=pl.col("out_of_order").sum(),
        campaigns=pl.col("campaign").count(),
    )
    result = {"seconds": seconds, "everything": everything, "counts": counts.collect().row(0)}
    print(json.dumps({**result, "steps": steps}))
