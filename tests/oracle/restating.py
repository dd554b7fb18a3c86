"""How each day read at the end of later days, told again from what had come by then. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tests.oracle.judging import Judged, Row, grouped, with_interval
from tests.oracle.ledger import Message


def restated(judged: Judged) -> list[Row]:
    """Return a row for each day sent and each day on which a receipt changed how it read."""
    return [
        {"date": day, "read_on": then, "days_later": (then - day).days}
        | _read(judged, group, then)
        | {"latest": then == max(_told(judged, group))}
        for day, group in grouped(judged.sent, judged.sent_on)
        for then in sorted(_told(judged, group))
    ]


def _told(judged: Judged, group: Sequence[Message]) -> set[date]:
    """Return the days on which a message was first heard of, or its end."""
    firsts = {judged.day(message.first.position[0]) for message in group}
    return firsts | {judged.day(message.final.position[0]) for message in group if message.final}


def _read(judged: Judged, group: Sequence[Message], then: date) -> Row:
    """Judge the messages by the receipts that had come when that day ended."""
    known = [each for each in group if judged.day(each.first.position[0]) <= then]
    ended = [each for each in known if each.final and judged.day(each.final.position[0]) <= then]
    delivered = sum(message.is_delivered for message in ended)
    counts = {"messages": len(known), "delivered": delivered, "finals": len(ended)}
    return counts | with_interval("delivery_rate", delivered, len(known))
