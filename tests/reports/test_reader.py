"""The site's questions are answered elsewhere, within a time, whatever happens to a worker."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from analytics.priority import NICENESS
from reports.reader import (
    Reader,
    ReaderClosedError,
    ReaderDiedError,
    ReaderTimeoutError,
)
from tests.serving import wait_until

SERVER = """
import sys, time, anyio
from pathlib import Path
from reports.reader import Reader
from tests.reports.test_reader import note_and_sleep
if __name__ == "__main__":
    anyio.run(Reader().run, note_and_sleep, Path(sys.argv[1]))
"""


def note_and_sleep(path: Path) -> None:
    path.with_suffix(".tmp").write_text(str(os.getpid()))
    path.with_suffix(".tmp").rename(path)
    time.sleep(3_600)


def niceness_and_process() -> tuple[int, int]:
    return os.nice(0), os.getpid()


def interrupt_myself() -> str:
    os.kill(os.getpid(), signal.SIGINT)
    return "still here"


def die() -> None:
    os._exit(3)


def fail(message: str) -> None:
    raise LookupError(message)


@pytest.fixture
def reader() -> Iterator[Reader]:
    reader = Reader(workers=1)
    yield reader
    reader.close()


def test_questions_are_answered_by_one_other_process_of_low_priority(reader: Reader) -> None:
    async def ask() -> set[tuple[int, int]]:
        return {await reader.run(niceness_and_process) for _ in range(3)}

    ((niceness, process),) = anyio.run(ask)
    assert niceness >= NICENESS
    assert process != os.getpid()


def test_slow_question_is_ended_with_its_process() -> None:
    reader = Reader(workers=1, time_limit_seconds=1)
    with pytest.raises(ReaderTimeoutError, match="no answer within 1 seconds"):
        anyio.run(reader.run, time.sleep, 3_600)
    assert multiprocessing.active_children() == []


def test_dead_worker_is_named_and_replaced(reader: Reader) -> None:
    with pytest.raises(ReaderDiedError):
        anyio.run(reader.run, die)
    worker = anyio.run(reader.run, os.getpid)
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: multiprocessing.active_children() == [], "it is gone")
    assert anyio.run(reader.run, os.getpid) not in (worker, os.getpid())


def test_what_the_function_raises_is_raised(reader: Reader) -> None:
    with pytest.raises(LookupError, match="no such view"):
        anyio.run(reader.run, fail, "no such view")


def test_ctrl_c_does_not_end_a_worker(reader: Reader) -> None:
    assert anyio.run(reader.run, interrupt_myself) == "still here"


def test_closing_ends_a_question_that_is_being_answered(reader: Reader, tmp_path: Path) -> None:
    noted = tmp_path / "pid"

    async def ask_and_close() -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_close_when, reader, noted)
            with pytest.raises(ReaderClosedError):
                await reader.run(note_and_sleep, noted)

    anyio.run(ask_and_close)
    assert multiprocessing.active_children() == []


async def _close_when(reader: Reader, noted: Path) -> None:
    await to_thread.run_sync(wait_until, noted.exists, "it answers")
    reader.close()


def test_worker_ends_with_its_killed_server(tmp_path: Path) -> None:
    noted = tmp_path / "pid"
    with subprocess.Popen([sys.executable, "-c", SERVER, str(noted)]) as server:
        wait_until(noted.exists, "it answers")
        worker = Path(f"/proc/{noted.read_text()}")
        assert worker.exists()
        server.kill()
    wait_until(lambda: not worker.exists(), "it has ended")
