"""What the server answers, as an OpenAPI document for tools. Pure.

Written by hand: the endpoint stands in front of the web framework, which knows nothing of it.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from ingest.answers import BODY_BYTES_MAX, PROBLEM
from ingest.decoder import (
    DIGITS_MAX,
    DIGITS_MIN,
    MCC_LENGTH,
    MESSAGE_ID_LENGTH_MAX,
    MNC_LENGTH_MAX,
)

FORM = "application/x-www-form-urlencoded"
_WEBHOOK_ANSWERS = {
    "204": "An event, on disk.",
    "403": "The client's address is not one of those that may post.",
    "404": "No token that holds.",
    "405": "Not a POST.",
    "408": "The body did not come in time.",
    "413": f"The body has more than {BODY_BYTES_MAX:,} bytes.",
    "415": "The body is compressed.",
    "422": "A dead letter, on disk; every bad field is named.",
    "500": "A fault of ours; nothing was stored.",
    "503": "Not taken: to be sent again after `Retry-After` seconds.",
}
_TEXT = {"type": "string"}
_UUID = {"type": "string", "minLength": 1, "maxLength": MESSAGE_ID_LENGTH_MAX}
_TIME = {
    "type": "string",
    "format": "date-time",
    "description": "ISO 8601; also with a space and without a zone, as SMSO has it: UTC then.",
}
_NUMBER = {"type": "string", "pattern": f"^\\+?[1-9][0-9]{{{DIGITS_MIN - 1},{DIGITS_MAX - 1}}}$"}
_MCC = {"type": "string", "pattern": f"^[0-9]{{{MCC_LENGTH}}}$"}
_MNC = {"type": "string", "pattern": f"^[0-9]{{1,{MNC_LENGTH_MAX}}}$"}
_PARTY = {
    "type": "object",
    "required": ["number", "mcc", "mnc"],
    "properties": {"number": _NUMBER, "mcc": _MCC, "mnc": _MNC},
}
_STATUS = {
    "type": "object",
    "required": ["uuid", "status", "sent_at", "receiver"],
    "properties": {
        "uuid": _UUID,
        "status": {"type": "string", "examples": ["sent", "delivered", "expired", "undelivered"]},
        "sent_at": _TIME,
        "delivered_at": _TIME,
        "receiver": _PARTY,
    },
}
_REPLY = {
    "type": "object",
    "required": ["received_at", "sender"],
    "properties": {"body": _TEXT, "replied_to": _TEXT, "received_at": _TIME, "sender": _PARTY},
}
_PARTIES = ("receiver", "sender")
_IN_BRACKETS = {"style": "deepObject", "explode": True}
_PROBLEM = {
    "type": "object",
    "required": ["title", "status", "detail"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "instance": _TEXT,
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "expected"],
                "properties": {"field": _TEXT, "expected": _TEXT},
            },
        },
    },
}


def document() -> dict[str, Any]:
    """Return the document."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "sms-analytics", "version": version("sms-analytics")},
        "paths": {
            "/webhooks/smso": {"post": _webhook()},
            "/webhooks/smso/{token}": {"post": _webhook("token")},
            "/webhooks/smso/{token}/{campaign}": {"post": _webhook("token", "campaign")},
            "/sign-in": {"get": _sign_in_page(), "post": _sign_in()},
            "/sign-out": {"get": _sign_out_address(), "post": _sign_out()},
            "/healthz": {"get": _read("The process answers.", "text/plain")},
            "/readyz": {
                "get": _read("Webhooks are taken, and sealed, and have room.")
                | {"responses": _ready()}
            },
        },
        "components": {
            "schemas": {"StatusReported": _STATUS, "ReplyReceived": _REPLY, "Problem": _PROBLEM}
        },
    }


def _webhook(*segments: str) -> dict[str, Any]:
    either = {"anyOf": [_named("StatusReported"), _named("ReplyReceived")]}
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": _TEXT} for name in segments
    ]
    campaign = {"name": "campaign", "in": "query", "schema": _TEXT}
    return {
        "summary": "Take one delivery receipt or reply",
        "parameters": parameters if "campaign" in segments else [*parameters, campaign],
        "requestBody": {
            "content": {
                FORM: {"schema": either, "encoding": dict.fromkeys(_PARTIES, _IN_BRACKETS)},
                "multipart/form-data": {"schema": either},
                "application/json": {"schema": either},
            }
        },
        "responses": {
            status: _answer(means, None if status == "204" else PROBLEM)
            for status, means in _WEBHOOK_ANSWERS.items()
        },
    }


def _read(means: str, media_type: str = "application/json") -> dict[str, Any]:
    return {"summary": means, "responses": {"200": {"description": means, **_any(media_type)}}}


def _sign_in_page() -> dict[str, Any]:
    told = {"200": "The form.", "303": "Signed in already, or the site is open: where to go."}
    return {"summary": "Ask for the viewer's password", "responses": _told(told)}


def _sign_in() -> dict[str, Any]:
    form = {"password": _TEXT, "next": _TEXT}
    schema = {"type": "object", "required": ["password"], "properties": form}
    told = {
        "303": "Signed in: a session cookie, and where to go.",
        "403": "Not the password, or a form of another site.",
        "404": "No password is set: the site is open to all.",
        "408": "The form did not come in time.",
        "413": "The form is too long.",
        "429": "Too many attempts: to be tried again after `Retry-After` seconds.",
        "503": "The password cannot be checked now.",
    }
    return {
        "summary": "Sign a viewer in",
        "requestBody": {"content": {FORM: {"schema": schema}}},
        "responses": _told(told),
    }


def _sign_out() -> dict[str, Any]:
    told = {"303": "Signed out: the session has ended.", "403": "A form of another site."}
    return {"summary": "End the session", "responses": _told(told)}


def _sign_out_address() -> dict[str, Any]:
    told = {"303": "Nobody is signed out by a link: to the site's first page."}
    return {"summary": "Lead back to the site", "responses": _told(told)}


def _told(answers: dict[str, str]) -> dict[str, Any]:
    return {status: {"description": means} for status, means in answers.items()}


def _ready() -> dict[str, Any]:
    means = {"200": "Ready.", "503": "Not ready: what is not is named."}
    return {
        status: {"description": told, **_any("application/json")} for status, told in means.items()
    }


def _answer(means: str, media_type: str | None) -> dict[str, Any]:
    if media_type is None:
        return {"description": means}
    return {"description": means, "content": {media_type: {"schema": _named("Problem")}}}


def _any(media_type: str) -> dict[str, Any]:
    return {"content": {media_type: {"schema": {}}}}


def _named(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
