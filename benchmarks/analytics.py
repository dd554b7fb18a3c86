"""What the figures cost: `python -m benchmarks.analytics [--data FOLDER] [MILLIONS…]`.

For each size: a rebuild beside one bare GROUP BY over the same files, a run over 10,000 new events,
and every public view over 30 days. Peers and PostgreSQL up to ten million. Writes ANALYTICS.md.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks import machine
from benchmarks.analytics_postgres import measure as measure_postgres
from benchmarks.folds.outcome import MEMORY_BYTES, THREADS
from benchmarks.folds.running import Ran, ran
from benchmarks.process import ToolMissingError
from benchmarks.report import Table, markdown, ratio
from eventlog.layout import Layout
from eventlog.schema import EVENTS, PARTITION_COLUMN
from eventlog.table import Table as LogTable

HERE = Path(__file__).parent
OURS, BARE = "ours_rebuild", "duckdb_lean"
BARE_NAME = "DuckDB, bare GROUP BY, no duplicates counted"
PEERS = {
    "DuckDB, bare GROUP BY": "duckdb_group",
    "polars, bare group_by": "polars_group",
    "chdb, bare GROUP BY": "chdb_group",
}
PEER_MILLIONS_MAX = 10
ROUNDS_OF_SMALL = 3
NODE = "0be7c402"


def main() -> int:
    """Measure the sizes asked for, in millions of events, and write ANALYTICS.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.analytics", description=__doc__)
    parser.add_argument("millions", nargs="*", type=int, default=[1, 10])
    parser.add_argument("--data", type=Path, default=HERE / ".work", help="where the logs are kept")
    asked = parser.parse_args()
    asked.data.mkdir(exist_ok=True)
    texts = [_preface(datetime.now(UTC)), markdown(machine.describe(asked.data))]
    logs = {millions: _log(asked.data, millions) for millions in asked.millions}
    measured: list[Callable[[dict[int, Path]], Table]] = [_rebuild, _project, _views]
    for measure in measured:
        texts.append(markdown(measure(logs)))
        print(texts[-1], flush=True)
    try:
        texts.append(markdown(measure_postgres(asked.data, logs)))
    except ToolMissingError as error:
        texts.append(f"## PostgreSQL\n\nNot measured: {error}\n")
    print(texts[-1], flush=True)
    (HERE / "ANALYTICS.md").write_text("\n".join(texts), "utf-8")
    return 0


def _preface(now: datetime) -> str:
    return (
        "# What the figures cost\n\n"
        f"Measured on {now:%Y-%m-%d} with `make bench-analytics`, which wrote this page. Read the "
        "ratios: the absolute figures are this machine's.\n"
    )


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


def _rebuild(logs: dict[int, Path]) -> Table:
    rows = []
    disagreeing = []
    for millions, log in logs.items():
        engines = {BARE_NAME: BARE, "sms-analytics": OURS}
        if millions <= PEER_MILLIONS_MAX:
            engines |= {
                name: module
                for name, module in PEERS.items()
                if module != "chdb_group" or find_spec("chdb")
            }
        rounds = ROUNDS_OF_SMALL if millions <= PEER_MILLIONS_MAX else 1
        done: dict[str, list[Ran]] = {name: [] for name in engines}
        for _ in range(rounds):
            for name, module in engines.items():
                done[name].append(_fold(module, log))
        base = _median(run.printed["seconds"] for run in done[BARE_NAME])
        for name, runs in done.items():
            rows += _rebuild_rows(millions, name, runs, base)
        counts = {
            tuple(run.printed["counts"])
            for name, runs in done.items()
            if name != BARE_NAME
            for run in runs
        }
        disagreeing += (
            [f"{millions} million: THE COUNTS DIFFER: {counts}"] if len(counts) > 1 else []
        )
    return Table(
        title="From zero",
        method=(
            "An invented log of 30 days, a file a day, to one row a message. A process each, "
            f"{THREADS} threads, DuckDB (bare and ours) with a memory limit of "
            f"{MEMORY_BYTES >> 30} GiB; medians of {ROUNDS_OF_SMALL} rounds in turns, one round "
            f"above {PEER_MILLIONS_MAX} million. Imports not counted."
        ),
        columns=(
            "million events",
            "fold",
            "seconds",
            "of bare DuckDB",
            "CPU seconds",
            "peak memory",
        ),
        rows=rows,
        remarks=disagreeing
        or [
            "All that count duplicates gave the same counts: messages, receipts, duplicates, "
            "out of order, campaigns.",
            f"Peers up to {PEER_MILLIONS_MAX} million: DuckDB's lists of digests do not fit into "
            "this memory at 33 million.",
            "Ours writes files by day and hours, synced and committed, with the state that a later "
            "run needs; the others write one file and no state. CPU seconds and memory are of the "
            "whole process, for ours of all projections.",
        ],
    )


def _fold(module: str, log: Path) -> Ran:
    if module == OURS:
        shutil.rmtree(log / "projections", ignore_errors=True)
    out = log.with_name("fold.parquet")
    try:
        return ran(module, log, out)
    finally:
        out.unlink(missing_ok=True)


def _rebuild_rows(millions: int, name: str, runs: list[Ran], base: float) -> list[tuple[str, ...]]:
    used = (
        f"{_median(run.cpu_seconds for run in runs):.0f}",
        f"{max(run.peak_bytes for run in runs) / 2**30:.1f} GiB",
    )
    if not runs[0].printed["everything"]:
        seconds = _median(run.printed["seconds"] for run in runs)
        return [(f"{millions}", name, f"{seconds:.1f}", ratio(seconds, base), *used)]
    steps = {
        f"{name}, `messages`": [run.printed["seconds"] for run in runs],
        f"{name}, with replies and cells": [
            run.printed["steps"]["receipt_cells committed"] for run in runs
        ],
        f"{name}, every projection": [run.printed["everything"] for run in runs],
    }
    return [
        (f"{millions}", step, f"{_median(each):.1f}", ratio(_median(each), base), *used)
        for step, each in steps.items()
    ]


def _project(logs: dict[int, Path]) -> Table:
    rows: list[tuple[str, ...]] = []
    base = 0.0
    for millions, log in logs.items():
        runs = [_after_news(log) for _ in range(ROUNDS_OF_SMALL)]
        seconds = _median(run.printed["seconds"] for run in runs)
        base = base or seconds
        steps = runs[-1].printed["steps"]
        rows.append(
            (
                f"{millions}",
                f"{seconds:.2f}",
                ratio(seconds, base),
                f"{_median(run.printed['steps']['messages committed'] for run in runs):.2f}",
                f"{steps['replies committed'] - steps['messages committed']:.2f}",
                f"{max(run.peak_bytes for run in runs) / 2**30:.1f} GiB",
            )
        )
    return Table(
        title="10,000 new events",
        method=(
            "The events that come next, folded into every projection, in a new process (imports "
            f"not counted); medians of {ROUNDS_OF_SMALL} rounds, each on a fresh copy."
        ),
        columns=("million events", "seconds", "of the first", "messages", "replies", "peak memory"),
        rows=rows,
        remarks=["Every reply of this log names its message, and these are found nearby."],
    )


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
        return ran("ours_project", copy)
    finally:
        shutil.rmtree(copy)


def _views(logs: dict[int, Path]) -> Table:
    asked: dict[int, Any] = {
        millions: ran("ours_views", log).printed for millions, log in logs.items()
    }
    names = next(iter(asked.values()))
    return Table(
        title="Views over 30 days",
        method="Milliseconds, all columns and rows fetched, the fastest of three; 2 threads.",
        columns=("view", *(f"{millions} million" for millions in asked)),
        rows=[(name, *(f"{each[name] * 1000:.0f}" for each in asked.values())) for name in names],
        remarks=["`publish` is what it takes to write the catalogue of the views."],
    )


def _median(values: Iterable[float]) -> float:
    return statistics.median(list(values))


if __name__ == "__main__":
    sys.exit(main())
