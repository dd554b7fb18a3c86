"""HTTP/1.1 for clients that are slow, greedy or hostile: uvicorn's protocol, with limits.

Webhooks go to the endpoint from here, all else to the ASGI application.

Uvicorn waits for ever for the rest of a request's head, for a client that takes its answer a byte
a minute, and for one that never closes; it keeps a head of any size; and of a request that offers
an upgrade (Java's client does, with each first request) it loses the body.

    waiting for a head ── head complete ──▶ answering ── answered ──▶ waiting …
      deadline: head_seconds, or           deadline: body_seconds for a webhook's body, else the
      idle_seconds before the first byte   route's; stall_seconds for a client that reads nothing

When there are too many connections, the one makes room whose client has been waited for longest,
be it for a head, a body or the reading of an answer: those who post are served however many others
sit idle or dawdle. What has come of requests that are not whole is bounded in bytes, too.
"""

from __future__ import annotations

import asyncio
import math
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

import httptools
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ingest.answers import Answer
from ingest.endpoint import Admitted, Endpoint, Head, segments_of
from ingest.exchange import Exchange
from sms_analytics.limits import Limits, Partial

HEAD_BYTES_MAX = 64 * 1024
FRAMING_BYTES_MAX = 512 * 1024
URL_LENGTH_KEPT_MAX = 512
URLS_KEPT_MAX = 1_024
NEVER = math.inf


def _target(url: bytes) -> tuple[tuple[str, ...], bytes] | None:
    """Return the segments of a webhook's path and its query, None if it is no webhook's."""
    parsed = httptools.parse_url(url)
    path = parsed.path.decode("ascii")
    segments = segments_of(unquote(path) if "%" in path else path)
    return None if segments is None else (segments, parsed.query or b"")


# SMSO calls the same few again and again.
_known_target = lru_cache(URLS_KEPT_MAX)(_target)


class HeadTooLargeError(Exception):
    """A request's head has more than `HEAD_BYTES_MAX`; told to the parser, which ends there."""


class LimitedProtocol(HttpToolsProtocol):
    """One connection. Make the class that uvicorn is given with `limited`."""

    endpoint: Endpoint
    limits: Limits
    waiting: dict[LimitedProtocol, None]
    """Every connection whose client must do something next, the longest waiting first."""
    partial: Partial[LimitedProtocol]

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
        trusting = isinstance(self.app, ProxyHeadersMiddleware)
        self._proxies = self.app.trusted_hosts if trusting else None

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
        if self in self.waiting:
            self._hurry()
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
        self.url, self.headers, self.expect_100_continue = b"", [], False
        self._in_head = True
        self._first_bytes = self._read_bytes
        self._beside_bytes = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, but no trailer: nothing here reads those."""
        if not self._in_head:
            return
        name = name.lower()
        if name == b"expect" and value.lower() == b"100-continue":
            self.expect_100_continue = True
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        """Let the endpoint answer a webhook, and the application any other request."""
        self._in_head = False
        if self._is_head_too_large():
            raise HeadTooLargeError
        if self.parser.should_upgrade():
            return
        self._deadline = NEVER
        head = self._webhook()
        admitted = self.endpoint.admit(head) if head else None
        if admitted is not None:
            self._exchange(admitted)
            return
        self._make_scope()
        super().on_headers_complete()
        if self._is_last:
            self.cycle.keep_alive = False

    def _make_scope(self) -> None:
        """Make what an application is told of its request; a webhook has no need of it."""
        url, headers, continue_expected = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, continue_expected
        self.headers += headers

    def _webhook(self) -> Head | None:
        """Return the head of a request that is for the endpoint, None for another."""
        target = (_known_target if len(self.url) <= URL_LENGTH_KEPT_MAX else _target)(self.url)
        if target is None:
            return None
        segments, query = target
        return Head(self.parser.get_method(), segments, query, self.headers, self._client_address())

    def _client_address(self) -> str:
        """Return who asks: the connection's other end, or who a trusted proxy says it is."""
        address = self.client[0] if self.client else ""
        if self._proxies is None or address not in self._proxies:
            return address
        said = b", ".join(value for name, value in self.headers if name == b"x-forwarded-for")
        client, _ = self._proxies.get_trusted_client_address(said.decode("latin-1"))
        return client or address

    def _exchange(self, admitted: Admitted | Answer) -> None:
        """Answer a webhook, after those that came before it on this connection."""
        keep_alive = self.parser.get_http_version() != "1.0" and self.parser.should_keep_alive()
        exchange = Exchange(self, self.endpoint, admitted, keep_alive and not self._is_last)
        is_its_turn = self._is_at_rest()
        self.cycle = exchange  # type: ignore[assignment]
        if is_its_turn:
            self._begin(exchange)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((exchange, self.app))  # type: ignore[arg-type]

    def _begin(self, exchange: Exchange) -> None:
        if exchange.more_body:
            self._deadline = self.loop.time() + self.limits.body_seconds
        exchange.begin(self.expect_100_continue)

    def _is_head_too_large(self) -> bool:
        """Measure the head, if so much was read at all: one read may bring several times that."""
        if self._first_bytes + self._beside_bytes <= HEAD_BYTES_MAX:
            return False
        lines = (len(b"%b:%b\r\n" % header) for header in self.headers)
        return len(self.url) + sum(lines) > HEAD_BYTES_MAX

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body."""
        self._beside_bytes -= len(body)
        if isinstance(self.cycle, Exchange):
            self.cycle.add(body)
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """End the body, unless it is one that was skipped for an upgrade."""
        if self.parser.should_upgrade():
            return
        if isinstance(self.cycle, Exchange):
            self.cycle.end()
        else:
            super().on_message_complete()
        self.partial.let_go(self)
        if not self._is_at_rest():
            self._deadline = NEVER
            if self._stall_deadline == NEVER:
                self.waiting.pop(self, None)

    def on_response_complete(self) -> None:
        """Wait for the next head, or for the client to take the last answer.

        Uvicorn's own sets a timer after each answer; `_check` has one for a connection's life.
        """
        if self not in self.connections:
            return
        self.server_state.total_requests += 1
        if not self.transport.is_closing():
            self.flow.resume_reading()
            if self.pipeline:
                self.loop.call_soon(self._answer_next)
        if self.cycle.response_complete:
            closing = self._in_head or self.transport.is_closing()
            self._wait(self.limits.head_seconds if closing else self.limits.idle_seconds)
        elif self.cycle.more_body:
            self.waiting[self] = None

    def _answer_next(self) -> None:
        if self.transport.is_closing():
            return
        cycle, app = self.pipeline.pop()
        if isinstance(cycle, Exchange):
            self._begin(cycle)
        else:
            self._start_asgi_task(cycle, app)

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
        if self._is_at_rest():
            self._deadline = min(self._deadline, self.loop.time() + self.limits.head_seconds)

    def _check(self) -> None:
        """End the connection when a deadline has passed; else look again when one may have.

        One timer for a connection's life costs a request nothing. It looks often enough for a
        deadline that has been shortened since.
        """
        limits, now = self.limits, self.loop.time()
        if self._deadline <= now:
            self._give_up_body()
        remaining = min(self._deadline, self._stall_deadline) - now
        if remaining <= 0:
            self.transport.abort()
        else:
            shortest = (limits.head_seconds, limits.body_seconds, limits.stall_seconds)
            self._timer = self.loop.call_later(min(remaining, *shortest), self._check)

    def _give_up_body(self) -> None:
        """Tell a client whose webhook's body does not come; it has a while to read that."""
        if isinstance(self.cycle, Exchange):
            self.cycle.give_up()


def limited(endpoint: Endpoint, limits: Limits) -> type[LimitedProtocol]:
    """Return the protocol of one server: its connections share the room that `limits` give."""
    shared = {"endpoint": endpoint, "limits": limits, "waiting": {}, "partial": Partial()}
    return type("ServerProtocol", (LimitedProtocol,), shared)
