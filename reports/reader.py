"""Queries of the site run here: in processes of their own, so that none slows an acknowledgement.

request ──▶ Reader.run ──▶ worker (low priority, first to go when memory is short) ──▶ answer
                 └── past the time limit: the worker is killed, and the next request starts another

A worker ends with its server, however that ends. Ctrl-C, which a terminal sends to both, is the
server's to take.

    ReaderError ─┬─ ReaderBusyError
                 ├─ ReaderTimeoutError
                 └─ ReaderDiedError ─── ReaderClosedError
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar, TypeVarTuple

from anyio import CapacityLimiter, to_thread

from analytics.priority import give_way

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")

WORKERS = 2
LONG_WORKERS = 2  # beside them: a page never waits for a file of millions of rows
WAITING_MAX = 32
TIME_LIMIT_SECONDS = 60.0


class ReaderError(Exception):
    """The question was not answered."""


class ReaderBusyError(ReaderError):
    """Too many questions are waiting already."""


class ReaderTimeoutError(ReaderError):
    """The answer took too long."""


class ReaderDiedError(ReaderError):
    """The reader process ended before it had answered."""


class ReaderClosedError(ReaderDiedError):
    """The reader was closed before it had answered: the server stops."""


class Reader:
    """A few processes that answer questions, started when needed; `close` ends them."""

    def __init__(
        self, workers: int = WORKERS, time_limit_seconds: float = TIME_LIMIT_SECONDS
    ) -> None:
        self._limiter = CapacityLimiter(workers)
        self._long_limiter = CapacityLimiter(LONG_WORKERS)
        self._time_limit_seconds = time_limit_seconds
        self._lock = threading.Lock()
        self._idle: list[_Worker] = []
        self._working: set[_Worker] = set()
        self._closed = False

    async def run(
        self,
        function: Callable[[*Arguments], Result],
        *arguments: *Arguments,
        seconds: float | None = None,
    ) -> Result:
        """Run a module's function on plain arguments in a reader process; return its result.

        `seconds` is how long it may take, if longer than any other: it then takes a place beside
        them. What the function raises is raised here. Raises `ReaderError`.
        """
        limiter = self._limiter if seconds is None else self._long_limiter
        if limiter.statistics().tasks_waiting >= WAITING_MAX:
            raise ReaderBusyError("too many questions are waiting; try again in a moment")
        limit = self._time_limit_seconds if seconds is None else seconds
        return await to_thread.run_sync(self._run, function, arguments, limit, limiter=limiter)

    def close(self) -> None:
        """End the processes; a question that is being answered raises `ReaderClosedError`."""
        with self._lock:
            self._closed = True
            workers = [*self._idle, *self._working]
            self._idle.clear()
        for worker in workers:
            worker.kill()

    def _run(
        self, function: Callable[..., Result], arguments: tuple[Any, ...], seconds: float
    ) -> Result:
        worker = self._take()
        try:
            return worker.ask(function, arguments, seconds)
        except ReaderDiedError as error:
            if self._closed:
                raise ReaderClosedError("the server stops") from error
            raise
        finally:
            self._give_back(worker)

    def _take(self) -> _Worker:
        with self._lock:
            if self._closed:
                raise ReaderClosedError("the server stops")
            self._idle = [worker for worker in self._idle if worker.is_alive()]
            worker = self._idle.pop() if self._idle else _Worker()
            self._working.add(worker)
            return worker

    def _give_back(self, worker: _Worker) -> None:
        with self._lock:
            self._working.discard(worker)
            if worker.is_alive() and not self._closed:
                self._idle.append(worker)


class _Worker:
    """One reader process, and our end of the pipe to it."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), name="reader", daemon=True)
        # A process inherits what the thread that starts it blocks: Ctrl-C never reaches it.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        self._process.start()
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        theirs.close()

    def is_alive(self) -> bool:
        """Tell whether the process runs."""
        return self._process.is_alive()

    def ask(
        self, function: Callable[..., Result], arguments: tuple[Any, ...], seconds: float
    ) -> Result:
        """Return the function's result or raise what it raised. Raises `ReaderError`."""
        try:
            self._pipe.send((function, arguments))
            if not self._pipe.poll(seconds):
                self.kill()
                raise ReaderTimeoutError(f"no answer within {seconds:g} seconds")
            result, error = self._pipe.recv()
        except (EOFError, OSError) as broken:
            self.kill()
            raise ReaderDiedError("the reader process ended before it had answered") from broken
        if error is not None:
            raise error
        return result  # type: ignore[no-any-return]

    def kill(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.join()


def _serve(pipe: Connection) -> None:
    """Answer questions until the server closes its end of the pipe."""
    give_way()
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError, OSError):
        while True:
            function, arguments = pipe.recv()
            pipe.send(_answer(function, arguments))


def _answer(
    function: Callable[..., Any], arguments: tuple[Any, ...]
) -> tuple[Any, Exception | None]:
    try:
        return function(*arguments), None
    except Exception as error:  # noqa: BLE001 — whatever it is, it is the asker's
        return None, error


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
