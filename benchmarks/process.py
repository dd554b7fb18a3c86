"""Child processes on one core each, so that what is measured does not share with who measures."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

Core = int | None
SERVER_CORE, CLIENT_CORE = 0, 1
START_SECONDS_MAX = 30
STOP_SECONDS_MAX = 75  # a server gives its jobs 60


class ToolMissingError(Exception):
    """A program that a measurement needs is not installed; the message says how to get it."""

    def __init__(self, name: str, package: str) -> None:
        super().__init__(f"{name} is not installed: apt-get install {package}")


def pinned(core: Core, command: Sequence[str | Path]) -> list[str]:
    """Return the command, made to run on that core where there is a choice."""
    words = [str(word) for word in command]
    if core is None or shutil.which("taskset") is None or (os.cpu_count() or 1) < 2:
        return words
    return ["taskset", "-c", str(core), *words]


@contextmanager
def stopped(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Stop the process when the block ends."""
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def uvicorn(factory: str, environment: Mapping[str, str], log: Path) -> Iterator[str]:
    """Serve an application (`module:factory`) with one uvicorn worker; yield its address."""
    command = ["uvicorn", "--factory", factory, "--loop", "uvloop", "--http", "httptools"]
    with served([*command, "--no-access-log", "--port"], environment, log) as address:
        yield address


@contextmanager
def served(module: Sequence[str], environment: Mapping[str, str], log: Path) -> Iterator[str]:
    """Run a Python module that serves on the port that is its last argument; yield its address."""
    with started(module, environment, log) as (address, _):
        yield address


@contextmanager
def started(
    module: Sequence[str], environment: Mapping[str, str], log: Path
) -> Iterator[tuple[str, int]]:
    """Do the same; yield the process's id too."""
    port = free_port()
    command = [sys.executable, "-m", *module, str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            pinned(SERVER_CORE, command),
            env={**os.environ, **environment},
            stdout=output,
            stderr=output,
        )
    with stopped(process):
        wait_for_port(process, port, log)
        yield f"http://127.0.0.1:{port}", process.pid


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until a server listens. Raises `RuntimeError` when it does not."""
    deadline = time.monotonic() + START_SECONDS_MAX
    while True:
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the server did not start; see {log}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
