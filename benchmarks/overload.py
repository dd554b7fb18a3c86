"""Too much at once: twice the load that can be borne, and a rebuild beside the webhooks.

The peak is the most that wrk gets, with few and with many connections that ask again as soon as
they are answered. Twice that, as an open loop: webhooks fall due at a fixed rate, whatever becomes
of them (`openloop`). A machine's speed changes by the minute, so each round has its own peak. The
server has one core and the client the other, so the server's own core is what is overloaded; one
that falls due and finds no connection free waits at the client, as it would with a sender.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import endpoint, fold, usage
from benchmarks.catchup import COMMAND, published, ready, server
from benchmarks.process import CLIENT_CORE, ToolMissingError, pinned, started
from benchmarks.report import Table, ratio
from eventlog.layout import Layout

ROUNDS = 4
SECONDS = 6.0
CLOSED = (64, 1_000)
CONNECTIONS = (64, 2_000, 8_000)
EVENTS = 2_000_000
RATES = (500, 2_000)
BESIDE_SECONDS = 6.0
BESIDE_CONNECTIONS = 64
SETTLING_SECONDS = 8.0

Row = tuple[str, ...]
Told = dict[str, Any]


@dataclass(frozen=True)
class Seen:
    """One load of one round; rates in webhooks a second, times in ms. The peak is its round's."""

    due: float
    accepted: float
    peak: float
    refused: int
    cut: int
    p50_ms: float
    p99_ms: float
    resident_bytes: int


def measure(work: Path) -> Table:
    """Offer twice the peak through ever more connections. Raises `ToolMissingError`."""
    if shutil.which("wrk") is None:
        raise ToolMissingError("wrk", "wrk")
    data = work / "overload-data"
    shutil.rmtree(data, ignore_errors=True)
    environment = {"BENCHMARK_DATA": str(data)}
    seen: dict[str, list[Seen]] = {}
    with started(["benchmarks.apps.ours"], environment, work / "overload.log") as (
        address,
        process_id,
    ):
        url = endpoint.ROUTE.format(address)
        endpoint.wrk(url, 0, seconds=2)  # warm up
        for turn in range(ROUNDS):
            for name, one in _turn(url, turn * len(CLOSED) + 1, process_id).items():
                seen.setdefault(name, []).append(one)
    shutil.rmtree(data)
    return Table(
        title="Twice the load that can be borne",
        method=(
            f"One server process on one core, the client on the other; {ROUNDS} rounds of "
            f"{SECONDS:.0f} s for each load, medians. The peak is the most that the closed "
            "loops of a round got, and twice that is due in the open loops right after them. "
            "Refused: 503. Times count from the moment a webhook fell due, so they have the wait "
            "for a free connection in them, 10 s at most. Cut: the connection was closed."
        ),
        columns=(
            "connections",
            "due/s",
            "accepted/s",
            "of the peak",
            "at worst",
            "refused",
            "cut",
            "p50",
            "p99",
            "resident",
        ),
        rows=[_row(name, rounds) for name, rounds in seen.items()],
    )


def _turn(url: str, run: int, process_id: int) -> dict[str, Seen]:
    """Return what became of each load, all within a minute."""
    closed = {
        connections: endpoint.wrk(url, run + at, int(SECONDS), connections)
        for at, connections in enumerate(CLOSED)
    }
    peak = max(each.per_second for each in closed.values())
    resident = usage.resident_bytes(process_id)
    seen = {
        f"closed loop, {connections:,}": Seen(
            due=0,
            accepted=each.per_second,
            peak=peak,
            refused=each.refused,
            cut=each.failed,
            p50_ms=each.p50_us / 1000,
            p99_ms=each.p99_us / 1000,
            resident_bytes=resident,
        )
        for connections, each in closed.items()
    }
    for connections in CONNECTIONS:
        told = _load(url, 2 * peak, SECONDS, connections, core=CLIENT_CORE)
        seen[f"open loop, {connections:,}"] = _overloaded(told, peak, process_id)
    return seen


def _overloaded(told: Told, peak: float, process_id: int) -> Seen:
    return Seen(
        due=told["due"] / told["seconds"],
        # Those still under way when the time was over were accepted after it.
        accepted=told["in_time"] / told["seconds"],
        peak=peak,
        refused=told.get("503", 0),
        cut=told.get("cut", 0),
        p50_ms=told["p50_ms"],
        p99_ms=told["p99_ms"],
        resident_bytes=usage.resident_bytes(process_id),
    )


def _row(name: str, rounds: list[Seen]) -> Row:
    due = median(each.due for each in rounds)
    return (
        name,
        f"{due:,.0f}" if due else "–",
        f"{median(each.accepted for each in rounds):,.0f}",
        ratio(median(each.accepted / each.peak for each in rounds), 1),
        ratio(min(each.accepted / each.peak for each in rounds), 1),
        f"{sum(each.refused for each in rounds):,}",
        f"{sum(each.cut for each in rounds):,}",
        f"{median(each.p50_ms for each in rounds):,.1f} ms",
        f"{median(each.p99_ms for each in rounds):,.1f} ms",
        f"{max(each.resident_bytes for each in rounds) / 2**20:,.0f} MiB",
    )


def measure_beside(work: Path) -> Table:
    """Send webhooks at a moderate rate while nothing, and while a rebuild goes on."""
    rows: list[Row] = []
    for rate in RATES:
        idle, rebuilding, jobs = _beside(work, rate)
        for name, told in (
            ("the usual jobs", idle),
            ("`sms-analytics rebuild`", rebuilding),
            ("the jobs process folds all", jobs),
        ):
            rows.append(
                (
                    f"{rate:,}/s, {name}",
                    f"{told['p50_ms']:.1f} ms",
                    f"{told['p99_ms']:.1f} ms",
                    ratio(told["p99_ms"], idle["p99_ms"]),
                    f"{told['max_ms']:.0f} ms",
                    f"{told.get('accepted', 0) / told['due']:.4f}",
                )
            )
    return Table(
        title=f"Acknowledging beside a rebuild of {EVENTS / 1e6:g} million events",
        method=(
            f"`sms-analytics serve` with its jobs, {BESIDE_CONNECTIONS} connections, an open loop "
            f"of {BESIDE_SECONDS:.0f} s; nothing is pinned to a core, and the client has priority."
        ),
        columns=("load, beside", "p50", "p99", "of the usual", "most", "accepted"),
        rows=rows,
    )


def _beside(work: Path, rate: int) -> tuple[Told, Told, Told]:
    """Return what became of a load beside nothing, a rebuild, and a fold in the jobs process."""
    data = work / "beside-data"
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(fold.generated(work, EVENTS), data)
    shutil.rmtree(Layout(data).projections, ignore_errors=True)

    def load(address: str) -> Told:
        return _load(
            endpoint.ROUTE.format(address), rate, BESIDE_SECONDS, BESIDE_CONNECTIONS, core=None
        )

    with server(data) as (_, address):
        _await(lambda: ready(address))
        time.sleep(1)  # the first fold begins a second after the start
        jobs = load(address)
        _await(lambda: published(data) >= EVENTS)
        time.sleep(SETTLING_SECONDS)
        idle = load(address)
        rebuild = subprocess.Popen(
            [sys.executable, "-c", COMMAND, "rebuild", "--data", str(data)],
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # as from another terminal
        )
        time.sleep(1)
        rebuilding = load(address)
        was_short = rebuild.poll() is not None
        rebuild.wait()
    shutil.rmtree(data)
    if was_short:
        print("the rebuild ended before the load", file=sys.stderr)
    return idle, rebuilding, jobs


def _await(done: Callable[[], bool]) -> None:
    while not done():
        time.sleep(0.05)


def _load(url: str, rate: float, seconds: float, connections: int, core: int | None) -> Told:
    command: list[str | Path] = [sys.executable, "-m", "benchmarks.openloop", url]
    command += [str(number) for number in (rate, seconds, connections)]
    words = pinned(core, command) if core is not None else [str(word) for word in command]
    result = subprocess.run(words, capture_output=True, text=True, check=True)
    with suppress(json.JSONDecodeError):
        return dict(json.loads(result.stdout))
    raise RuntimeError(f"the load said nothing to be read: {result.stdout}{result.stderr}")
