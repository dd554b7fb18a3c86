"""Ten million events to one row a message: our rebuild, against one bare GROUP BY elsewhere."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from benchmarks.folds.outcome import THREADS
from benchmarks.folds.running import ran
from benchmarks.report import Table, ratio

EVENTS = 10_000_000
ROUNDS = 3
OURS = "sms-analytics, `messages`"
EVERYTHING = "sms-analytics, every projection"
ENGINES = {
    OURS: "ours_rebuild",
    "DuckDB, bare GROUP BY": "duckdb_group",
    "polars, bare group_by": "polars_group",
    "chdb, bare GROUP BY": "chdb_group",
}
_NEEDS = {"chdb_group": "chdb"}


@dataclass(frozen=True)
class Fold:
    """One run: seconds to the messages and to the end, what the process used, what it counted."""

    seconds: float
    everything: float | None
    cpu_seconds: float
    peak_bytes: int
    counts: tuple[int, ...]


def measure(work: Path, events: int = EVENTS) -> Table:
    """Fold the same log with every engine that is installed, in turns."""
    log = generated(work, events)
    engines = {
        name: module
        for name, module in ENGINES.items()
        if module not in _NEEDS or find_spec(_NEEDS[module])
    }
    folds: dict[str, list[Fold]] = {name: [] for name in engines}
    for _ in range(ROUNDS):
        for name, module in engines.items():
            folds[name].append(_fold(module, log, work / "fold.parquet"))
    return _table(folds, events)


def generated(work: Path, events: int) -> Path:
    """Return the data directory of an invented log of that many events, made once and kept."""
    log = work / f"log-{events}"
    if not log.exists():
        aside = work / "log-unfinished"
        shutil.rmtree(aside, ignore_errors=True)
        command = [sys.executable, "-m", "benchmarks.folds.generate", str(events), str(aside)]
        subprocess.run(command, check=True)
        aside.rename(log)
    return log


def _fold(module: str, log: Path, out: Path) -> Fold:
    shutil.rmtree(log / "projections", ignore_errors=True)
    done = ran(module, log, out)
    printed = done.printed
    counts = tuple(printed["counts"])
    return Fold(
        printed["seconds"], printed["everything"], done.cpu_seconds, done.peak_bytes, counts
    )


def _table(folds: dict[str, list[Fold]], events: int) -> Table:
    base = statistics.median(fold.seconds for fold in folds[OURS])
    rows = []
    for name, done in folds.items():
        rows.append(_row(name, [fold.seconds for fold in done], base, done, events))
        if all_of_it := [fold.everything for fold in done if fold.everything is not None]:
            rows.append(_row(EVERYTHING, all_of_it, base, done, events))
    counts = {fold.counts for done in folds.values() for fold in done}
    agreed = "All gave the same counts" if len(counts) == 1 else f"THE COUNTS DIFFER: {counts}"
    messages, *_ = next(iter(counts))
    return Table(
        title=f"Folding {events / 1e6:g} million events",
        method=(
            f"{events:,} invented events of {messages:,} messages in Parquet files, a file a day, "
            f"to one row a message in Parquet (zstd); {ROUNDS} rounds in turns, medians; a "
            f"process each, {THREADS} threads each, imports not counted."
        ),
        columns=("fold", "seconds", "of ours", "events/s", "CPU seconds", "peak memory"),
        rows=rows,
        remarks=[
            f"{agreed}: messages, receipts, duplicates, out of order, with a campaign.",
            "Ours writes a file a day, synced and committed, with the state that the next "
            "incremental run needs; the others write one file and no state.",
            "Every projection: messages, replies with their attribution, and both kinds of cells. "
            "CPU seconds and memory are of the whole process.",
        ],
    )


def _row(
    name: str, seconds: list[float], base: float, folds: list[Fold], events: int
) -> tuple[str, ...]:
    median = statistics.median(seconds)
    return (
        name,
        f"{median:.1f}",
        ratio(median, base),
        f"{events / median:,.0f}",
        f"{statistics.median(fold.cpu_seconds for fold in folds):.0f}",
        f"{max(fold.peak_bytes for fold in folds) / 2**30:.1f} GiB",
    )
