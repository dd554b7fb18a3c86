"""HTTP/1.1 for clients that are slow, greedy or hostile: uvicorn's protocol, with limits.

Uvicorn waits for ever for the rest of a request's head, for a client that takes its answer a byte
a minute, and for one that never closes; it keeps a head of any size; and of a request that offers
an upgrade (Java's client does, with each first request) it loses the body.

    waiting for a head ── head complete ──▶ answering ── answered ──▶ waiting …
      deadline: head_seconds, or           deadline: the route's;
      idle_seconds before the first byte   stall_seconds for a client that reads nothing

When there are too many connections, the one makes room whose client has been waited for longest,
be it for a head, a body or the reading of an answer: those who post are served however many others
sit idle or dawdle. What has come of requests that are not whole is bounded in bytes, too.
"""

from __future__ import annotations

import asyncio
import math
import resource
import sys
from dataclasses import dataclass
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES_MAX = 64 * 1024
FRAMING_BYTES_MAX = 512 * 1024
FILES_WANTED = 16_384
FILES_OF_OURS = 256
NEVER = math.inf


@dataclass(frozen=True)
class Limits:
    """What one connection may take of the server's time, and all of them of its room.

    `idle_seconds` is longer than the 60 s that proxies commonly keep a connection, so that it is
    the proxy that closes: one closed under a request would cost a webhook. `last_seconds` is how
    long a connection at rest is kept when the server stops, for a request that is on its way.
    `partial_bytes_max` is for all requests together that have come in part.
    """

    head_seconds: float = 10
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


class HeadTooLargeError(Exception):
    """A request's head has more than `HEAD_BYTES_MAX`; told to the parser, which ends there."""


class Partial:
    """The connections whose request has come in part, the one that began first at the front."""

    def __init__(self) -> None:
        self.bytes = 0
        self._held: dict[LimitedProtocol, int] = {}

    def add(self, connection: LimitedProtocol, size: int) -> None:
        """Count more bytes of a connection's request."""
        self._held[connection] = self._held.get(connection, 0) + size
        self.bytes += size

    def let_go(self, connection: LimitedProtocol) -> None:
        """Count them no more: the request is whole, or nobody waits for it."""
        if connection in self._held:
            self.bytes -= self._held.pop(connection)

    def first(self) -> LimitedProtocol:
        """Return the connection that began first."""
        return next(iter(self._held))


class LimitedProtocol(HttpToolsProtocol):
    """One connection. Make the class that uvicorn is given with `limited`."""

    limits: Limits
    waiting: dict[LimitedProtocol, None]
    """Every connection whose client must do something next, the longest waiting first."""
    partial: Partial

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._timer: asyncio.TimerHandle | None = None
        self._deadline = NEVER
        self._stall_deadline = NEVER
        self._in_head = False
        self._beside_bytes = 0
        self._read_bytes = 0
        self._first_bytes = 0
        self._is_last = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head; close another connection if there are too many."""
        super().connection_made(transport)
        self._wait(self.limits.head_seconds)
        self._check()
        if len(self.connections) > self.limits.connections_max:
            first = next(iter(self.waiting))
            del self.waiting[first]
            first.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        super().connection_lost(exc)
        self.waiting.pop(self, None)
        self.partial.let_go(self)
        if self._timer is not None:
            self._timer.cancel()

    def data_received(self, data: bytes) -> None:
        """Parse what came, unless it is too much beside the body."""
        self._read_bytes = len(data)
        self._beside_bytes += len(data)
        try:
            self._feed(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self.send_400_response("Invalid HTTP request received.")
            return
        if self._beside_bytes > (HEAD_BYTES_MAX if self._in_head else FRAMING_BYTES_MAX):
            self.send_400_response("The request is too large beside its body.")
            return
        if self._is_at_rest():
            self._hurry()
        if self in self.waiting:
            self._hold(len(data))

    def _feed(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            if self.parser.get_method() == b"CONNECT":
                raise
            # The offer is not taken. The parser has stopped short of the body, so another one
            # reads the request as it would have come without the offer.
            rest = data[upgrade.args[0] :]
            head = self._head_without_upgrade()
            self.parser = httptools.HttpRequestParser(self)
            self.parser.feed_data(head + rest)

    def _head_without_upgrade(self) -> bytes:
        version = self.parser.get_http_version().encode()
        lines = [b"%b %b HTTP/%b" % (self.parser.get_method(), self.url, version)]
        lines += [b"%b: %b" % header for header in self.headers if header[0] != b"upgrade"]
        return b"\r\n".join([*lines, b"", b""])

    def on_message_begin(self) -> None:
        """Count the head's bytes from here, without those that came in the same read."""
        super().on_message_begin()
        self._in_head = True
        self._first_bytes = self._read_bytes
        self._beside_bytes = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, but no trailer: nothing here reads those."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Let the request be answered; its body's deadline is the route's."""
        self._in_head = False
        if self._is_head_too_large():
            raise HeadTooLargeError
        if self.parser.should_upgrade():
            return
        self._deadline = NEVER
        super().on_headers_complete()
        if self._is_last:
            self.cycle.keep_alive = False

    def _is_head_too_large(self) -> bool:
        """Measure the head, if so much was read at all: one read may bring several times that."""
        if self._first_bytes + self._beside_bytes <= HEAD_BYTES_MAX:
            return False
        lines = (len(b"%b:%b\r\n" % header) for header in self.headers)
        return len(self.url) + sum(lines) > HEAD_BYTES_MAX

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body."""
        self._beside_bytes -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End the body, unless it is one that was skipped for an upgrade."""
        if self.parser.should_upgrade():
            return
        super().on_message_complete()
        self.partial.let_go(self)
        if not self._awaits_client():
            self.waiting.pop(self, None)

    def on_response_complete(self) -> None:
        """Wait for the next head, or for the client to take the last answer.

        Uvicorn's own sets a timer after each answer; `_check` has one for a connection's life.
        """
        self.server_state.total_requests += 1
        if not self.transport.is_closing():
            self.flow.resume_reading()
            if self.pipeline:
                self._start_asgi_task(*self.pipeline.pop())
        if self.cycle.response_complete:
            closing = self._in_head or self.transport.is_closing()
            self._wait(self.limits.head_seconds if closing else self.limits.idle_seconds)
        elif self.cycle.more_body:
            self.waiting[self] = None

    def shutdown(self) -> None:
        """Answer the request under way, or one that is on its way already, and close after it.

        Closed at once, a connection at rest would cut the request that its client is just sending.
        """
        self._is_last = True
        if self._is_at_rest():
            self.loop.call_later(self.limits.last_seconds, self._end)
        else:
            super().shutdown()

    def _end(self) -> None:
        if self._is_at_rest():
            self.transport.close()

    def pause_writing(self) -> None:
        """Give a client that reads too slowly a while to go on."""
        super().pause_writing()
        self._stall_deadline = self.loop.time() + self.limits.stall_seconds
        self.waiting[self] = None

    def resume_writing(self) -> None:
        """Go on writing."""
        super().resume_writing()
        self._stall_deadline = NEVER
        if not self._awaits_client():
            self.waiting.pop(self, None)

    def _wait(self, seconds: float) -> None:
        self._deadline = self.loop.time() + seconds
        self.waiting[self] = None
        self.partial.let_go(self)

    def _is_at_rest(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _awaits_client(self) -> bool:
        is_stalled = self._stall_deadline < NEVER
        return self._is_at_rest() or self.cycle.more_body or is_stalled

    def _hold(self, size: int) -> None:
        """Count what came of a request in part; if all is too much, end what began first."""
        if self._is_at_rest() and not self._in_head:
            return  # the rest of a body that was answered already: nobody keeps it
        self.partial.add(self, size)
        while self.partial.bytes > self.limits.partial_bytes_max:
            first = self.partial.first()
            self.partial.let_go(first)
            first.transport.abort()

    def _hurry(self) -> None:
        """Shorten the deadline of an idle connection whose next head has begun to come."""
        self._deadline = min(self._deadline, self.loop.time() + self.limits.head_seconds)

    def _check(self) -> None:
        """End the connection when a deadline has passed; else look again when one may have.

        One timer for a connection's life costs a request nothing. It looks often enough for a
        deadline that has been shortened since.
        """
        remaining = min(self._deadline, self._stall_deadline) - self.loop.time()
        if remaining <= 0:
            self.transport.abort()
        else:
            again = min(remaining, self.limits.head_seconds, self.limits.stall_seconds)
            self._timer = self.loop.call_later(again, self._check)


def limited(limits: Limits) -> type[LimitedProtocol]:
    """Return the protocol of one server: its connections share the room that `limits` give."""
    shared = {"limits": limits, "waiting": {}, "partial": Partial()}
    return type("ServerProtocol", (LimitedProtocol,), shared)
