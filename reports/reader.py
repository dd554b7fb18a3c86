"""Queries of the site run here: in processes of their own, so that none slows an acknowledgement.

request ──▶ Reader.run ──▶ worker (low priority, first to go when memory is short) ──▶ answer
                 └── past the time limit: the worker is killed; the next request starts another

A worker dies with its server, and Ctrl-C, which a terminal sends to both, is the server's to take.

    ReaderError ─┬─ ReaderBusyError
                 ├─ ReaderTimeoutError
                 └─ ReaderDiedError
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar, TypeVarTuple

import anyio
from anyio import BrokenWorkerProcess, CapacityLimiter, to_process

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")

WORKERS = 2
WAITING_MAX = 32
TIME_LIMIT_SECONDS = 60.0
NICENESS = 10
PR_SET_PDEATHSIG = 1


class ReaderError(Exception):
    """The question was not answered."""


class ReaderBusyError(ReaderError):
    """Too many questions are waiting already."""


class ReaderTimeoutError(ReaderError):
    """The answer took too long."""


class ReaderDiedError(ReaderError):
    """The reader process ended before it had answered."""


class Reader:
    """A few processes that answer questions, started when needed. One event loop only."""

    def __init__(
        self, workers: int = WORKERS, time_limit_seconds: float = TIME_LIMIT_SECONDS
    ) -> None:
        self._limiter = CapacityLimiter(workers)
        self._time_limit_seconds = time_limit_seconds

    async def run(self, function: Callable[[*Arguments], Result], *arguments: *Arguments) -> Result:
        """Run a module's function on plain arguments in a reader process; return its result.

        What the function raises is raised here. Raises `ReaderError`.
        """
        if self._limiter.statistics().tasks_waiting >= WAITING_MAX:
            raise ReaderBusyError("too many questions are waiting; try again in a moment")
        try:
            with anyio.fail_after(self._time_limit_seconds):
                return await to_process.run_sync(
                    _answer, function, *arguments, cancellable=True, limiter=self._limiter
                )
        except TimeoutError as error:
            seconds = self._time_limit_seconds
            raise ReaderTimeoutError(f"no answer within {seconds:g} seconds") from error
        except BrokenWorkerProcess as error:
            raise ReaderDiedError("the reader process ended before it had answered") from error


def _answer(function: Callable[[*Arguments], Result], *arguments: *Arguments) -> Result:
    _settle()
    return function(*arguments)


def _settle() -> None:
    """Make this process the humblest one, and mortal; does nothing the second time."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if os.nice(0) < NICENESS:
        os.nice(NICENESS - os.nice(0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000")
