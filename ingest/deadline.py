"""One deadline for many tasks, at next to no cost for those that meet it: one timer serves all.

A timer for each request costs more than reading its body, which mostly has come already.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Deadline:
    """Lets each task that uses it wait for so many seconds. Use it from one event loop."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._deadlines: dict[asyncio.Task[Any], float] = {}  # the soonest first
        self._overdue: set[asyncio.Task[Any]] = set()
        self._timer: asyncio.TimerHandle | None = None

    async def meet(self, work: Coroutine[Any, Any, T]) -> T:
        """Return what `work` returns. Raises `TimeoutError` when it takes too long."""
        loop = asyncio.get_running_loop()
        task = asyncio.current_task(loop)
        assert task is not None
        self._deadlines[task] = loop.time() + self._seconds
        if self._timer is None:
            self._timer = loop.call_later(self._seconds, self._check, loop)
        try:
            return await work
        except asyncio.CancelledError:
            if task not in self._overdue:
                raise
            task.uncancel()
            raise TimeoutError from None
        finally:
            self._deadlines.pop(task, None)
            if self._overdue:
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
