"""Acknowledging while the projections are made again, beside the usual jobs.

A disk answers faster in one minute than in the next, and an acknowledgement waits for the disk. So
the rebuild is stopped and goes on in turns of some seconds, and each turn is held against the one
before it, with the rebuild at rest.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from benchmarks import endpoint, fold
from benchmarks.catchup import COMMAND, published, ready, server
from benchmarks.overload import Told, load
from benchmarks.report import Table, ratio
from eventlog.layout import Layout

EVENTS = 10_000_000
RATES = (500, 2_000)
CONNECTIONS = 64
TURN_SECONDS = 3.0
PAUSE_SECONDS = 0.5
SETTLING_SECONDS = 8.0
TURNS = 12

Pair = tuple[Told, Told]
"""What became of a load without and with a rebuild, right after each other."""
Row = tuple[str, ...]


def measure(work: Path) -> Table:
    """Send webhooks at a moderate rate beside nothing, a rebuild, and a fold of the jobs."""
    rows: list[Row] = []
    for rate in RATES:
        rebuilding, folding = _beside(work, rate)
        usual = [before for before, _ in rebuilding]
        rows.append(_row(f"{rate:,}/s, the usual jobs", usual, usual))
        rows.append(_row(f"{rate:,}/s, `sms-analytics rebuild`", usual, [b for _, b in rebuilding]))
        rows.append(_row(f"{rate:,}/s, the jobs process folds all", usual, folding))
    return Table(
        title=f"Acknowledging beside a rebuild of {EVENTS / 1e6:g} million events",
        method=(
            f"`sms-analytics serve` with its jobs, {CONNECTIONS} connections, open loops of "
            f"{TURN_SECONDS:g} s, medians of their figures. The rebuild is stopped and goes on in "
            "turns; the jobs process folds all before it. Nothing is pinned to a core, and the "
            "client has priority."
        ),
        columns=("load, beside", "turns", "p50", "p99", "of the usual", "most", "accepted"),
        rows=rows,
    )


def _row(name: str, usual: list[Told], seen: list[Told]) -> Row:
    return (
        name,
        str(len(seen)),
        f"{median(each['p50_ms'] for each in seen):.1f} ms",
        f"{median(each['p99_ms'] for each in seen):.1f} ms",
        ratio(median(each["p99_ms"] for each in seen), median(each["p99_ms"] for each in usual)),
        f"{max(each['max_ms'] for each in seen):.0f} ms",
        f"{sum(each.get('accepted', 0) for each in seen) / sum(each['due'] for each in seen):.4f}",
    )


def _beside(work: Path, rate: int) -> tuple[list[Pair], list[Told]]:
    """Return what became of a load beside a rebuild, and beside a fold in the jobs process."""
    data = work / "beside-data"
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(fold.generated(work, EVENTS), data)
    shutil.rmtree(Layout(data).projections, ignore_errors=True)

    with server(data) as (_, address):

        def one() -> Told:
            return load(endpoint.ROUTE.format(address), rate, TURN_SECONDS, CONNECTIONS, core=None)

        while not ready(address):
            time.sleep(0.05)
        time.sleep(1)  # the first fold begins a second after the start
        folding = list(_until(lambda: published(data) >= EVENTS, one))
        time.sleep(SETTLING_SECONDS)
        rebuilding = _beside_rebuild(data, one)
    shutil.rmtree(data)
    return rebuilding, folding


def _until(done: Callable[[], bool], one: Callable[[], Told]) -> Iterator[Told]:
    """Load until it is done; the load at whose end it is done counts not."""
    while not done():
        told = one()
        if not done():
            yield told


def _beside_rebuild(data: Path, one: Callable[[], Told]) -> list[Pair]:
    """Load while a rebuild is stopped and while it goes on, in turns."""
    pairs: list[Pair] = []
    while len(pairs) < TURNS:
        rebuild = subprocess.Popen(
            [sys.executable, "-c", COMMAND, "rebuild", "--data", str(data)],
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # as from another terminal
        )
        time.sleep(1)  # it has begun to compute
        while rebuild.poll() is None and len(pairs) < TURNS:
            still = _stopped(rebuild.pid, one)
            time.sleep(PAUSE_SECONDS)
            going = one()
            if rebuild.poll() is None:
                pairs.append((still, going))
        rebuild.wait()
    return pairs


def _stopped(process_id: int, one: Callable[[], Told]) -> Told:
    """Load while a process is stopped."""
    os.kill(process_id, signal.SIGSTOP)
    try:
        time.sleep(PAUSE_SECONDS)
        return one()
    finally:
        os.kill(process_id, signal.SIGCONT)
