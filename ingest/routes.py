"""The endpoint that SMSO calls: `POST /webhooks/smso[/TOKEN][/CAMPAIGN]`.

204  an event, on disk                     408  the body did not come in time
422  a dead letter, on disk just as well   413  the body is too large
503  not taken: to be sent again after     415  the body is compressed
     `Retry-After` seconds                 403  not from this address
                                           404  no token that holds: as for any unknown path

It stands in front of the application and hands on to it what is no webhook, since an
application's own routing and request objects would cost more than all that is done here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from time import perf_counter_ns

import uuid_utils
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from eventlog.event import DeadLetter, Record, ReplyReceived, StatusReported, Webhook
from ingest import answers
from ingest.answers import BODY_BYTES_MAX, Answer
from ingest.counters import Counters
from ingest.deadline import Deadline
from ingest.decoder import decode
from ingest.gate import AddressRefusedError, Gate, TokenRefusedError
from ingest.journal import JournalError, JournalOverloadedError
from ingest.tags import tags_of
from ingest.writer import JournalWriter

log = logging.getLogger(__name__)

BODY_DEADLINE_SECONDS = 10
CONTENT_TYPE_LENGTH_MAX = 256
PLAIN_ENCODINGS = (b"", b"identity")
ROUTE = ["webhooks", "smso"]
SEGMENTS_MAX = 2
KINDS: dict[type, str] = {
    StatusReported: "status",
    ReplyReceived: "reply",
    DeadLetter: "dead_letter",
}

RawHeaders = dict[bytes, bytes]


class _RefusedError(Exception):
    """The request is answered without having been taken."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


class _GoneError(Exception):
    """The client left before its body was whole: nobody waits for an answer."""


class Endpoint:
    """Takes webhooks and answers them; everything else goes on to `otherwise`."""

    def __init__(
        self,
        journal: JournalWriter,
        clock: Callable[[], datetime],
        otherwise: ASGIApp,
        *,
        body_deadline_seconds: float = BODY_DEADLINE_SECONDS,
        gate: Gate | None = None,
        counters: Counters | None = None,
    ) -> None:
        """Write to `journal`; `clock` gives the time, with its zone.

        `gate` decides who may post; without one, everybody. `counters` count what becomes of it.
        """
        self.otherwise = otherwise
        self._journal = journal
        self._clock = clock
        self._body_deadline = Deadline(body_deadline_seconds)
        self._gate = gate or Gate()
        self._counters = counters or Counters(None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == ScopeType.HTTP:
            segments = [segment for segment in scope["path"].split("/") if segment]
            if segments[:2] == ROUTE and len(segments) <= len(ROUTE) + SEGMENTS_MAX:
                await self._respond(scope, receive, send, segments[2:])
                return
        await self.otherwise(scope, receive, send)

    async def _respond(
        self, scope: HTTPScope, receive: Receive, send: Send, segments: list[str]
    ) -> None:
        try:
            answer = await self._take(scope, receive, segments)
        except TokenRefusedError:
            self._counters.refused("token")
            await self.otherwise(scope, receive, send)
        except _GoneError:
            pass
        else:
            if answer.refusal:
                self._counters.refused(answer.refusal)
            await _send(send, answer)

    async def _take(self, scope: HTTPScope, receive: Receive, segments: list[str]) -> Answer:
        """Take one webhook, answered when it is on disk."""
        began = perf_counter_ns()
        try:
            campaign = self._admit(scope, segments)
            if self._journal.is_full():
                return answers.OVERLOADED  # before its body is read and decoded for nothing
            headers = dict(reversed(list(scope["headers"])))  # of repeated ones the first counts
            raw = await self._body(headers, receive)
            record = self._record(scope, headers, raw, campaign)
            await self._journal.append(record)
        except _RefusedError as refused:
            return refused.answer
        except JournalError as error:
            overloaded = isinstance(error, JournalOverloadedError)
            return answers.OVERLOADED if overloaded else answers.UNAVAILABLE
        except (TokenRefusedError, _GoneError):
            raise
        except Exception:
            # The route as it is here, without the path: that may have a token in it.
            log.exception("request failed", extra={"route": "/" + "/".join(ROUTE)})
            return answers.FAULT
        self._counters.took(KINDS[type(record.outcome)], perf_counter_ns() - began)
        return _answer(record)

    def _admit(self, scope: HTTPScope, segments: list[str]) -> str | None:
        """Return the campaign in the path. Raises `TokenRefusedError` or `_RefusedError`."""
        if scope["method"] != "POST":
            raise _RefusedError(answers.NOT_POSTED)
        client = scope["client"]
        try:
            return self._gate.admit(client[0] if client else "", segments)
        except AddressRefusedError:
            raise _RefusedError(answers.NOT_FROM_THERE) from None

    async def _body(self, headers: RawHeaders, receive: Receive) -> bytes:
        if headers.get(b"content-encoding", b"").lower() not in PLAIN_ENCODINGS:
            raise _RefusedError(answers.COMPRESSED)
        length = headers.get(b"content-length", b"")
        if length.isdigit() and int(length) > BODY_BYTES_MAX:
            raise _RefusedError(answers.TOO_LARGE)
        try:
            return await self._body_deadline.meet(_whole(receive))
        except TimeoutError:
            raise _RefusedError(answers.TOO_SLOW) from None

    def _record(
        self, scope: HTTPScope, headers: RawHeaders, raw: bytes, campaign: str | None
    ) -> Record:
        content_type = headers.get(b"content-type", b"")[:CONTENT_TYPE_LENGTH_MAX]
        webhook = Webhook(
            raw=raw,
            content_type=content_type.decode("latin-1"),
            tags=tags_of(scope["query_string"], campaign),
        )
        return Record(
            event_id=str(uuid_utils.uuid7()),
            source="webhook",
            ingested_at=self._clock(),
            webhook=webhook,
            outcome=decode(webhook),
        )


async def _whole(receive: Receive) -> bytes:
    """Return the body, mostly in one piece. Raises `_RefusedError` or `_GoneError`."""
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise _GoneError
        body = body + message["body"] if body else message["body"]
        if len(body) > BODY_BYTES_MAX:
            raise _RefusedError(answers.TOO_LARGE)
        if not message["more_body"]:
            return body


async def _send(send: Send, answer: Answer) -> None:
    status, headers, body, _ = answer
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _answer(record: Record) -> Answer:
    outcome = record.outcome
    if isinstance(outcome, DeadLetter):
        return answers.dead_letter(record.event_id, outcome.reasons)
    return answers.TAKEN
