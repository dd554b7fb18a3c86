"""What the figures cost: `python -m benchmarks.analytics [MILLIONS…] [--runs N] [--only …]`.

For each size: a rebuild beside one bare GROUP BY over the same files, a run over 10,000 new events,
and every public view of figures over 30 days. Peers and PostgreSQL up to ten million. Each run is
remembered beside the logs, so that a long measurement can be done in pieces of N runs; ANALYTICS.md
is written anew after each piece, of all that is remembered.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import polars as pl

from benchmarks.analytics_page import BARE, OURS, PEERS, POSTGRES, PROJECT, VIEWS, page
from benchmarks.analytics_postgres import MILLIONS_MAX as POSTGRES_MILLIONS_MAX
from benchmarks.analytics_postgres import ask
from benchmarks.folds.running import Ran, ran
from benchmarks.machine import describe
from benchmarks.process import ToolMissingError
from benchmarks.remembered import Key, Remembered
from benchmarks.report import markdown
from eventlog.layout import Layout
from eventlog.schema import EVENTS, PARTITION_COLUMN
from eventlog.table import Table as LogTable

HERE = Path(__file__).parent
PEER_MILLIONS_MAX = 10
ROUNDS_OF_SMALL = 3
NODE = "0be7c402"


def main() -> int:
    """Do the runs that are missing, and write ANALYTICS.md; 1 if a program was missing."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.analytics", description=__doc__)
    parser.add_argument("millions", nargs="*", type=int, default=[1, 10])
    parser.add_argument("--data", type=Path, default=HERE / ".work", help="where the logs are kept")
    parser.add_argument("--runs", type=int, help="do so many runs at most; the rest another time")
    parser.add_argument("--only", nargs="+", help="the programs to run, by their modules' names")
    parser.add_argument("--anew", action="store_true", help="forget the runs that were done")
    asked = parser.parse_args()
    asked.data.mkdir(exist_ok=True)
    path = asked.data / "analytics.ndjson"
    if asked.anew:
        path.unlink(missing_ok=True)
    remembered = Remembered(path, asked.runs, asked.only)
    missing = _measure(asked.data, asked.millions, remembered)
    machine = markdown(describe(asked.data))
    (HERE / "ANALYTICS.md").write_text(page(machine, asked.millions, remembered, missing), "utf-8")
    return 1 if missing else 0


def _measure(data: Path, sizes: Sequence[int], remembered: Remembered) -> list[str]:
    """Do what is missing of each size, the small ones first; return what could not be done."""
    missing = []
    for millions in sizes:
        log = _log(data, millions)
        for key in _folds(millions):
            remembered.run(key, partial(_fold, key.module, log))
        for number in range(ROUNDS_OF_SMALL):
            remembered.run(Key(PROJECT, millions, number), partial(_after_news, log))
        remembered.run(Key(VIEWS, millions, 0), partial(ran, VIEWS, log))
        if millions <= POSTGRES_MILLIONS_MAX:
            try:
                remembered.run(Key(POSTGRES, millions, 0), partial(ask, data, log))
            except ToolMissingError as error:
                missing.append(f"PostgreSQL, {millions} million: {error}")
    return missing


def _folds(millions: int) -> Iterator[Key]:
    """Yield the folds of a size in the order in which they run: engines in turns, ours last."""
    peers = [module for module in PEERS.values() if module != "chdb_group" or find_spec("chdb")]
    small = millions <= PEER_MILLIONS_MAX
    for number in range(ROUNDS_OF_SMALL if small else 1):
        for module in (BARE, *(peers if small else []), OURS):
            yield Key(module, millions, number)


def _log(data: Path, millions: int) -> Path:
    """Return the data directory of an invented log, made once and kept."""
    log = data / f"fold-{millions}m"
    if not log.exists():
        aside = data / "fold-unfinished"
        shutil.rmtree(aside, ignore_errors=True)
        events = str(millions * 1_000_000)
        command = [sys.executable, "-m", "benchmarks.folds.generate", events, str(aside)]
        subprocess.run(command, check=True)
        aside.rename(log)
    return log


def _fold(module: str, log: Path) -> Ran:
    if module == OURS:
        shutil.rmtree(log / "projections", ignore_errors=True)
    out = log.with_name("fold.parquet")
    try:
        return ran(module, log, out)
    finally:
        out.unlink(missing_ok=True)


def _after_news(log: Path) -> Ran:
    """Append the next events to a copy of the log, which shares its files, and project."""
    copy = log.with_name("fold-copy")
    shutil.rmtree(copy, ignore_errors=True)
    subprocess.run(["cp", "-al", log, copy], check=True)
    table = LogTable.open(Layout(copy).events, EVENTS, PARTITION_COLUMN, append_only=True)
    files = []
    for path in sorted((copy / "news").glob("*.parquet")):
        frame = pl.read_parquet(path).with_columns(
            pl.lit(path.stem).str.to_date().alias(PARTITION_COLUMN)
        )
        files += table.write(frame.select(EVENTS.names()))
    table.append(files, {NODE: max(file.seq_max or 0 for file in files)})
    try:
        return ran(PROJECT, copy)
    finally:
        shutil.rmtree(copy)


if __name__ == "__main__":
    sys.exit(main())
