"""Webhooks at a rate of our choosing, whatever the server does: `… URL RATE SECONDS CONNECTIONS`.

Closed-loop tools wait for an answer before they ask again, so they slow down with the server and
never overload it. Here webhooks fall due at a fixed rate. Each takes a connection at rest, or a
new one while there are fewer than CONNECTIONS, or waits for one; its time counts from when it fell
due. Nobody waits longer than GIVE_UP_SECONDS. Prints a line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
from collections import Counter, deque
from contextlib import suppress
from time import perf_counter
from urllib.parse import urlsplit

import uvloop

GIVE_UP_SECONDS = 10.0
TICK_SECONDS = 0.001
PRIORITY = -10
BODY = (
    b"uuid=%08x-0000-4000-a000-%012x&status=delivered&sent_at=2026-11-02+08%%3A15%%3A00"
    b"&delivered_at=2026-11-02+08%%3A15%%3A04&receiver%%5Bnumber%%5D=%%2B40700123456"
    b"&receiver%%5Bmcc%%5D=226&receiver%%5Bmnc%%5D=01"
)


class Load:
    """Webhooks that fall due, and what became of them."""

    def __init__(self, url: str, rate: float, seconds: float, connections: int) -> None:
        self.became: Counter[str] = Counter()
        self.accepted_ms: list[float] = []
        self.free: list[Connection] = []
        address = urlsplit(url)
        self._path = address.path.encode()
        self._server = (address.hostname or "127.0.0.1", address.port or 80)
        self._rate = rate
        self._seconds = seconds
        self._connections_max = connections
        self._connections = 0
        self._due: deque[float] = deque()
        self._count = 0
        self._run = os.getpid()
        self._under_way: set[Connection] = set()
        self._opening: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Send until the time is over, and wait for the answers to what was sent."""
        began = perf_counter()
        fallen = 0
        while (now := perf_counter()) < began + self._seconds:
            due = int((now - began) * self._rate)
            self._due.extend(began + each / self._rate for each in range(fallen, due))
            fallen = due
            self.send_due()
            self._give_up(now)
            await asyncio.sleep(TICK_SECONDS)
        self.became["in_time"] = self.became["accepted"]
        self.became["never sent"] += len(self._due)
        self._due.clear()
        while self._under_way and perf_counter() < began + self._seconds + GIVE_UP_SECONDS:
            await asyncio.sleep(0.05)
        self.became["unanswered"] += len(self._under_way)
        self.became["due"] = fallen

    def send_due(self) -> None:
        """Send what is due on connections at rest, and open more where there are too few."""
        while self._due and self.free:
            connection = self.free.pop()
            if not connection.transport.is_closing():
                self._under_way.add(connection)
                connection.send(self._due.popleft(), self._request())
        wanted = min(
            len(self._due) - len(self._opening), self._connections_max - self._connections, 64
        )
        for _ in range(wanted):
            self._connections += 1
            task = asyncio.create_task(self._open())
            self._opening.add(task)
            task.add_done_callback(self._opening.discard)

    async def _open(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.create_connection(lambda: Connection(self), *self._server)
        except OSError:
            self.became["not connected"] += 1
            self._connections -= 1

    def _request(self) -> bytes:
        self._count += 1
        body = BODY % (self._run, self._count)
        return (
            b"POST %b HTTP/1.1\r\nhost: localhost\r\ncontent-length: %d\r\n"
            b"content-type: application/x-www-form-urlencoded\r\n\r\n%b"
            % (self._path, len(body), body)
        )

    def _give_up(self, now: float) -> None:
        while self._due and now - self._due[0] > GIVE_UP_SECONDS:
            self._due.popleft()
            self.became["never sent"] += 1

    def answered(self, connection: Connection, status: bytes, due: float) -> None:
        """Take note of an answer; its connection may send the next."""
        self._under_way.discard(connection)
        if status in (b"204", b"422"):
            self.became["accepted"] += 1
            self.accepted_ms.append((perf_counter() - due) * 1000)
        else:
            self.became[status.decode()] += 1
        self.free.append(connection)
        if self._due:
            self.send_due()

    def lost(self, connection: Connection) -> None:
        """Take note of a connection that was closed."""
        self._connections -= 1
        if connection in self._under_way:
            self._under_way.discard(connection)
            self.became["cut"] += 1


class Connection(asyncio.Protocol):
    """One connection, with one request at a time."""

    transport: asyncio.Transport

    def __init__(self, load: Load) -> None:
        self._load = load
        self._due = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.transport = transport
        self._load.free.append(self)
        self._load.send_due()

    def send(self, due: float, request: bytes) -> None:
        """Send a request that fell due then."""
        self._due = due
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        # Answers are short enough to come whole; one that comes in pieces has its status in the
        # first.
        if data.startswith(b"HTTP/1.1 "):
            self._load.answered(self, data[9:12], self._due)

    def connection_lost(self, exc: Exception | None) -> None:
        self._load.lost(self)


def main() -> None:
    """Send the load and print what became of it."""
    url, rate, seconds, connections = sys.argv[1], *map(float, sys.argv[2:5])
    with suppress(PermissionError):
        os.nice(PRIORITY)  # who measures must not wait for what is measured
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    load = Load(url, rate, seconds, int(connections))
    uvloop.run(load.run())
    times = sorted(load.accepted_ms) or [0.0]
    told = {
        "p50_ms": times[len(times) // 2],
        "p99_ms": times[len(times) * 99 // 100],
        "max_ms": times[-1],
        "seconds": seconds,
    }
    print(json.dumps({**dict(load.became), **told}))


if __name__ == "__main__":
    main()
