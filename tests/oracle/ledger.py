"""Messages and replies, put together from what the webhooks say. Pure.

Webhooks are told apart by when they came. Whatever a message is asked, the first to say it stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.oracle.reading import Answer, Receipt

FINAL = ("delivered", "undelivered", "expired", "error")
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Message:
    """One logical message: its receipts, in the order in which they came."""

    receipts: list[Receipt]

    @property
    def first(self) -> Receipt:
        return self.receipts[0]

    @property
    def last(self) -> Receipt:
        return self.receipts[-1]

    @property
    def final(self) -> Receipt | None:
        """The first receipt with a final status, which stands."""
        return next((each for each in self.receipts if each.status in FINAL), None)

    @property
    def final_status(self) -> str | None:
        return self.final.status if self.final else None

    @property
    def is_delivered(self) -> bool:
        return self.final_status == "delivered"

    @property
    def delivered_at(self) -> datetime | None:
        return self.final.delivered_at if self.final and self.is_delivered else None

    @property
    def clock_anomaly(self) -> bool:
        return self.delivered_at is not None and self.delivered_at < self.first.sent_at

    @property
    def latency_seconds(self) -> int | None:
        if self.delivered_at is None or self.clock_anomaly:
            return None
        return (self.delivered_at - self.first.sent_at) // SECOND

    @property
    def campaign(self) -> str | None:
        return min((each.campaign for each in self.receipts if each.campaign), default=None)

    @property
    def duplicates(self) -> int:
        return len(self.receipts) - len({each.content for each in self.receipts})

    @property
    def conflicting_final(self) -> bool:
        finals = {each.status for each in self.receipts if each.status in FINAL}
        return len(finals) > 1

    @property
    def out_of_order(self) -> bool:
        return self.final is not None and any(
            each.status not in FINAL and each.position > self.final.position
            for each in self.receipts
        )

    @property
    def reached_at(self) -> datetime:
        """When the phone got it, or when it was sent if nobody says; for delivered messages."""
        return self.delivered_at or self.first.sent_at


@dataclass(frozen=True)
class Reply:
    """One distinct reply: the webhooks that brought it, and the message that it answers."""

    copies: list[Answer]
    attribution: str
    message: Message | None
    unknown_reference: bool

    @property
    def first(self) -> Answer:
        return self.copies[0]

    @property
    def delivered_at(self) -> datetime | None:
        return self.message.delivered_at if self.message else None

    @property
    def before_delivery(self) -> bool:
        return self.delivered_at is not None and self.first.received_at < self.delivered_at

    @property
    def seconds(self) -> int | None:
        """The time to reply."""
        if self.delivered_at is None or self.before_delivery:
            return None
        return (self.first.received_at - self.delivered_at) // SECOND

    def answers_within(self, window: timedelta) -> bool:
        """Tell whether its message was replied to in time: after it was sent, within the window."""
        if self.message is None:
            return False
        sent_at, reached_at = self.message.first.sent_at, self.message.reached_at
        return sent_at <= self.first.received_at <= reached_at + window


def messages_of(receipts: Iterable[Receipt]) -> dict[str, Message]:
    """Put receipts, in the order in which they came, together to messages by their id."""
    by_id: defaultdict[str, list[Receipt]] = defaultdict(list)
    for receipt in receipts:
        by_id[receipt.message_id].append(receipt)
    return {message_id: Message(found) for message_id, found in by_id.items()}


def replies_of(
    answers: Iterable[Answer], messages: dict[str, Message], window: timedelta
) -> list[Reply]:
    """Put answers, in the order in which they came, together to replies, and say what to."""
    distinct: defaultdict[tuple[object, ...], list[Answer]] = defaultdict(list)
    for each in answers:
        distinct[each.number, each.received_at, each.body, each.replied_to].append(each)
    return [_attributed(copies, messages, window) for copies in distinct.values()]


def _attributed(copies: list[Answer], messages: dict[str, Message], window: timedelta) -> Reply:
    answer = copies[0]
    named = messages.get(answer.replied_to or "")
    if named:
        return Reply(copies, "explicit", named, unknown_reference=False)
    before = [
        message
        for message in messages.values()
        if message.first.number == answer.number
        and timedelta(0) <= answer.received_at - message.first.sent_at <= window
    ]
    latest = max(before, key=lambda each: (each.first.sent_at, each.first.message_id), default=None)
    attribution = "inferred" if latest else "unsolicited"
    return Reply(copies, attribution, latest, unknown_reference=answer.replied_to is not None)
