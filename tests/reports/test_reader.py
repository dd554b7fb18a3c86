"""The site's questions are answered elsewhere, within a time, whatever happens to a worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import anyio
import pytest

from reports.reader import NICENESS, Reader, ReaderDiedError, ReaderTimeoutError

SERVER = """
import sys, time, anyio
from pathlib import Path
from reports.reader import Reader
from tests.reports.test_reader import note_and_sleep
anyio.run(Reader().run, note_and_sleep, Path(sys.argv[1]))
"""


def note_and_sleep(path: Path) -> None:
    path.with_suffix(".tmp").write_text(str(os.getpid()))
    path.with_suffix(".tmp").rename(path)
    time.sleep(60)


def niceness_and_process() -> tuple[int, int]:
    return os.nice(0), os.getpid()


def interrupt_myself() -> str:
    os.kill(os.getpid(), signal.SIGINT)
    return "still here"


def die() -> None:
    os._exit(3)


def fail(message: str) -> None:
    raise LookupError(message)


def test_questions_are_answered_by_another_process_of_low_priority() -> None:
    niceness, process = anyio.run(Reader().run, niceness_and_process)
    assert niceness >= NICENESS
    assert process != os.getpid()


def test_slow_question_is_ended_and_the_next_one_answered() -> None:
    async def ask() -> tuple[int, int]:
        _, first = await Reader().run(niceness_and_process)
        with pytest.raises(ReaderTimeoutError, match="no answer within 1 seconds"):
            await Reader(time_limit_seconds=1).run(time.sleep, 60)
        return first, (await Reader().run(niceness_and_process))[1]

    first, second = anyio.run(ask)
    assert first != second


def test_dead_worker_is_named_and_replaced() -> None:
    async def ask() -> int:
        reader = Reader(workers=1)
        with pytest.raises(ReaderDiedError):
            await reader.run(die)
        return (await reader.run(niceness_and_process))[1]

    assert anyio.run(ask) != os.getpid()


def test_what_the_function_raises_is_raised() -> None:
    with pytest.raises(LookupError, match="no such view"):
        anyio.run(Reader().run, fail, "no such view")


def test_ctrl_c_does_not_end_a_worker() -> None:
    assert anyio.run(Reader().run, interrupt_myself) == "still here"


def test_worker_ends_with_its_killed_server(tmp_path: Path) -> None:
    noted = tmp_path / "pid"
    with subprocess.Popen([sys.executable, "-c", SERVER, str(noted)]) as server:
        _wait_until(noted.exists)
        worker = Path(f"/proc/{noted.read_text()}")
        assert worker.exists()
        server.kill()
    _wait_until(lambda: not worker.exists())


def _wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline, "waited 30 seconds in vain"
        time.sleep(0.05)
