"""A start after a long stop: a million webhooks wait in the journal, a long history may lie behind.

How soon does the server take webhooks, how long until all is sealed, folded and published, and how
much memory do its processes take at most meanwhile?
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from analytics.door import Catalogue, CatalogueMissing
from benchmarks.history import record
from benchmarks.process import free_port, stopped
from benchmarks.report import Table
from eventlog.event import encode_record
from eventlog.layout import Layout
from ingest.journal import Journal

WAITING = 1_000_000
BATCH = 10_000
PER_SECOND = 200
CATCH_UP_SECONDS_MAX = 280
COMMAND = "import sys; from sms_analytics.cli import main; sys.exit(main())"


@dataclass(frozen=True)
class CatchUp:
    """Seconds from the start, and the most memory that the processes had in RAM, in bytes."""

    ready_seconds: float
    published_seconds: float
    server_bytes: int
    jobs_bytes: int


def measure(work: Path) -> Table:
    """Start on a new directory, and on one with a million webhooks waiting."""
    rows = []
    for waiting in (0, WAITING):
        data = work / "catchup-data"
        shutil.rmtree(data, ignore_errors=True)
        wait(Layout(data), waiting)
        rows.append(_row(f"{waiting:,} waiting", caught_up(data, waiting)))
        shutil.rmtree(data)
    return table(rows)


def table(rows: list[tuple[str, ...]]) -> Table:
    """Return the figures as a table."""
    return Table(
        title="Starting after a stop",
        method=(
            "`sms-analytics serve`: from the start of its process to the first 200 of `/readyz`, "
            "then until all is sealed, folded and published. Memory: the most that was resident."
        ),
        columns=("in the journal", "ready", "published", "takes webhooks", "jobs"),
        rows=rows,
    )


def _row(name: str, seen: CatchUp) -> tuple[str, ...]:
    return (
        name,
        f"{seen.ready_seconds:.2f} s",
        f"{seen.published_seconds:.1f} s",
        f"{seen.server_bytes / 2**20:.0f} MiB",
        f"{seen.jobs_bytes / 2**20:.0f} MiB",
    )


def wait(layout: Layout, records: int) -> None:
    """Put invented webhooks into the journal, so many a second until now."""
    layout.root.mkdir(parents=True, exist_ok=True)
    with Journal.open(layout.journal) as journal:
        began = datetime.now(UTC) - timedelta(seconds=records / PER_SECOND)
        first = journal.last_seq()
        for at in range(first, first + records, BATCH):
            batch = range(at, min(at + BATCH, first + records))
            journal.append_many(
                [
                    encode_record(record(n, began + timedelta(seconds=(n - first) / PER_SECOND)))
                    for n in batch
                ]
            )


def caught_up(data: Path, waiting: int) -> CatchUp:
    """Start a server on a data directory; stop it when all is published."""
    began = time.monotonic()
    with server(data) as (process, address):
        while not ready(address):
            time.sleep(0.01)
        ready_seconds = time.monotonic() - began
        with Journal.open(Layout(data).journal) as journal:
            upto = journal.last_seq()
        while published(data) < upto:
            if time.monotonic() - began > CATCH_UP_SECONDS_MAX:
                raise TimeoutError("the server did not catch up")
            time.sleep(0.1)
        published_seconds = time.monotonic() - began
        jobs = max(map(peak_bytes, children(process.pid)), default=0)
        return CatchUp(ready_seconds, published_seconds, peak_bytes(process.pid), jobs)


@contextmanager
def server(data: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Run `sms-analytics serve`; yield its process and address, at once."""
    port = free_port()
    command = [sys.executable, "-c", COMMAND, "serve", "--data", str(data), "--port", str(port)]
    with data.with_name(f"{data.name}.log").open("wb") as log:
        process = subprocess.Popen([*command, *arguments], stdout=log, stderr=log)
    with stopped(process):
        yield process, f"http://127.0.0.1:{port}"


def ready(address: str) -> bool:
    """Say whether a server is ready."""
    with suppress(OSError), urllib.request.urlopen(f"{address}/readyz") as answer:
        return bool(answer.status == 200)
    return False


def published(data: Path) -> int:
    """Return how many webhooks the catalogue that is published knows of."""
    try:
        with Catalogue.open(Layout(data).catalogue) as catalogue:
            about = catalogue.about()
            return int(about.events + about.dead_letters)
    except CatalogueMissing:
        return 0


def children(process_id: int) -> list[int]:
    """Return the processes that a process has started."""
    tasks = Path(f"/proc/{process_id}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def peak_bytes(process_id: int) -> int:
    """Return the most memory that a process has had in RAM."""
    status = Path(f"/proc/{process_id}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024
