"""How SMSO writes a webhook: the same fields in the several spellings that are met. Pure.

Most come as an HTTP library sends them, percent-encoded with `receiver[number]`; some as SMSO's
own curl examples, raw with quotes inside the brackets; some as JSON.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import lru_cache
from random import Random
from urllib.parse import quote_plus

from simulator.population import Person

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

QUOTED_SHARE = 0.05
JSON_SHARE = 0.03

UNDECODABLE = (
    (FORM, b"hello=world"),
    (FORM, b"status=delivered&sent_at=2026-01-01+00%3A00%3A00"),
    (FORM, b"uuid=11111111-2222-4333-8444-555555555555&status=sent&sent_at=yesterday"),
    (JSON, b'{"uuid": '),
    (FORM, b"\xff\xfe\x00"),
)

Body = tuple[str, bytes]

_EPOCH = date(1970, 1, 1)


@lru_cache(maxsize=1024)
def _day(days: int) -> str:
    return (_EPOCH + timedelta(days=days)).isoformat()


def stamp(at: float) -> str:
    """Write an epoch second as SMSO does: UTC, to the second, `2026-11-02 08:15:00`."""
    days, second = divmod(int(at), 86_400)
    minute = second // 60
    return f"{_day(days)} {minute // 60:02}:{minute % 60:02}:{second % 60:02}"


def receipt(
    rng: Random, uuid: str, status: str, sent: float, delivered: float | None, person: Person
) -> Body:
    """Write a delivery receipt: its content type and body."""
    delivered_at = "" if delivered is None else stamp(delivered)
    head = f"uuid={uuid}&status={status}&sent_at={stamp(sent)}&delivered_at={delivered_at}"
    chance = rng.random()
    if chance > QUOTED_SHARE + JSON_SHARE:
        return FORM, (_encoded(head) + _encoded_party("receiver", person)).encode()
    if chance > JSON_SHARE:
        return FORM, (head + _quoted_party("receiver", person)).encode()
    return JSON, _json(head, "receiver", person)


def reply(rng: Random, text: str, replied_to: str, received: float, person: Person) -> Body:
    """Write a reply: its content type and body."""
    tail = f"replied_to={replied_to}&received_at={stamp(received)}"
    chance = rng.random()
    if chance > QUOTED_SHARE + JSON_SHARE:
        form = f"body={quote_plus(text)}&{_encoded(tail)}{_encoded_party('sender', person)}"
        return FORM, form.encode()
    if chance > JSON_SHARE:
        return FORM, f"body={quote_plus(text)}&{tail}{_quoted_party('sender', person)}".encode()
    return JSON, _json(tail, "sender", person, body=text)


def _encoded(form: str) -> str:
    return form.replace(" ", "+").replace(":", "%3A")


def _encoded_party(role: str, person: Person) -> str:
    network = person.network
    return (
        f"&{role}%5Bnumber%5D=%2B{person.number[1:]}"
        f"&{role}%5Bmcc%5D={network.mcc}&{role}%5Bmnc%5D={network.mnc}"
    )


def _quoted_party(role: str, person: Person) -> str:
    network = person.network
    return (
        f"&{role}['number']={person.number}&{role}['mcc']={network.mcc}&{role}['mnc']={network.mnc}"
    )


def _json(form: str, role: str, person: Person, **more: str) -> bytes:
    fields = dict(field.split("=", 1) for field in form.split("&"))
    number, network = person
    party = {"number": number, "mcc": network.mcc, "mnc": network.mnc}
    return json.dumps(more | fields | {role: party}, ensure_ascii=False).encode()
