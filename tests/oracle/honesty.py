"""What speaks against receipts: replies that prove them wrong, and latencies too good to be true.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from tests.oracle.judging import Judged, Row, grouped, network_columns, with_interval
from tests.oracle.ledger import SECOND, Message, Reply

NOT_DELIVERED = ("undelivered", "expired", "error", "unknown")


def honesty(judged: Judged, sent: Sequence[Message]) -> list[Row]:
    """Return the rows of receipt_honesty for these messages, one a network."""
    overall = judged.replied(sent)["reply_rate"]
    return [
        network_columns(network) | _group(judged, group, overall)
        for network, group in grouped(sent, judged.network_of_message)
    ]


def doubts(judged: Judged, sent: Sequence[Message]) -> list[Row]:
    """Return the rows of receipt_doubts for these messages; all columns but `reply_id`."""
    return [
        {
            "doubt": doubt,
            "date": judged.sent_on(message),
            **network_columns(judged.network_of_message(message)),
            "campaign": message.campaign,
            "message_id": message.first.message_id,
            "number": reply.first.number,
            "sent_at": message.first.sent_at,
            "state": judged.state(message),
            "delivered_at": message.delivered_at,
            "received_at": reply.first.received_at,
            "attribution": reply.attribution,
            "early_seconds": (
                (message.delivered_at - reply.first.received_at) / SECOND
                if message.delivered_at
                else None
            ),
        }
        for message, reply in _answers(judged, sent)
        if (doubt := _doubt(judged, message, reply))
    ]


def _answers(judged: Judged, sent: Sequence[Message]) -> list[tuple[Message, Reply]]:
    """Return every reply to one of these messages, with its message."""
    ids = {message.first.message_id for message in sent}
    return [
        (reply.message, reply)
        for reply in judged.received
        if reply.message and reply.message.first.message_id in ids
    ]


def _doubt(judged: Judged, message: Message, reply: Reply) -> str | None:
    """Say what a reply contradicts, if anything."""
    state = judged.state(message)
    if state in NOT_DELIVERED:
        return state
    return "before_delivery" if reply.before_delivery else None


def _group(judged: Judged, group: Sequence[Message], overall: float | None) -> Row:
    counts = judged.delivery(group)
    replied = judged.replied(group)
    answers = _answers(judged, group)
    found = [(_doubt(judged, *each), *each) for each in answers]
    kinds = [doubt for doubt, _, _ in found]
    not_delivered = sum(counts[state] for state in NOT_DELIVERED)
    proven = {each.first.message_id for doubt, each, _ in found if doubt in NOT_DELIVERED}
    finals = sum(message.final is not None for message in group)
    instant = sum(message.latency_seconds in (0, 1) for message in group)
    eligible = replied["eligible_messages"]
    silent = counts["delivered"] == finals and eligible > 0 and not answers
    chance = (1 - overall) ** eligible if overall is not None and eligible else None
    return {
        "messages": len(group),
        "delivered": counts["delivered"],
        "finals": finals,
        "not_delivered": not_delivered,
        "replies": len(answers),
        **{f"replies_to_{state}": kinds.count(state) for state in NOT_DELIVERED},
        "replies_before_delivery": kinds.count("before_delivery"),
        "doubts": sum(doubt is not None for doubt in kinds),
        "explicit_doubts": sum(
            doubt is not None and reply.attribution == "explicit" for doubt, _, reply in found
        ),
        "not_delivered_replied": len(proven),
        **with_interval("not_delivered_replied_share", len(proven), not_delivered),
        "latencies": counts["latencies"],
        "instant": instant,
        **with_interval("instant_share", instant, counts["latencies"]),
        "eligible_messages": eligible,
        "replied": replied["replied"],
        "all_delivered_no_replies": silent if judged.received else None,
        "no_reply_chance": None if replied["replied"] else chance,
    }
