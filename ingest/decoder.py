"""From a webhook to an event, or to a dead letter that says why. Pure; never raises.

    raw body ──fields──▶ names and texts ──kind──▶ every field checked ──▶ event
                 └───────────┴──────────────────────────┴──────────────▶ dead letter

SMSO documents its fields by example only, so the decoder is generous with spelling (quotes in the
brackets, days without a zero, a number without its +) and strict with meaning: a field is taken
only if it can be understood in one way. Every field at fault is named, not just the first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any, NamedTuple

from eventlog.event import (
    DeadLetter,
    Event,
    Outcome,
    Reason,
    ReplyReceived,
    StatusReported,
    Webhook,
)
from ingest.fields import Field, UnreadableBodyError, fields

MESSAGE_ID_LENGTH_MAX = 128
STATUS_LENGTH_MAX = 64
DIGITS_MIN, DIGITS_MAX = 7, 15
MCC_LENGTH = 3
MNC_LENGTH_MAX = 3
TIMES_KEPT_MAX = 4_096
TIME_LENGTH_KEPT_MAX = 32
YEAR_MIN = 1970
YEAR_MAX = 2200

_EXPECTED = {
    "message_id": f"1 to {MESSAGE_ID_LENGTH_MAX} printable characters",
    "status": f"a word of 1 to {STATUS_LENGTH_MAX} printable characters",
    "time": f"a UTC time like 2019-05-01 12:30:09, in the years {YEAR_MIN} to {YEAR_MAX}",
    "number": "a phone number in E.164 format, like +40722334455",
    "mcc": "a mobile country code of exactly 3 digits, like 226",
    "mnc": "a mobile network code of 1 to 3 digits, like 03",
}
# An offset's + arrives as a space from clients that do not percent-encode it.
_TIME = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[Tt]|\s+)([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})"
    r"(?:[.,]([0-9]{1,9}))?(?:\s?[Zz]|([ +-])([0-9]{2}):?([0-9]{2}))?"
)


# How SMSO spells it, and how recordings mostly do.
_PLAIN_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{6})?)(?:Z|\+00:00)?"
)


def decode(webhook: Webhook) -> Outcome:
    """Decode one webhook. Any bytes whatever give an event or a dead letter."""
    try:
        form = _Form(fields(webhook.raw, webhook.content_type))
    except UnreadableBodyError as error:
        return DeadLetter(reasons=[Reason("body", str(error))])
    return _event(form) or DeadLetter(reasons=form.reasons)


def message_id(text: str) -> str | None:
    """Read a message's uuid, which SMSO may yet make in another shape."""
    return text if text.isprintable() and 1 <= len(text) <= MESSAGE_ID_LENGTH_MAX else None


def status(text: str) -> str | None:
    """Read a status; one that is not known yet is kept, for a new one must lose no events."""
    word = text.casefold()
    return word if word.isprintable() and 1 <= len(word) <= STATUS_LENGTH_MAX else None


def time(text: str) -> datetime | None:
    """Read an instant: SMSO's own spelling, or ISO 8601; UTC unless it says otherwise."""
    return _known_time(text) if len(text) <= TIME_LENGTH_KEPT_MAX else _time(text)


def _time(text: str) -> datetime | None:
    try:
        plain = _PLAIN_TIME.fullmatch(text)
        instant = datetime.fromisoformat(f"{plain[1]}+00:00") if plain else _odd_time(text)
    except (ValueError, OverflowError):
        return None
    return instant if YEAR_MIN <= instant.year <= YEAR_MAX else None


# Its clock ticks in seconds, so webhooks that come together mostly have the same few times.
_known_time = lru_cache(TIMES_KEPT_MAX)(_time)


def _odd_time(text: str) -> datetime:
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError("no time")
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    fraction, sign, hours, minutes = match.groups()[6:]
    microsecond = int(fraction[:6].ljust(6, "0")) if fraction else 0
    zone = _offset(sign, int(hours), int(minutes)) if hours else UTC
    return datetime(year, month, day, hour, minute, second, microsecond, zone).astimezone(UTC)


def _offset(sign: str, hours: int, minutes: int) -> timezone:
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if sign == "-" else offset)


def number(text: str) -> str | None:
    """Read an E.164 number, with or without its +, which a form turns into a space."""
    digits = text.removeprefix("+")
    right = DIGITS_MIN <= len(digits) <= DIGITS_MAX and digits.isascii() and digits.isdigit()
    return "+" + digits if right and digits[0] != "0" else None


def mcc(text: str) -> str | None:
    """Read a mobile country code."""
    return text if len(text) == MCC_LENGTH and text.isascii() and text.isdigit() else None


def mnc(text: str) -> str | None:
    """Read a mobile network code as it came: 03, 3 and 003 are different things."""
    return text if len(text) <= MNC_LENGTH_MAX and text.isascii() and text.isdigit() else None


class _Reading(NamedTuple):
    """How one field of an event is read: from which field of the form, by what, what it must be."""

    key: str
    name: str
    read: Callable[[str], Any]
    expected: str
    optional: bool = False


class _Form:
    """The fields of one webhook, and what was found wrong with them."""

    def __init__(self, found: list[Field]) -> None:
        self.reasons: list[Reason] = []
        self._texts = dict(found)
        self._contradicted: set[str] = set()
        if len(self._texts) < len(found):
            self._take_first(found)

    def _take_first(self, found: list[Field]) -> None:
        """Keep the first text of each field, and note which have several different ones."""
        self._texts = {}
        for name, text in found:
            known = self._texts.get(name)
            if known is None:
                self._texts[name] = text
            elif text is not None and text != known:
                self._contradicted.add(name)

    def has(self, *names: str) -> bool:
        """Tell whether a field of one of these names came, or one in brackets after it."""
        return not self._texts.keys().isdisjoint(names) or any(
            name.partition("[")[0] in names for name in self._texts
        )

    def refuse(self, name: str, expected: str) -> None:
        self.reasons.append(Reason(name, expected))

    def text(self, name: str) -> str | None:
        """Return the one text of a field, empty if it did not come, None if it is refused."""
        text = self._texts.get(name)
        if name in self._contradicted:
            self.refuse(name, "one value, not several different ones")
            return None
        if text is None and any(other.startswith(f"{name}[") for other in self._texts):
            self.refuse(name, "a text, not an object")
            return None
        return text or ""

    def build(self, kind: type[Event], readings: Iterable[_Reading], **more: Any) -> Event | None:
        """Make the event, unless something was wrong."""
        texts = {} if self._contradicted else self._texts
        for key, name, read, expected, optional in readings:
            text = texts.get(name) or self.text(name)
            if text is None:
                continue
            text = text.strip()
            more[key] = value = None if optional and not text else read(text)
            if value is None and (text or not optional):
                self.refuse(name, expected)
        return None if self.reasons else kind(**more)


def _event(form: _Form) -> Event | None:
    # What only one kind can have decides before what the other may come to have too.
    if form.has("status", "receiver"):
        return _status(form)
    if form.has("sender", "received_at"):
        return _reply(form)
    if form.has("uuid"):
        return _status(form)
    if form.has("body"):
        return _reply(form)
    form.refuse("uuid", "the uuid of a message, if this is its status")
    form.refuse("body", "the text of a message, if this is a reply")
    return None


def _status(form: _Form) -> Event | None:
    return form.build(StatusReported, _STATUS_READINGS)


def _reply(form: _Form) -> Event | None:
    body = form.text("body")
    replied_to = form.text("replied_to") or ""
    return form.build(
        ReplyReceived, _REPLY_READINGS, body=body, replied_to=replied_to.strip() or None
    )


def _party(who: str) -> tuple[_Reading, ...]:
    return (
        _Reading("number", f"{who}[number]", number, _EXPECTED["number"]),
        _Reading("mcc", f"{who}[mcc]", mcc, _EXPECTED["mcc"]),
        _Reading("mnc", f"{who}[mnc]", mnc, _EXPECTED["mnc"]),
    )


_STATUS_READINGS = (
    _Reading("message_id", "uuid", message_id, _EXPECTED["message_id"]),
    _Reading("status", "status", status, _EXPECTED["status"]),
    _Reading("sent_at", "sent_at", time, _EXPECTED["time"]),
    _Reading("delivered_at", "delivered_at", time, _EXPECTED["time"], optional=True),
    *_party("receiver"),
)
_REPLY_READINGS = (
    _Reading("received_at", "received_at", time, _EXPECTED["time"]),
    *_party("sender"),
)
