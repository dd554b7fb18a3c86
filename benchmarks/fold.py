"""Ten million events to one row a message: our rebuild, against one bare GROUP BY elsewhere."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from benchmarks.report import Table, ratio

EVENTS = 10_000_000
ROUNDS = 3
THREADS = 2
OURS = "sms-analytics, every projection"
ENGINES = {
    OURS: "ours_rebuild",
    "sms-analytics, `messages` alone": "ours_messages",
    "DuckDB, bare GROUP BY": "duckdb_group",
    "polars, bare group_by": "polars_group",
    "chdb, bare GROUP BY": "chdb_group",
}
_NEEDS = {"chdb_group": "chdb"}


@dataclass(frozen=True)
class Fold:
    """One run of one engine: seconds without imports, peak memory, and what it counted."""

    seconds: float
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
    command = [sys.executable, "-m", f"benchmarks.folds.{module}", str(log), str(out)]
    environment = {**os.environ, "POLARS_MAX_THREADS": str(THREADS)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{module} failed")
    result = json.loads(printed)
    return Fold(result["seconds"], usage.ru_maxrss * 1024, tuple(result["counts"]))


def _table(folds: dict[str, list[Fold]], events: int) -> Table:
    seconds = {name: statistics.median(f.seconds for f in done) for name, done in folds.items()}
    counts = {fold.counts for done in folds.values() for fold in done}
    agreed = "All gave the same counts" if len(counts) == 1 else f"COUNTS DIFFER: {counts}"
    messages, *_ = next(iter(counts))
    return Table(
        title=f"Folding {events / 1e6:g} million events",
        method=(
            f"{events:,} invented events of {messages:,} messages in Parquet files, a file a day, "
            f"to one row a message in Parquet (zstd); {ROUNDS} rounds in turns, medians; a "
            f"process each, {THREADS} threads each, imports not counted."
        ),
        columns=("fold", "seconds", "of ours", "events/s", "peak memory"),
        rows=[
            (
                name,
                f"{seconds[name]:.1f}",
                ratio(seconds[name], seconds[OURS]),
                f"{events / seconds[name]:,.0f}",
                f"{max(f.peak_bytes for f in done) / 2**30:.1f} GiB",
            )
            for name, done in folds.items()
        ],
        remarks=[
            f"{agreed}: messages, receipts, duplicates, out of order, with a campaign.",
            "Ours writes every projection (messages, replies, cells), a file a day, synced, with "
            "the state that the next incremental run needs; the others write one file and no "
            "state.",
        ],
    )
