"""Time to delivery with what still waits: the estimator of Aalen and Johansen. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from tests.oracle.judging import Row
from tests.oracle.ledger import SECOND, Message


def curve(sent: Sequence[Message], as_of: datetime) -> list[Row]:
    """Return a row for each second after sending at which messages ended, or were last watched."""
    ends = Counter(_end(message, as_of) for message in sent)
    at_risk, waiting, delivered_share, other_share = len(sent), 1.0, 0.0, 0.0
    rows = []
    for second in sorted({second for second, _ in ends}):
        delivered, other, still_open = (ends[second, how] for how in ("delivered", "other", "open"))
        delivered_share += waiting * delivered / at_risk
        other_share += waiting * other / at_risk
        waiting *= 1 - (delivered + other) / at_risk
        rows.append(
            {
                "seconds": second,
                "at_risk": at_risk,
                "delivered": delivered,
                "other_finals": other,
                "still_open": still_open,
                "delivered_share": delivered_share,
                "other_share": other_share,
                "waiting_share": waiting,
            }
        )
        at_risk -= delivered + other + still_open
    return rows


def _end(message: Message, as_of: datetime) -> tuple[int, str]:
    """Say after how many seconds a message ended, and how."""
    if message.latency_seconds is not None:
        return message.latency_seconds, "delivered"
    how = "delivered" if message.is_delivered else "other" if message.final else "open"
    at = message.final.position[0] if message.final else as_of
    return max(0, (at - message.first.sent_at) // SECOND), how
