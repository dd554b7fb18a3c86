"""Too much at once: twice the load that can be borne.

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
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import endpoint, usage
from benchmarks.process import CLIENT_CORE, ToolMissingError, pinned, started
from benchmarks.report import Table, ratio

ROUNDS = 4
SECONDS = 6.0
CLOSED = (64, 1_000)
CONNECTIONS = (64, 2_000, 8_000)

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
        told = load(url, 2 * peak, SECONDS, connections, core=CLIENT_CORE)
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


def load(url: str, rate: float, seconds: float, connections: int, core: int | None) -> Told:
    """Send webhooks that fall due at a rate; return what became of them."""
    command: list[str | Path] = [sys.executable, "-m", "benchmarks.openloop", url]
    command += [str(number) for number in (rate, seconds, connections)]
    words = pinned(core, command) if core is not None else [str(word) for word in command]
    result = subprocess.run(words, capture_output=True, text=True, check=True)
    with suppress(json.JSONDecodeError):
        return dict(json.loads(result.stdout))
    raise RuntimeError(f"the load said nothing to be read: {result.stdout}{result.stderr}")
