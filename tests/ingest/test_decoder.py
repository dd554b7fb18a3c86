"""A webhook becomes an event or a dead letter: golden cases, hostile bytes, every spelling."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventlog.event import (
    DeadLetter,
    Outcome,
    Record,
    ReplyReceived,
    StatusReported,
    Webhook,
    decode_record,
    digest,
    encode_record,
)
from ingest.decoder import decode

FORM = "application/x-www-form-urlencoded"
CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "wire" / "webhooks.ndjson").read_text().splitlines()
]
STATUS = {
    "uuid": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
    "status": "delivered",
    "sent_at": "2026-11-02 08:15:00",
    "delivered_at": "2026-11-02 08:15:04",
    "receiver[number]": "+40722334455",
    "receiver[mcc]": "226",
    "receiver[mnc]": "01",
}
REPLY = {
    "body": "Da",
    "received_at": "2026-11-02 08:20:00",
    "sender[number]": "+40722334455",
    "sender[mcc]": "226",
    "sender[mnc]": "01",
}


def form(fields: dict[str, str]) -> Webhook:
    return Webhook(raw=urlencode(fields).encode(), content_type=FORM)


def faults(outcome: Outcome) -> list[str]:
    assert isinstance(outcome, DeadLetter)
    return [reason.field for reason in outcome.reasons]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_webhook_on_the_wire_decodes_as_expected(case: dict[str, Any]) -> None:
    outcome = decode(Webhook(raw=case["body"].encode(), content_type=case["content_type"]))
    if "dead_letter" in case["expect"]:
        assert faults(outcome) == case["expect"]["dead_letter"]
    else:
        assert msgspec.to_builtins(outcome) == case["expect"]


CONTENT_TYPES = st.one_of(
    st.sampled_from(["", FORM, "application/json", "multipart/form-data; boundary=XX", "a/b+json"]),
    st.text(max_size=40),
)
HOSTILE = st.one_of(
    st.binary(max_size=400),
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from([*STATUS, "receiver"]), inner)
        ),
        max_leaves=12,
    ).map(lambda value: json.dumps(value).encode()),
    st.lists(
        st.sampled_from(
            [
                b"--XX",
                b"\r\n",
                b"--",
                b"Content-Disposition: form-data; name=",
                b'"uuid"',
                b"\x00",
                b"Content-Type: x; charset=\x00",
                b"Content-Length: -1",
                b" ",
                b"a",
                b"receiver[",
            ]
        )
    ).map(b"".join),
)


@given(HOSTILE, CONTENT_TYPES)
def test_no_bytes_raise_and_every_outcome_can_be_stored(raw: bytes, content_type: str) -> None:
    webhook = Webhook(raw=raw, content_type=content_type.encode("utf-8", "replace").decode())
    outcome = decode(webhook)
    assert not isinstance(outcome, DeadLetter) or outcome.reasons
    record = Record(
        event_id="", source="webhook", ingested_at=NOON, webhook=webhook, outcome=outcome
    )
    assert decode_record(encode_record(record)) == record


NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
INSTANTS = st.datetimes(
    datetime(1970, 1, 2),
    datetime(2200, 1, 1),
    timezones=st.just(UTC),
).map(lambda instant: instant.replace(microsecond=0))
PARTY = {
    "number": st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True),
    "mcc": st.from_regex(r"[0-9]{3}", fullmatch=True),
    "mnc": st.from_regex(r"[0-9]{1,3}", fullmatch=True),
}
EVENTS = st.one_of(
    st.builds(
        StatusReported,
        message_id=st.uuids().map(str),
        status=st.sampled_from(["sent", "delivered", "undelivered", "expired", "error"]),
        sent_at=INSTANTS,
        delivered_at=st.none() | INSTANTS,
        **PARTY,
    ),
    st.builds(
        ReplyReceived,
        body=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60),
        replied_to=st.none() | st.uuids().map(str),
        received_at=INSTANTS,
        **PARTY,
    ),
)


def spelt(event: StatusReported | ReplyReceived) -> dict[str, str]:
    """Return an event's fields as SMSO spells them."""
    values = msgspec.to_builtins(event, builtin_types=(datetime,))
    kind = values.pop("type")
    who = "receiver" if kind == "status" else "sender"
    party = {f"{who}[{key}]": values.pop(key) for key in ("number", "mcc", "mnc")}
    if kind == "status":
        values["uuid"] = values.pop("message_id")
    texts = {
        k: f"{v:%Y-%m-%d %H:%M:%S}" if isinstance(v, datetime) else v for k, v in values.items()
    }
    return {key: value or "" for key, value in (texts | party).items()}


def nested(fields: dict[str, str]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for name, value in fields.items():
        outer, _, inner = name.rstrip("]").partition("[")
        if inner:
            tree.setdefault(outer, {})[inner] = value
        else:
            tree[outer] = value
    return tree


def multipart(fields: dict[str, str]) -> bytes:
    parts = (
        f'--~XX~\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    return "".join([*parts, "--~XX~--\r\n"]).encode()


def every_spelling(fields: dict[str, str]) -> list[Webhook]:
    quoted = {name.replace("[", "['").replace("]", "']"): value for name, value in fields.items()}
    readable = "&".join(f"{k}={quote(v, safe=' :ășț😀')}" for k, v in quoted.items())
    return [
        form(fields),
        form(quoted),
        Webhook(raw=readable.encode(), content_type=FORM),
        Webhook(raw=urlencode(fields).encode(), content_type=""),
        Webhook(raw=json.dumps(fields).encode(), content_type="application/json"),
        Webhook(raw=json.dumps(nested(quoted | fields)).encode(), content_type="text/plain"),
        Webhook(raw=multipart(fields), content_type="multipart/form-data; boundary=~XX~"),
    ]


@given(EVENTS)
def test_an_event_survives_every_encoding_and_has_one_digest(
    event: StatusReported | ReplyReceived,
) -> None:
    webhooks = every_spelling(spelt(event))
    assert [decode(webhook) for webhook in webhooks] == [event] * len(webhooks)
    assert len({digest(webhook, decode(webhook)) for webhook in webhooks}) == 1


@pytest.mark.parametrize("name", [name for name in STATUS if name != "delivered_at"])
@pytest.mark.parametrize("value", ["", "\x00", "ș" * 200, "-1"])
def test_each_bad_field_of_a_status_is_named_as_on_the_wire(name: str, value: str) -> None:
    outcome = decode(form(STATUS | {name: value}))
    lenient = name in ("uuid", "status") and value == "-1"
    assert lenient or faults(outcome) == [name]


def test_every_bad_field_is_named_not_just_the_first() -> None:
    bad = STATUS | {"sent_at": "now", "receiver[mcc]": "22", "receiver[mnc]": "0001"}
    assert faults(decode(form(bad))) == ["sent_at", "receiver[mcc]", "receiver[mnc]"]


def test_a_field_given_twice_is_a_fault_only_if_the_values_differ() -> None:
    raw = urlencode(STATUS).encode()
    same = Webhook(raw=raw + b"&status=delivered", content_type=FORM)
    other = Webhook(raw=raw + b"&status=sent", content_type=FORM)
    assert isinstance(decode(same), StatusReported)
    assert faults(decode(other)) == ["status"]


def test_a_json_name_given_twice_is_a_fault_too() -> None:
    raw = json.dumps(STATUS)[:-1] + ', "status": "sent"}'
    assert faults(decode(Webhook(raw=raw.encode(), content_type="application/json"))) == ["status"]


def test_a_reply_without_its_body_is_an_empty_reply() -> None:
    outcome = decode(form({name: value for name, value in REPLY.items() if name != "body"}))
    assert isinstance(outcome, ReplyReceived)
    assert outcome.body == ""


def test_a_reply_that_also_names_a_uuid_is_still_a_reply() -> None:
    assert isinstance(decode(form(REPLY | {"uuid": "x"})), ReplyReceived)


def test_a_nested_object_where_a_text_belongs_is_a_fault() -> None:
    raw = json.dumps(REPLY | {"body": {"text": "Da"}}).encode()
    assert faults(decode(Webhook(raw=raw, content_type="application/json"))) == ["body"]


def test_bytes_that_are_not_utf_8_are_read_as_latin_1() -> None:
    raw = urlencode(REPLY | {"body": ""}).encode() + b"&body=caf%E9"
    outcome = decode(Webhook(raw=raw.replace(b"body=&", b""), content_type=FORM))
    assert isinstance(outcome, ReplyReceived)
    assert outcome.body == "café"


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-02T08:15:00Z", "2026-11-02T08:15:00Z"),
        ("2026-11-02T10:15:00+02:00", "2026-11-02T08:15:00Z"),
        ("2026-11-02T10:15:00 02:00", "2026-11-02T08:15:00Z"),
        ("2026-11-02T03:15:00.25-0500", "2026-11-02T08:15:00.250000Z"),
        (" 2026-1-2  8:5:9 ", "2026-01-02T08:05:09Z"),
    ],
)
def test_a_time_may_be_spelt_in_several_ways(text: str, instant: str) -> None:
    outcome = decode(form(STATUS | {"sent_at": text}))
    assert msgspec.to_builtins(outcome)["sent_at"] == instant


@pytest.mark.parametrize(
    "text",
    [
        "1969-12-31 23:59:59",
        "2201-01-01 00:00:00",
        "2026-02-30 00:00:00",
        "2026-11-02",
        "٢٠٢٦-11-02 08:15:00",
        "0001-01-01T00:00:00+23:59",
        "2026-11-02 08:15:00+99:00",
        "1793607300",
        "2026-11-02 24:00:00",
    ],
)
def test_a_time_that_cannot_be_is_a_fault(text: str) -> None:
    assert faults(decode(form(STATUS | {"sent_at": text}))) == ["sent_at"]


@pytest.mark.parametrize(
    "raw",
    [
        b"&".join(b"status=%d" % n for n in range(9000)),
        b"a[" + b" " * 65_000 + b"'b=1",
        b"[" * 65_000,
        b'{"a":' * 13_000,
        b"sent_at=" + b"2" * 65_000,
        b"%" * 65_536,
    ],
)
@pytest.mark.timeout(5)
def test_the_largest_hostile_body_is_decoded_at_once(raw: bytes) -> None:
    assert isinstance(decode(Webhook(raw=raw, content_type=FORM)), DeadLetter)
