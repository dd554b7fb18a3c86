"""What each webhook says: a receipt, an answer, or nothing that can be understood. Pure.

Only what SMSO's documentation shows, and none of the decoder's generosity: traffic for the oracle
is spelt the documented way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from tests.oracle.pipeline import Call

Position = tuple[datetime, int]


@dataclass(frozen=True)
class Receipt:
    """A status webhook. `position` orders webhooks by when they came, then by when journaled."""

    position: Position
    campaign: str | None
    message_id: str
    status: str
    sent_at: datetime
    delivered_at: datetime | None
    number: str
    mcc: str
    mnc: str

    @property
    def content(self) -> tuple[object, ...]:
        """Everything that it says: a second webhook that says the same is a redelivery."""
        says = (self.message_id, self.status, self.sent_at, self.delivered_at)
        return (*says, self.number, self.mcc, self.mnc, self.campaign)


@dataclass(frozen=True)
class Answer:
    """A webhook that brings what a person wrote."""

    position: Position
    campaign: str | None
    body: str
    replied_to: str | None
    received_at: datetime
    number: str
    mcc: str
    mnc: str


@dataclass
class Log:
    """All webhooks in the order in which they came."""

    receipts: list[Receipt] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    unreadable: list[datetime] = field(default_factory=list)

    @property
    def last_event_at(self) -> datetime | None:
        """When the last webhook that could be understood came."""
        events: list[Receipt | Answer] = [*self.receipts, *self.answers]
        return max((each.position[0] for each in events), default=None)


def read(calls: Iterable[Call]) -> Log:
    """Read the webhooks, given in the order in which they were journaled."""
    log = Log()
    numbered = sorted(enumerate(calls), key=lambda each: (each[1].ingested_at, each[0]))
    for place, call in numbered:
        _read(log, (call.ingested_at, place), call)
    return log


def _read(log: Log, position: Position, call: Call) -> None:
    form = {name.replace("'", ""): value for name, value in parse_qsl(call.body, True)}
    whose = "receiver" if "uuid" in form else "sender"
    number = "+" + form[f"{whose}[number]"].lstrip(" +")  # curl does not encode the +
    mcc, mnc = form[f"{whose}[mcc]"], form[f"{whose}[mnc]"]
    if len(mcc) != 3:
        log.unreadable.append(call.ingested_at)
        return
    who = {"number": number, "mcc": mcc, "mnc": mnc}
    if whose == "receiver":
        receipt = Receipt(
            position,
            call.campaign,
            message_id=form["uuid"],
            status=form["status"].casefold(),
            sent_at=_moment(form["sent_at"]),
            delivered_at=_moment(form["delivered_at"]) if form.get("delivered_at") else None,
            **who,
        )
        log.receipts.append(receipt)
    else:
        answer = Answer(
            position,
            call.campaign,
            body=form["body"],
            replied_to=form.get("replied_to") or None,
            received_at=_moment(form["received_at"]),
            **who,
        )
        log.answers.append(answer)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
