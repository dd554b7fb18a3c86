"""Too much at once: twice the load that can be borne, and a rebuild beside the webhooks.

The peak is what wrk gets with 64 connections, which ask again as soon as they are answered. Twice
that, as an open loop: webhooks fall due at a fixed rate, whatever becomes of them (`openloop`). The
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
from pathlib import Path
from typing import Any

from benchmarks import endpoint, fold
from benchmarks.catchup import COMMAND, published, ready, server
from benchmarks.process import CLIENT_CORE, ToolMissingError, pinned, started
from benchmarks.report import Table, ratio
from eventlog.layout import Layout

SECONDS = 8.0
CONNECTIONS = (64, 2_000, 8_000)
EVENTS = 2_000_000
RATES = (500, 2_000)
BESIDE_SECONDS = 6.0
BESIDE_CONNECTIONS = 64
SETTLING_SECONDS = 8.0

Row = tuple[str, ...]
Told = dict[str, Any]


def measure(work: Path) -> Table:
    """Offer twice the peak through ever more connections. Raises `ToolMissingError`."""
    if shutil.which("wrk") is None:
        raise ToolMissingError("wrk", "wrk")
    data = work / "overload-data"
    shutil.rmtree(data, ignore_errors=True)
    environment = {"BENCHMARK_DATA": str(data)}
    with started(["benchmarks.apps.ours"], environment, work / "overload.log") as (
        address,
        process_id,
    ):
        url = endpoint.ROUTE.format(address)
        endpoint.wrk(url, 0, seconds=2)  # warm up
        at_peak = endpoint.wrk(url, 1, seconds=int(SECONDS))
        peak = at_peak.per_second
        rows: list[Row] = [
            (
                "closed loop, 64",
                "–",
                f"{peak:,.0f}",
                ratio(peak, peak),
                f"{at_peak.refused:,}",
                f"{at_peak.failed:,}",
                f"{at_peak.p50_us / 1000:.1f} ms",
                f"{at_peak.p99_us / 1000:.1f} ms",
                _resident(process_id),
            )
        ]
        for connections in CONNECTIONS:
            told = _load(url, 2 * peak, SECONDS, connections, core=CLIENT_CORE)
            rows.append(_overloaded(told, connections, peak, process_id))
    shutil.rmtree(data)
    return Table(
        title="Twice the load that can be borne",
        method=(
            f"One server process on one core, the client on the other, {SECONDS:.0f} s each. "
            "Refused: 503. Times count from the moment a webhook fell due, so they have the wait "
            "for a free connection in them, 10 s at most. Cut: the connection was closed."
        ),
        columns=(
            "connections",
            "due/s",
            "accepted/s",
            "of the peak",
            "refused",
            "cut",
            "p50",
            "p99",
            "resident",
        ),
        rows=rows,
    )


def _overloaded(told: Told, connections: int, peak: float, process_id: int) -> Row:
    # Those still under way when the time was over were accepted after it.
    accepted = told["in_time"] / told["seconds"]
    return (
        f"open loop, {connections:,}",
        f"{told['due'] / told['seconds']:,.0f}",
        f"{accepted:,.0f}",
        ratio(accepted, peak),
        f"{told.get('503', 0):,}",
        f"{told.get('cut', 0):,}",
        f"{told['p50_ms']:,.0f} ms",
        f"{told['p99_ms']:,.0f} ms",
        _resident(process_id),
    )


def _resident(process_id: int) -> str:
    status = Path(f"/proc/{process_id}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS:"))
    return f"{int(line.split()[1]) / 1024:,.0f} MiB"


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
