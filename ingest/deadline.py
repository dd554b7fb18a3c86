"""One deadline for many tasks, at next to no cost for those that meet it: one timer serves all.

A timer for each request costs more than reading its body, which mostly has come already: then
there is nothing to wait for, and no deadline is noted.
"""

from __future__ import annotations

import asyncio
import types
from collections.abc import Coroutine, Generator, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")


class Deadline:
    """Lets each task that uses it wait for so many seconds. Use it from one event loop."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._deadlines: dict[asyncio.Task[Any], float] = {}  # the soonest first
        self._overdue: set[asyncio.Task[Any]] = set()
        self._timer: asyncio.TimerHandle | None = None

    @types.coroutine
    def meet(self, work: Coroutine[Any, Any, T]) -> Generator[Any, Any, T]:
        """Return what `work` returns. Raises `TimeoutError` when it takes too long."""
        try:
            waits_for = work.send(None)
        except StopIteration as done:
            return done.value  # type: ignore[no-any-return]
        with self._limit():
            return (yield from _resumed(work, waits_for))

    @contextmanager
    def _limit(self) -> Iterator[None]:
        """Cancel the task that is here when its time is over, and tell it why."""
        loop = asyncio.get_running_loop()
        task = asyncio.current_task(loop)
        assert task is not None
        self._deadlines[task] = loop.time() + self._seconds
        if self._timer is None:
            self._timer = loop.call_later(self._seconds, self._check, loop)
        try:
            yield
        except asyncio.CancelledError:
            if task not in self._overdue:
                raise
            task.uncancel()
            raise TimeoutError from None
        finally:
            self._deadlines.pop(task, None)
            self._overdue.discard(task)

    def _check(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        overdue = [task for task, deadline in self._deadlines.items() if deadline <= now]
        for task in overdue:
            del self._deadlines[task]
            self._overdue.add(task)
            task.cancel()
        soonest = next(iter(self._deadlines.values()), None)
        self._timer = None
        if soonest is not None:
            self._timer = loop.call_later(soonest - now, self._check, loop)


def _resumed(work: Coroutine[Any, Any, T], waits_for: Any) -> Generator[Any, Any, T]:
    """Go on with what has begun, and waits: pass on what it waits for, and what comes of that."""
    try:
        while True:
            try:
                came = yield waits_for
            except BaseException as error:  # noqa: BLE001 – passed on to the work
                waits_for = work.throw(error)
            else:
                waits_for = work.send(came)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
