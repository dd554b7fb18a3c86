"""What the figures were measured on: cores, memory, disk, and the versions of what was compared."""

from __future__ import annotations

import os
import platform
import statistics
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.report import Table

LIBRARIES = (
    "litestar",
    "uvicorn",
    "uvloop",
    "httptools",
    "fastapi",
    "psycopg",
    "duckdb",
    "polars",
    "deltalake",
    "chdb",
)
SYNCS = 100


def describe(work: Path) -> Table:
    """Describe this machine; `work` is the folder whose disk is measured."""
    return Table(
        title="Machine",
        method="Everything ran here; a load that is not near 0 at the start spoils the figures.",
        columns=("what", "value"),
        rows=[
            ("processor", f"{processor()}, {os.cpu_count()} cores"),
            ("memory", f"{_memory_bytes() / 2**30:.0f} GiB"),
            ("system", f"{platform.system()} {platform.release()}"),
            ("fdatasync of 4 KiB, median", f"{sync_seconds(work) * 1000:.2f} ms"),
            ("load before the start, 1 min", f"{os.getloadavg()[0]:.1f}"),
            ("Python", platform.python_version()),
            *((name, found) for name in LIBRARIES if (found := _version(name))),
        ],
    )


def processor() -> str:
    """Return the processor's name as the kernel gives it."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _memory_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None


def sync_seconds(work: Path) -> float:
    """Return the median seconds that it takes to put one block on the disk under `work`."""
    path = work / "sync-probe"
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY)
    seconds = []
    try:
        for block in range(SYNCS):
            os.pwrite(descriptor, bytes(4096), block * 4096)
            started = time.perf_counter()
            os.fdatasync(descriptor)
            seconds.append(time.perf_counter() - started)
    finally:
        os.close(descriptor)
        path.unlink()
    return statistics.median(seconds)
