"""Does the memory of a server grow? `sms-analytics serve` takes five million webhooks, watched."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from threading import Event, Thread

from benchmarks.endpoint import CONNECTIONS, ROUTE, wrk
from benchmarks.process import ToolMissingError, free_port, stopped, wait_for_port
from benchmarks.report import Table
from benchmarks.usage import family, resident_bytes

WEBHOOKS = 5_000_000
SECONDS_PER_LOAD = 10
REST_SECONDS = 5
TENTHS = 10
SERVE = "from sms_analytics.cli import main; main()"


@dataclass
class Sample:
    """One look: webhooks taken by then, and the memory of the taking and the other processes."""

    webhooks: int
    serving_bytes: int
    jobs_bytes: int


@dataclass
class Watch:
    """Looks once a second at a server's processes, while `webhooks` is told it from outside."""

    process_id: int
    webhooks: int = 0
    samples: list[Sample] = field(default_factory=list)
    over: Event = field(default_factory=Event)

    def run(self) -> None:
        """Look until it is over."""
        while not self.over.wait(1):
            self.look()

    def look(self) -> None:
        """Add a sample; of the children the largest is the one with the jobs."""
        sizes = [resident_bytes(each) for each in family(self.process_id)]
        self.samples.append(Sample(self.webhooks, sizes[0], max(sizes[1:], default=0)))


def measure(work: Path) -> Table:
    """Send webhooks as fast as they are taken; tell the memory at every tenth of them."""
    if shutil.which("wrk") is None:
        raise ToolMissingError("wrk", "wrk")
    data, log, port = work / "memory-data", work / "memory.log", free_port()
    shutil.rmtree(data, ignore_errors=True)
    command = [sys.executable, "-c", SERVE, "serve", "--data", str(data), "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    began = time.monotonic()
    with stopped(process):
        wait_for_port(process, port, log)
        watch = _watched(process.pid, ROUTE.format(f"http://127.0.0.1:{port}"))
    shutil.rmtree(data)
    return _table(watch.samples, time.monotonic() - began)


def _watched(process_id: int, url: str) -> Watch:
    watch = Watch(process_id)
    time.sleep(REST_SECONDS)
    watch.look()
    thread = Thread(target=watch.run)
    thread.start()
    try:
        for run in count(1):
            done = wrk(url, run, SECONDS_PER_LOAD)
            watch.webhooks += done.answers - done.refused
            if watch.webhooks >= WEBHOOKS:
                break
    finally:
        watch.over.set()
        thread.join()
    watch.look()
    return watch


def _table(samples: list[Sample], seconds: float) -> Table:
    taken = samples[-1].webhooks
    marks = [taken * tenth / TENTHS for tenth in range(TENTHS + 1)]
    shown = [next(each for each in samples if each.webhooks >= mark) for mark in marks]
    second_half = [s for s in samples if s.webhooks >= taken / 2]
    return Table(
        title="Memory over five million webhooks",
        method=(
            f"`sms-analytics serve` with its jobs, wrk with {CONNECTIONS} connections in loads of "
            f"{SECONDS_PER_LOAD} s, {seconds:,.0f} s in all; resident memory, looked at once a "
            "second. The jobs process seals, folds and publishes meanwhile."
        ),
        columns=("webhooks taken", "takes webhooks", "jobs"),
        rows=[(f"{s.webhooks:,}", _mib(s.serving_bytes), _mib(s.jobs_bytes)) for s in shown],
        remarks=[
            f"Slope over the second half, of the process that takes webhooks: "
            f"{_slope(second_half):+.2f} MiB a million webhooks.",
            f"Most at any time: {_mib(max(s.serving_bytes for s in samples))} and "
            f"{_mib(max(s.jobs_bytes for s in samples))}.",
        ],
    )


def _slope(samples: list[Sample]) -> float:
    """Return the MiB that memory grows by in a million webhooks."""
    webhooks = [each.webhooks / 1e6 for each in samples]
    sizes = [each.serving_bytes / 2**20 for each in samples]
    return statistics.linear_regression(webhooks, sizes).slope


def _mib(size: int) -> str:
    return f"{size / 2**20:,.0f} MiB"
