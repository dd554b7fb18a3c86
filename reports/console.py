"""Answers the queries of the SQL console, a few at a time, each in a process of its own.

    ask ──▶ a place is free ──▶ child of the keeper (analytics.sandbox_keeper) ──▶ rows
     │           └── none for WAIT_SECONDS ──▶ ConsoleBusyError
     ├── too many wait already ──▶ ConsoleBusyError
     └── cancelled ──▶ the child ends

A child gives way to all else on the machine: webhooks are acknowledged as if it were not there.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from pathlib import Path

from analytics import sandbox
from analytics.sandbox import LIMITS, Asked, Kind, Limits
from analytics.sandbox_keeper import SIZE, Keeper

PLACES = 2
WAITING_MAX = 16
WAIT_SECONDS = 15.0
GONE_SECONDS = 10.0


class ConsoleBusyError(Exception):
    """Too many queries are being answered already; try again in a moment."""


class Console:
    """The places where queries about the catalogue at `path` are answered. Of one event loop."""

    def __init__(self, path: Path, *, places: int = PLACES, limits: Limits = LIMITS) -> None:
        self.path = path
        self.limits = limits
        self._places = asyncio.Semaphore(places)
        self._waiting = 0
        self._keeper: Keeper | None = None
        self._starting = asyncio.Lock()

    async def ask(self, sql: str, disguise: dict[str, Kind]) -> bytes:
        """Answer a query; return `analytics.sandbox.Rows` as JSON, compressed with gzip.

        Raises `ConsoleBusyError`, and what `analytics.sandbox.told` raises.
        """
        asked = Asked(str(self.path.absolute()), sql, self.limits, disguise)
        payload = sandbox.payload(asked)
        await self._take_place()
        try:
            answer = await self._child(payload)
        finally:
            self._places.release()
        return sandbox.told(answer, self.limits)

    def close(self) -> None:
        """End the process that keeps the program loaded."""
        if self._keeper is not None:
            self._keeper.close()

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

    async def _child(self, payload: bytes) -> bytes:
        """Return what a child says; it ends with this call, however that ends."""
        reader, writer = await asyncio.open_connection(sock=await self._socket())
        began = asyncio.get_running_loop().time()
        try:
            writer.write(SIZE.pack(len(payload)) + payload)
            async with asyncio.timeout(self.limits.seconds + sandbox.START_SECONDS):
                answer = await reader.read()
        except TimeoutError:
            raise sandbox.stopped(self.limits) from None
        except ConnectionError:
            answer = b""
        finally:
            await _ended(reader, writer)
        if not answer and asyncio.get_running_loop().time() - began >= self.limits.seconds:
            raise sandbox.stopped(self.limits)
        return answer

    async def _socket(self) -> socket.socket:
        """Return the socket to a new child, of a keeper that is started when there is none."""
        async with self._starting:
            if self._keeper is not None:
                try:
                    return self._keeper.child()
                except OSError:
                    self._keeper.close()
            self._keeper = await asyncio.to_thread(Keeper)
            return self._keeper.child()


async def _ended(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Tell a child that nobody waits for it any more, and wait until it is gone."""
    with suppress(OSError, TimeoutError):
        writer.write_eof()
        async with asyncio.timeout(GONE_SECONDS):
            while await reader.read(64 * 1024):
                pass
    writer.close()
