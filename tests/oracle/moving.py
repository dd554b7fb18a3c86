"""Numbers that are seen on another network than before, and how their messages fared. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise

from tests.oracle.judging import Judged, Row, grouped, is_between, with_interval
from tests.oracle.ledger import Message
from tests.oracle.naming import name_of, spelt

DAYS_30 = timedelta(days=30)
Code = tuple[str, str]


@dataclass(frozen=True)
class Stay:
    """A time that a number was seen on one network and no other, from its first moment."""

    since: datetime
    code: Code


@dataclass(frozen=True)
class Change:
    """A number's move from one network to another; `until` is the next move, if any."""

    number: str
    before: Stay
    after: Stay
    until: datetime | None


def changes(judged: Judged) -> list[Change]:
    """Return every change of network, number by number."""
    found = []
    for number, seen in grouped(_seen(judged), lambda each: each[0]):
        stays = _stays([(at, code) for _, at, _, _, code in sorted(seen)])
        untils = [stay.since for stay in stays[2:]] + [None]
        for (before, after), until in zip(pairwise(stays), untils, strict=False):
            found.append(Change(number, before, after, until))
    return found


def _seen(judged: Judged) -> list[tuple[str, datetime, str, str, Code]]:
    """Return where every number was seen; what sorts last at one instant counts."""
    messages = [
        (one.number, one.sent_at, "message", one.message_id, (one.mcc, spelt(one.mcc, one.mnc)))
        for one in (message.first for message in judged.sent)
    ]
    replies = [
        (one.number, one.received_at, "reply", "", (one.mcc, spelt(one.mcc, one.mnc)))
        for one in (reply.first for reply in judged.received)
    ]
    return [*messages, *replies]


def _stays(seen: Sequence[tuple[datetime, Code]]) -> list[Stay]:
    last_of_instant = list(dict(seen).items())
    return [
        Stay(next(run)[0], code) for code, run in groupby(last_of_instant, key=lambda each: each[1])
    ]


def change_rows(judged: Judged) -> list[Row]:
    """Return the rows of network_changes."""
    return [
        {"date": judged.day(each.after.since), "number": each.number}
        | _names(judged, each)
        | {"seen_at": each.after.since, "seen_before_since": each.before.since}
        for each in changes(judged)
    ]


def flow_rows(judged: Judged, first: date | None, last: date | None) -> list[Row]:
    """Return the rows of network_flows for the changes of these days."""
    moved = [
        each for each in changes(judged) if is_between(first, judged.day(each.after.since), last)
    ]
    return [
        dict(names) | _flow(judged, group)
        for names, group in grouped(moved, lambda each: tuple(_names(judged, each).items()))
    ]


def _names(judged: Judged, change: Change) -> Row:
    day = judged.day(change.after.since)
    return {
        f"{side}_{column}": text
        for side, stay in (("from", change.before), ("to", change.after))
        for column, text in (
            ("mcc", stay.code[0]),
            ("mnc", stay.code[1]),
            ("network", name_of(*stay.code, day).network),
        )
    }


def _flow(judged: Judged, group: Sequence[Change]) -> Row:
    before = [
        message
        for each in group
        for message in judged.sent
        if message.first.number == each.number
        and each.before.since <= message.first.sent_at < each.after.since
        and each.after.since - message.first.sent_at <= DAYS_30
    ]
    after = [
        message
        for each in group
        for message in judged.sent
        if message.first.number == each.number
        and each.after.since <= message.first.sent_at
        and (each.until is None or message.first.sent_at < each.until)
        and message.first.sent_at - each.after.since <= DAYS_30
    ]
    return {
        "changes": len(group),
        "numbers": len({each.number for each in group}),
        **_arrived("before", before),
        **_arrived("after", after),
    }


def _arrived(when: str, sent: Sequence[Message]) -> Row:
    delivered = sum(message.is_delivered for message in sent)
    return {
        f"messages_{when}": len(sent),
        f"delivered_{when}": delivered,
        f"open_{when}": sum(message.final is None for message in sent),
        **with_interval(f"delivery_rate_{when}", delivered, len(sent)),
    }
