"""Webhooks acknowledged per second: our endpoint, against nothing at all, against an INSERT."""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.postgres import cluster
from benchmarks.process import (
    CLIENT_CORE,
    SERVER_CORE,
    Core,
    ToolMissingError,
    pinned,
    served,
    uvicorn,
)
from benchmarks.report import Table, ratio
from benchmarks.usage import processor_seconds
from eventlog.layout import Layout
from ingest import tokens

ROUNDS = 3
SECONDS = 5
CONNECTIONS = 64
ROUTE = "{}/webhooks/smso"
OURS, NOTHING, INSERT = (
    "sms-analytics, durable",
    "Litestar, reads the body only",
    "FastAPI, INSERT into PostgreSQL",
)

_HERE = Path(__file__).parent
_JSON = re.compile(r"^JSON (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Round:
    """What wrk counted in one round. Not 2xx: refused; no answer: failed. Times in µs."""

    answers: int
    duration_us: int
    refused: int
    failed: int
    p50_us: int
    p99_us: int
    processor_seconds: float = 0

    @property
    def per_second(self) -> float:
        return (self.answers - self.refused) / self.duration_us * 1e6

    @property
    def processor_us(self) -> float:
        """The processor time that the servers took for one that was acknowledged."""
        return self.processor_seconds / (self.answers - self.refused) * 1e6


def measure(work: Path) -> Table:
    """Measure all rivals that can run here, in turns. Raises `ToolMissingError`."""
    if shutil.which("wrk") is None:
        raise ToolMissingError("wrk", "wrk")
    remarks: list[str] = []
    with ExitStack() as running:
        urls = {OURS: running.enter_context(_ours(work))}
        urls[NOTHING] = ROUTE.format(
            running.enter_context(
                uvicorn("benchmarks.apps.nothing:create", {}, work / "nothing.log")
            )
        )
        try:
            urls[INSERT] = ROUTE.format(running.enter_context(_insert(work)))
        except ToolMissingError as missing:
            remarks.append(str(missing))
        for run, url in enumerate(urls.values()):
            wrk(url, run, seconds=1)  # warm up
        rounds: dict[str, list[Round]] = {name: [] for name in urls}
        for turn in range(ROUNDS):
            for name, url in urls.items():
                rounds[name].append(_round(url, len(urls) * (turn + 1)))
    return _table(rounds, remarks)


@contextmanager
def _ours(work: Path) -> Iterator[str]:
    data = work / "endpoint-data"
    shutil.rmtree(data, ignore_errors=True)
    _, secret = tokens.create(Layout(data).tokens, "benchmark", datetime.now(UTC))
    environment = {"BENCHMARK_DATA": str(data)}
    with served(["benchmarks.apps.ours"], environment, work / "ours.log") as address:
        yield f"{ROUTE.format(address)}/{secret}"
    shutil.rmtree(data)


@contextmanager
def _insert(work: Path) -> Iterator[str]:
    with (
        cluster(work, _HERE / "apps" / "schema.sql", SERVER_CORE) as database,
        uvicorn(
            "benchmarks.apps.insert:create",
            {"BENCHMARK_DATABASE": database},
            work / "insert.log",
        ) as address,
    ):
        yield address


def _round(url: str, run: int) -> Round:
    """Count what all servers here computed meanwhile: those whose turn it is not are at rest."""
    before = processor_seconds(os.getpid()) - _own_seconds()
    done = wrk(url, run, SECONDS)
    after = processor_seconds(os.getpid()) - _own_seconds()
    return replace(done, processor_seconds=after - before)


def _own_seconds() -> float:
    """Return what this process and those it has waited for, as wrk, have computed."""
    return sum(os.times()[:4])


def wrk(
    url: str,
    run: int,
    seconds: int,
    connections: int = CONNECTIONS,
    core: Core = CLIENT_CORE,
) -> Round:
    """Send webhooks as fast as they are answered; each `run` sends others."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
    command += ["-s", str(_HERE / "webhook.lua"), url, "--", str(run)]
    result = subprocess.run(pinned(core, command), capture_output=True, text=True, check=True)
    found = _JSON.search(result.stdout)
    if found is None:
        raise RuntimeError(f"wrk said nothing to be read: {result.stdout}{result.stderr}")
    return Round(**json.loads(found[1]))


def _table(rounds: dict[str, list[Round]], remarks: list[str]) -> Table:
    speed = {name: statistics.median(r.per_second for r in done) for name, done in rounds.items()}
    return Table(
        title="Acknowledging webhooks",
        method=(
            f"wrk, {CONNECTIONS} connections, every body a receipt of another message; "
            f"{ROUNDS} rounds of {SECONDS} s each, in turns, medians. One uvicorn worker "
            "(uvloop, httptools) each, ours with its limits and a token; servers and database "
            "share one core, wrk has another. Processor time: of server and database together, for "
            "each that was acknowledged."
        ),
        columns=(
            "behind uvicorn",
            "acknowledged/s",
            "of ours",
            "p50",
            "p99",
            "processor time",
            "not 2xx",
            "failed",
        ),
        rows=[
            (
                name,
                f"{speed[name]:,.0f}",
                ratio(speed[name], speed[OURS]),
                f"{statistics.median(r.p50_us for r in done) / 1000:.1f} ms",
                f"{statistics.median(r.p99_us for r in done) / 1000:.1f} ms",
                f"{statistics.median(r.processor_us for r in done):.0f} µs",
                f"{sum(r.refused for r in done):,}",
                f"{sum(r.failed for r in done):,}",
            )
            for name, done in rounds.items()
        ],
        remarks=remarks,
    )
