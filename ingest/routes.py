"""The endpoint that SMSO calls: `POST /webhooks/smso[/TOKEN][/CAMPAIGN]`.

204  an event, on disk                     408  the body did not come in time
422  a dead letter, on disk just as well   413  the body is too large
503  not taken: to be sent again after     415  the body is compressed
     `Retry-After` seconds                 403  not from this address
                                           404  no token that holds: as for any unknown path
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
import uuid_utils
from litestar import Request, Response, Router, post
from litestar.exceptions import HTTPException, InternalServerException, NotFoundException
from litestar.response.base import ASGIResponse
from litestar.status_codes import HTTP_413_REQUEST_ENTITY_TOO_LARGE

from eventlog.event import DeadLetter, Record, Webhook
from ingest.decoder import decode
from ingest.gate import AddressRefusedError, Gate, TokenRefusedError
from ingest.journal import JournalError, JournalOverloadedError
from ingest.tags import tags_of
from ingest.writer import JournalWriter

BODY_BYTES_MAX = 64 * 1024
BODY_DEADLINE_SECONDS = 10
CONTENT_TYPE_LENGTH_MAX = 256
RETRY_OVERLOADED_SECONDS = 1
RETRY_UNAVAILABLE_SECONDS = 5

PROBLEM = "application/problem+json"
PLAIN_ENCODINGS = ("", "identity")

AnyRequest = Request[Any, Any, Any]

_TAKEN = ASGIResponse(status_code=204)


def webhook_routes(
    journal: JournalWriter,
    clock: Callable[[], datetime],
    body_deadline_seconds: float = BODY_DEADLINE_SECONDS,
    gate: Gate | None = None,
) -> Router:
    """Return the endpoint, writing to `journal`; `clock` gives the time, with its zone.

    `gate` decides who may post; without one, everybody.
    """
    gate = gate or Gate()

    @post(["/smso", "/smso/{first:str}", "/smso/{first:str}/{second:str}"], status_code=200)
    async def smso(request: AnyRequest) -> ASGIResponse:
        """Take one webhook, answered when it is on disk."""
        campaign = _admit(gate, request)
        if _header(request, b"content-encoding").lower() not in PLAIN_ENCODINGS:
            return _compressed()
        async with asyncio.timeout(body_deadline_seconds):
            raw = await request.body()
        record = _record(request, raw, campaign, clock())
        await journal.append(record)
        return _answer(record)

    return Router(
        "/webhooks",
        route_handlers=[smso],
        request_max_body_size=BODY_BYTES_MAX,
        exception_handlers={
            AddressRefusedError: _not_from_there,
            JournalError: _not_taken,
            TimeoutError: _too_slow,
            HTTP_413_REQUEST_ENTITY_TOO_LARGE: _too_large,
            InternalServerException: _gone,
        },
    )


def _admit(gate: Gate, request: AnyRequest) -> str | None:
    """Return the campaign in the path. Raises as an unknown path does without a token."""
    client = request.scope["client"]
    try:
        return gate.admit(client[0] if client else "", tuple(request.path_params.values()))
    except TokenRefusedError:
        raise NotFoundException from None


def _record(request: AnyRequest, raw: bytes, campaign: str | None, now: datetime) -> Record:
    webhook = Webhook(
        raw=raw,
        content_type=_header(request, b"content-type")[:CONTENT_TYPE_LENGTH_MAX],
        tags=tags_of(request.scope["query_string"], campaign),
    )
    return Record(
        event_id=str(uuid_utils.uuid7()),
        source="webhook",
        ingested_at=now,
        webhook=webhook,
        outcome=decode(webhook),
    )


def _header(request: AnyRequest, wanted: bytes) -> str:
    # The header's bytes as they are: making them all into an object costs more than decoding.
    values = (value for name, value in request.scope["headers"] if name == wanted)
    return next(values, b"").decode("latin-1")


def _answer(record: Record) -> ASGIResponse:
    if not isinstance(record.outcome, DeadLetter):
        return _TAKEN
    content = _problem_content(
        422,
        "The webhook could not be decoded",
        "It is stored as a dead letter; nothing is lost.",
        instance=f"urn:uuid:{record.event_id}",
        errors=record.outcome.reasons,
    )
    return ASGIResponse(body=msgspec.json.encode(content), status_code=422, media_type=PROBLEM)


def _problem_content(status: int, title: str, detail: str, **more: Any) -> dict[str, Any]:
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}


def problem(status: int, title: str, detail: str, headers: dict[str, str]) -> Response[Any]:
    """Return an RFC 9457 problem document."""
    content = _problem_content(status, title, detail)
    return Response(content, status_code=status, media_type=PROBLEM, headers=headers)


def _compressed() -> ASGIResponse:
    detail = "A webhook's body is taken as it is, without Content-Encoding."
    content = _problem_content(415, "The body is compressed", detail)
    headers = {"accept-encoding": "identity"}
    body = msgspec.json.encode(content)
    return ASGIResponse(body=body, status_code=415, media_type=PROBLEM, headers=headers)


def _not_from_there(_request: AnyRequest, _error: AddressRefusedError) -> Response[Any]:
    return problem(403, "Not from this address", "Webhooks are taken from others only.", {})


def _not_taken(_request: AnyRequest, error: JournalError) -> Response[Any]:
    overloaded = isinstance(error, JournalOverloadedError)
    seconds = RETRY_OVERLOADED_SECONDS if overloaded else RETRY_UNAVAILABLE_SECONDS
    return problem(
        503,
        "The webhook was not taken",
        "Too many are waiting." if overloaded else "It could not be made durable.",
        headers={"retry-after": str(seconds)},
    )


def _too_large(_request: AnyRequest, _error: HTTPException) -> Response[Any]:
    detail = f"A webhook has at most {BODY_BYTES_MAX:,} bytes."
    return problem(413, "The body is too large", detail, headers={"connection": "close"})


def _too_slow(_request: AnyRequest, _error: TimeoutError) -> Response[Any]:
    detail = "The whole body did not come in time; nothing was taken."
    return problem(408, "The body came too slowly", detail, headers={"connection": "close"})


def _gone(_request: AnyRequest, _error: HTTPException) -> Response[Any]:
    # Nobody will read this: the client left before its body was whole.
    return problem(400, "The body is not whole", "The connection ended within the body.", {})
