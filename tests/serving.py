"""Run the real command line, and a real server, for the tests that need them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

COMMAND = [str(Path(sys.executable).parent / "sms-analytics")]
DEADLINE_SECONDS = 240.0  # on the slowest machine, with its others at work


def run(*arguments: str | Path, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run `sms-analytics` to its end, away from a terminal."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS * 2,
        check=False,
    )


def wait_until(true: Callable[[], bool], what: str) -> None:
    """Wait until `true()`; fail, naming `what`, when that is in vain."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not true():
        assert time.monotonic() < deadline, f"still not so after {DEADLINE_SECONDS:.0f} s: {what}"
        time.sleep(0.05)


@dataclass
class Server:
    """A running `sms-analytics serve`; `url` has no slash at its end."""

    process: subprocess.Popen[str]
    url: str
    log: Path

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(DEADLINE_SECONDS)

    def kill(self) -> None:
        """End it as a power cut would: no warning."""
        self.process.kill()
        self.process.wait()


@contextmanager
def serving(data: Path, *arguments: str, **environment: str) -> Iterator[Server]:
    """Run a server on a free port of loopback; stop it at the end, or kill it, if it still runs."""
    log = data.parent / f"{data.name}.log"
    with log.open("a") as errors:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--data", str(data), "--port", "0", *arguments],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=os.environ | environment,
        )
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert "http://" in line, f"no server: {line!r} {log.read_text()}"
            yield Server(process, "http://" + line.split("http://")[1].strip().rstrip("/"), log)
        finally:
            try:
                if process.poll() is None:
                    process.terminate()
                    process.wait(DEADLINE_SECONDS)
            finally:
                process.kill()
                process.wait()
                assert process.stdout is not None
                process.stdout.close()
