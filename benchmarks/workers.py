"""One worker or two: what each webhook costs, and how long the workers wait for each other.

The journal has one writer at a time, so what further workers can gain is the work around it. The
client needs a processor too: on two cores, two workers cannot have twice of what one has.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from threading import Event, Thread

from benchmarks.endpoint import ROUTE, Round, wrk
from benchmarks.process import ToolMissingError, free_port, stopped, wait_for_port
from benchmarks.report import Table, ratio
from benchmarks.usage import family, processor_seconds

WORKERS = (1, 2)
CONNECTIONS = (64, 512)
ROUNDS = 3
SECONDS = 5
LOOK_SECONDS = 0.005
COMMAND = "from sms_analytics.cli import main; main()"
JOBS_AT_REST = {
    "SMS_ANALYTICS_INGEST__SEAL_INTERVAL_SECONDS": "3600",
    "SMS_ANALYTICS_JOBS__REFRESH_INTERVAL_SECONDS": "3600",
}
WAITS_FOR_A_LOCK = "locks_lock_inode_wait"


@dataclass(frozen=True)
class Seen:
    """One round: what wrk counted, the cores that the server used, the share of waiting."""

    round: Round
    processor_seconds: float
    waiting: float

    @property
    def processor_us(self) -> float:
        return self.processor_seconds / (self.round.answers - self.round.refused) * 1e6

    @property
    def cores(self) -> float:
        return self.processor_seconds / self.round.duration_us * 1e6


@dataclass
class Watch:
    """Looks again and again whether the threads of processes wait for a lock."""

    process_ids: list[int]
    looks: int = 0
    waiting: int = 0
    over: Event = field(default_factory=Event)

    def run(self) -> None:
        """Look until it is over."""
        while not self.over.wait(LOOK_SECONDS):
            self.looks += 1
            self.waiting += sum(map(_waits, self.process_ids))


def _waits(process_id: int) -> bool:
    tasks = Path(f"/proc/{process_id}/task").iterdir()
    return any(_waits_in(task) == WAITS_FOR_A_LOCK for task in tasks)


def _waits_in(task: Path) -> str:
    """Return what a thread waits in; nothing of one that has ended."""
    try:
        return (task / "wchan").read_text()
    except OSError:
        return ""


def measure(work: Path) -> Table:
    """Measure servers with one and with two workers in turns. Raises `ToolMissingError`."""
    if shutil.which("wrk") is None:
        raise ToolMissingError("wrk", "wrk")
    seen: dict[tuple[int, int], list[Seen]] = {}
    with ExitStack() as running:
        servers = {each: running.enter_context(_server(work, each)) for each in WORKERS}
        for address, _ in servers.values():
            wrk(ROUTE.format(address), 0, seconds=1, core=None)  # warm up
        for turn in range(ROUNDS):
            for connections in CONNECTIONS:
                for workers, (address, process_id) in servers.items():
                    run = 1 + turn * len(CONNECTIONS) + CONNECTIONS.index(connections)
                    one = _round(ROUTE.format(address), run, connections, process_id, workers)
                    seen.setdefault((connections, workers), []).append(one)
    return _table(seen)


@contextmanager
def _server(work: Path, workers: int) -> Iterator[tuple[str, int]]:
    data, log, port = work / f"workers-{workers}", work / f"workers-{workers}.log", free_port()
    shutil.rmtree(data, ignore_errors=True)
    command = [sys.executable, "-c", COMMAND, "serve", "--data", str(data), "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--workers", str(workers)],
            stdout=output,
            stderr=output,
            env=os.environ | JOBS_AT_REST,
        )
    with stopped(process):
        wait_for_port(process, port, log)
        yield f"http://127.0.0.1:{port}", process.pid
    shutil.rmtree(data)


def _round(url: str, run: int, connections: int, process_id: int, workers: int) -> Seen:
    watch = Watch(list(family(process_id)))
    thread = Thread(target=watch.run)
    before = processor_seconds(process_id)
    thread.start()
    try:
        done = wrk(url, run, SECONDS, connections, core=None)
    finally:
        watch.over.set()
        thread.join()
    computed = processor_seconds(process_id) - before
    return Seen(done, computed, watch.waiting / (watch.looks * workers))


def _table(seen: dict[tuple[int, int], list[Seen]]) -> Table:
    speed = {key: median(each.round.per_second for each in done) for key, done in seen.items()}
    return Table(
        title="One worker or two",
        method=(
            f"`sms-analytics serve --workers N` with its jobs at rest, wrk; {ROUNDS} rounds of "
            f"{SECONDS} s each, in turns, medians; nothing is pinned to a core. Waiting: the share "
            "of a worker's time in which its journal's thread waits for the other to write."
        ),
        columns=(
            "connections, workers",
            "acknowledged/s",
            "of one worker",
            "p50",
            "p99",
            "processor time",
            "cores used",
            "waiting",
        ),
        rows=[
            (
                f"{connections}, {workers}",
                f"{speed[connections, workers]:,.0f}",
                ratio(speed[connections, workers], speed[connections, 1]),
                f"{median(each.round.p50_us for each in done) / 1000:.1f} ms",
                f"{median(each.round.p99_us for each in done) / 1000:.1f} ms",
                f"{median(each.processor_us for each in done):.0f} µs",
                f"{median(each.cores for each in done):.2f}",
                f"{median(each.waiting for each in done):.0%}",
            )
            for (connections, workers), done in seen.items()
        ],
    )
