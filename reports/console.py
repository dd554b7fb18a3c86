"""Answers the queries of the SQL console, a few at a time, each in a process of its own.

    ask ──▶ a place is free ──▶ child (analytics.sandbox_child) ──▶ rows
     │           └── none for WAIT_SECONDS ──▶ ConsoleBusyError
     ├── too many wait already ──▶ ConsoleBusyError
     └── cancelled ──▶ the child is killed

A child gives way to all else on the machine: webhooks are acknowledged as if it were not there.
"""

from __future__ import annotations

import asyncio
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

from analytics import sandbox
from analytics.sandbox import LIMITS, Asked, Kind, Limits

PLACES = 2
WAITING_MAX = 16
WAIT_SECONDS = 15.0


class ConsoleBusyError(Exception):
    """Too many queries are being answered already; try again in a moment."""


class Console:
    """The places where queries about the catalogue at `path` are answered. Of one event loop."""

    def __init__(self, path: Path, *, places: int = PLACES, limits: Limits = LIMITS) -> None:
        self.path = path
        self.limits = limits
        self._places = asyncio.Semaphore(places)
        self._waiting = 0

    async def ask(self, sql: str, disguise: dict[str, Kind]) -> bytes:
        """Answer a query; return `analytics.sandbox.Rows` as JSON, compressed with gzip.

        Raises `ConsoleBusyError`, and what `analytics.sandbox.ask` raises.
        """
        asked = Asked(str(self.path.absolute()), sql, self.limits, disguise)
        payload = sandbox.payload(asked)
        await self._take_place()
        try:
            answer, code = await self._child(payload)
        finally:
            self._places.release()
        return sandbox.told(answer, code, self.limits)

    async def _take_place(self) -> None:
        if self._waiting >= WAITING_MAX:
            raise ConsoleBusyError
        self._waiting += 1
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._places.acquire()
        except TimeoutError:
            raise ConsoleBusyError from None
        finally:
            self._waiting -= 1

    async def _child(self, payload: bytes) -> tuple[bytes, int]:
        """Return what a child says, and its exit code; the child ends with this call."""
        child = await asyncio.create_subprocess_exec(
            *sandbox.COMMAND,
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env=sandbox.environment(),
            cwd="/",
            start_new_session=True,  # Ctrl-C in the terminal is the server's
        )
        try:
            async with asyncio.timeout(self.limits.seconds + sandbox.START_SECONDS):
                answer, _ = await child.communicate(payload)
        except TimeoutError:
            raise sandbox.stopped(self.limits) from None
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
        return answer, child.returncode or 0
