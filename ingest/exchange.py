"""One webhook on its connection: from its head to its answer, without an ASGI application.

    begin ── head refused ──▶ answer
      └─▶ add … add … end ──▶ endpoint ──▶ answer
           └── too large, or give_up ──▶ answer

It stands where uvicorn's protocol has its own cycle of request and response. That one makes a task,
an event and several dictionaries for each request and hands body and answer on in messages: more
than all that is done with a webhook here.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from ingest import answers
from ingest.answers import BODY_BYTES_MAX, Answer
from ingest.endpoint import Admitted, Endpoint

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
CLOSE = (b"connection", b"close")


class Exchange:
    """A webhook and its answer.

    Uvicorn's protocol reads and sets `more_body`, `disconnected`, `response_complete`,
    `keep_alive` and `message_event`, as it does with its own.
    """

    def __init__(
        self,
        protocol: HttpToolsProtocol,
        endpoint: Endpoint,
        admitted: Admitted | Answer,
        keep_alive: bool,
    ) -> None:
        """Take the place of a cycle; `admitted` is what `endpoint` says of the head."""
        self.more_body = True
        self.disconnected = False
        self.response_complete = False
        self.keep_alive = keep_alive
        self._protocol = protocol
        self._endpoint = endpoint
        self._admitted = admitted
        self._body = bytearray()
        self._wants_body = isinstance(admitted, Admitted)
        self._has_begun = False
        self._late: asyncio.Task[None] | None = None

    @property
    def message_event(self) -> Exchange:
        return self

    def set(self) -> None:
        """Learn that the client has gone: what is whole is taken all the same."""

    def begin(self, continue_expected: bool) -> None:
        """Begin, now that it is its turn on the connection; the body may have come."""
        self._has_begun = True
        if isinstance(self._admitted, Answer):
            self._answer(self._admitted)
            return
        if continue_expected and self.more_body and not self._body:
            self._protocol.transport.write(CONTINUE)
        self._look()

    def add(self, piece: bytes) -> None:
        """Take a piece of the body."""
        if self._wants_body:
            self._body += piece
            self._look()

    def end(self) -> None:
        """Learn that the body is whole."""
        self.more_body = False
        self._look()

    def give_up(self) -> None:
        """Refuse the webhook if its body is still waited for: it does not come."""
        if self._wants_body and self._has_begun:
            self._refuse(answers.TOO_SLOW)

    def _look(self) -> None:
        """Take the webhook if it is whole and its turn, refuse it if it is too large."""
        if not (self._wants_body and self._has_begun):
            return
        if len(self._body) > BODY_BYTES_MAX:
            self._refuse(answers.TOO_LARGE)
        elif not self.more_body:
            self._take()

    def _take(self) -> None:
        assert isinstance(self._admitted, Admitted)
        self._wants_body = False
        self._endpoint.take(self._admitted, bytes(self._body), self._answer)

    def _refuse(self, answer: Answer) -> None:
        self._wants_body = False
        self._answer(self._endpoint.refuse(answer))

    def _answer(self, answer: Answer) -> None:
        if self._protocol.flow.write_paused:
            self._late = self._protocol.loop.create_task(self._answer_when_read(answer))
        else:
            self._write(answer)

    async def _answer_when_read(self, answer: Answer) -> None:
        """Answer a client that has not read the answers before this one."""
        await self._protocol.flow.drain()
        self._write(answer)

    def _write(self, answer: Answer) -> None:
        transport = self._protocol.transport
        self.response_complete = True
        self.keep_alive = self.keep_alive and CLOSE not in answer.headers
        if not transport.is_closing():
            transport.write(self._encoded(answer))
            if not self.keep_alive:
                transport.close()
        self._protocol.on_response_complete()

    def _encoded(self, answer: Answer) -> bytes:
        pieces = [STATUS_LINE[answer.status]]
        for name, value in self._protocol.server_state.default_headers:
            pieces += (name, b": ", value, b"\r\n")
        for name, value in answer.headers:
            pieces += (name, b": ", value, b"\r\n")
        if not self.keep_alive and CLOSE not in answer.headers:
            pieces.append(b"connection: close\r\n")
        return b"".join([*pieces, b"\r\n", answer.body])
