"""A process that commits and checkpoints without end: `python -m tests.guarantees.checkpointing T`.

Prints the number of each row when it is safe.
"""

from __future__ import annotations

import sys
from datetime import date
from itertools import count
from pathlib import Path

import polars as pl

from eventlog import table, table_log

SCHEMA = pl.Schema({"seq": pl.Int64(), "day": pl.Date()})


def main(folder: str) -> None:
    """Commit until killed; every third commit makes a checkpoint, and old entries go."""
    table.LOG_CHECKPOINT_EVERY_COMMITS = 3
    table_log.LOG_ENTRIES_KEPT = 5
    written = table.Table.open(Path(folder), SCHEMA, "day", append_only=True)
    for seq in count(1):
        rows = pl.DataFrame([(seq, date(2026, 11, 23))], schema=SCHEMA, orient="row")
        written.append(written.write(rows), {"node": seq})
        print(seq, flush=True)
        written.shorten_log()


if __name__ == "__main__":
    main(*sys.argv[1:])
