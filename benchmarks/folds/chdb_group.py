"""One GROUP BY in chdb, ClickHouse in a process, to one Parquet file."""

from __future__ import annotations

from pathlib import Path

import chdb

from benchmarks.folds.outcome import run
from eventlog.layout import Layout

_SQL = Path(__file__).with_name("chdb.sql")


def fold(layout: Layout, out: Path) -> None:
    """Fold the log into `out`."""
    glob = str(layout.events / "*" / "*.parquet")
    out.write_bytes(chdb.query(_SQL.read_text(), "Parquet", params={"files": glob}).bytes())


if __name__ == "__main__":
    run(fold)
