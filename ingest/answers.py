"""What the endpoint answers, ready to be sent. Pure.

All but the dead letter's are made once: the words of an answer say nothing of its request.
Problems are RFC 9457 documents.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from eventlog.event import Reason

BODY_BYTES_MAX = 64 * 1024
RETRY_OVERLOADED_SECONDS = 1
RETRY_UNAVAILABLE_SECONDS = 5
PROBLEM = "application/problem+json"

Headers = tuple[tuple[bytes, bytes], ...]


class Answer(NamedTuple):
    """One answer: its status, its headers, its body, and why nothing was taken, if so."""

    status: int
    headers: Headers
    body: bytes
    refusal: str = ""


def problem_content(status: int, title: str, detail: str, **more: Any) -> dict[str, Any]:
    """Return the content of a problem document; `more` are its extension members."""
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}


def _problem(content: dict[str, Any], *headers: tuple[bytes, bytes], refusal: str = "") -> Answer:
    body = msgspec.json.encode(content)
    described = (
        (b"content-type", PROBLEM.encode()),
        (b"content-length", b"%d" % len(body)),
    )
    return Answer(content["status"], (*described, *headers), body, refusal)


def dead_letter(event_id: str, reasons: list[Reason]) -> Answer:
    """Answer a webhook that was stored and not decoded."""
    content = problem_content(
        422,
        "The webhook could not be decoded",
        "It is stored as a dead letter; nothing is lost.",
        instance=f"urn:uuid:{event_id}",
        errors=reasons,
    )
    return _problem(content)


def _not_taken(detail: str, retry_seconds: int, refusal: str) -> Answer:
    content = problem_content(503, "The webhook was not taken", detail)
    return _problem(content, (b"retry-after", b"%d" % retry_seconds), refusal=refusal)


TAKEN = Answer(204, (), b"")
NOT_FROM_THERE = _problem(
    problem_content(403, "Not from this address", "Webhooks are taken from others only."),
    refusal="address",
)
NOT_POSTED = _problem(
    problem_content(405, "Method Not Allowed", "A webhook is posted."),
    (b"allow", b"POST"),
    refusal="method",
)
TOO_SLOW = _problem(
    problem_content(
        408,
        "The body came too slowly",
        "The whole body did not come in time; nothing was taken.",
    ),
    (b"connection", b"close"),
    refusal="too_slow",
)
TOO_LARGE = _problem(
    problem_content(
        413, "The body is too large", f"A webhook has at most {BODY_BYTES_MAX:,} bytes."
    ),
    (b"connection", b"close"),
    refusal="too_large",
)
COMPRESSED = _problem(
    problem_content(
        415,
        "The body is compressed",
        "A webhook's body is taken as it is, without Content-Encoding.",
    ),
    (b"accept-encoding", b"identity"),
    refusal="encoding",
)
FAULT = _problem(
    problem_content(500, "Something went wrong here", "It has been logged."), refusal="fault"
)
OVERLOADED = _not_taken("Too many are waiting.", RETRY_OVERLOADED_SECONDS, "overload")
UNAVAILABLE = _not_taken("It could not be made durable.", RETRY_UNAVAILABLE_SECONDS, "unavailable")
