"""Many tries in one process, confined as the sandbox's: starting one takes most of the time.

Run as a program it answers the queries on standard input, each as a process of its own would.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec

from analytics import sandbox
from analytics.sandbox import Asked, Kind, Limits, Told
from analytics.sandbox_child import answer, confine

TOGETHER = Limits(seconds=240, niceness=0)


def tries(
    catalogue: Path, queries: list[str], disguise: dict[str, Kind] | None = None
) -> list[Told]:
    """Return what each query is told."""
    asked = [Asked(str(catalogue), sql, TOGETHER, disguise or {}) for sql in queries]
    done = subprocess.run(
        [sys.executable, "-c", "from tests.guarantees.sandbox_tries import main; main()"],
        input=msgspec.msgpack.encode(asked),
        capture_output=True,
        env=sandbox.environment(),
        timeout=TOGETHER.seconds,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return msgspec.msgpack.decode(done.stdout, type=list[Told])


def main() -> None:
    """Answer the queries."""
    asked = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=list[Asked])
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)
        confine(TOGETHER)
        out.write(msgspec.msgpack.encode([answer(each) for each in asked]))
    os._exit(0)
