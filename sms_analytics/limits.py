"""What clients may take of a server's time and room: of each connection, and of all together."""

from __future__ import annotations

import resource
import sys
from dataclasses import dataclass
from typing import Generic, TypeVar

FILES_WANTED = 16_384
FILES_OF_OURS = 256

Connection = TypeVar("Connection")


@dataclass(frozen=True)
class Limits:
    """What one connection may take of the server's time, and all of them of its room.

    `idle_seconds` is longer than the 60 s that proxies commonly keep a connection, so that it is
    the proxy that closes: one closed under a request would cost a webhook. `last_seconds` is how
    long a connection at rest is kept when the server stops, for a request that is on its way.
    `body_seconds` is for a webhook's body; `partial_bytes_max` is for all requests together that
    have come in part.
    """

    head_seconds: float = 10
    body_seconds: float = 10
    idle_seconds: float = 75
    stall_seconds: float = 30
    last_seconds: float = 1
    connections_max: int = 10_000
    partial_bytes_max: int = 64 * 1024 * 1024


def limits_here() -> Limits:
    """Let this process open more files, if it may; return limits that leave room for our own."""
    soft, hard = (sys.maxsize if n == resource.RLIM_INFINITY else n for n in _files())
    files = max(soft, min(hard, FILES_WANTED))
    if files > soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, _files()[1]))
    return Limits(connections_max=max(1, min(Limits.connections_max, files - FILES_OF_OURS)))


def _files() -> tuple[int, int]:
    return resource.getrlimit(resource.RLIMIT_NOFILE)


class Partial(Generic[Connection]):
    """The connections whose request has come in part, the one that began first at the front."""

    def __init__(self) -> None:
        self.bytes = 0
        self._held: dict[Connection, int] = {}

    def add(self, connection: Connection, size: int) -> None:
        """Count more bytes of a connection's request."""
        self._held[connection] = self._held.get(connection, 0) + size
        self.bytes += size

    def let_go(self, connection: Connection) -> None:
        """Count them no more: the request is whole, or nobody waits for it."""
        if connection in self._held:
            self.bytes -= self._held.pop(connection)

    def first(self) -> Connection:
        """Return the connection that began first."""
        return next(iter(self._held))
