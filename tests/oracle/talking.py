"""The rows of the views of conversations. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from tests.oracle.counting import percentile
from tests.oracle.judging import Judged, Row, grouped, network_columns, with_interval
from tests.oracle.ledger import SECOND
from tests.oracle.naming import Name, name_of
from tests.oracle.sessions import Conversation, Moment, conversations_of

NETWORK = ("mcc", "mnc", "network", "country")
Talk = tuple[str, Conversation]  # with a number


def talks(judged: Judged) -> list[Talk]:
    """Return all conversations, with the number that each is with."""
    gap = timedelta(hours=judged.definitions.conversation_gap_hours)
    return [
        (number, each)
        for number, moments in grouped(_moments(judged), lambda pair: pair[0])
        for each in conversations_of([moment for _, moment in moments], gap)
    ]


def conversation_rows(judged: Judged) -> list[Row]:
    """All columns but `conversation_id`, which is any unique text."""
    return [
        {
            "number": number,
            **network_columns(_network(judged, each)),
            "campaign": each.first.campaign or None,
            "started_at": each.first.at,
            "started_date": judged.day(each.first.at),
            "ended_at": each.ended_at,
            "started_by": each.first.by,
            "messages": each.count("message"),
            "replies": each.count("reply"),
            "turns": each.turns,
            "duration_seconds": (each.ended_at - each.first.at) // SECOND,
            "first_reply_seconds": each.first_reply_seconds,
            "is_open": judged.as_of <= each.open_until,
            "open_until": each.open_until,
            "continues": each.weeks > 0,
        }
        for number, each in talks(judged)
    ]


def daily_rows(judged: Judged) -> list[Row]:
    """Return the rows of `conversation_daily`."""
    groups = grouped(
        conversation_rows(judged),
        lambda row: (row["started_date"], *(row[name] for name in NETWORK)),
    )
    return [dict(zip(("date", *NETWORK), key, strict=True)) | _daily(rows) for key, rows in groups]


def cell_rows(judged: Judged) -> list[Row]:
    """Return the rows of `conversation_cells`."""
    keys = ("date", *NETWORK, "started_by", "answered", "turns")
    told = [
        row | {"date": row["started_date"], "answered": row["messages"] > 0 and row["replies"] > 0}
        for row in conversation_rows(judged)
    ]
    return [
        dict(zip(keys, key, strict=True)) | _counts(rows)
        for key, rows in grouped(told, lambda row: tuple(row[name] for name in keys))
    ]


def _daily(rows: Sequence[Row]) -> Row:
    ours = [row for row in rows if row["started_by"] == "message"]
    answered = sum(row["replies"] > 0 for row in ours)
    waits = [row["first_reply_seconds"] for row in rows if row["first_reply_seconds"] is not None]
    return _counts(rows) | {
        "started_by_message": len(ours),
        "started_by_reply": len(rows) - len(ours),
        "answered": answered,
        **with_interval("answered_rate", answered, len(ours)),
        "turns": sum(row["turns"] for row in rows),
        "duration_p50": percentile([row["duration_seconds"] for row in rows], 50),
        "first_reply_p50": percentile(waits, 50),
    }


def _counts(rows: Sequence[Row]) -> Row:
    return {
        "conversations": len(rows),
        "messages": sum(row["messages"] for row in rows),
        "replies": sum(row["replies"] for row in rows),
    }


def _network(judged: Judged, each: Conversation) -> Name:
    return name_of(each.first.mcc, each.first.mnc, judged.day(each.first.at))


def _moments(judged: Judged) -> list[tuple[str, Moment]]:
    """Return every message and reply with the number that it was said to or by."""
    said = [(each.first, each.campaign) for each in judged.sent]
    answered = [(each.first, each.first.campaign) for each in judged.received]
    return [
        (
            one.number,
            Moment(one.sent_at, "message", one.message_id, one.mcc, one.mnc, campaign or ""),
        )
        for one, campaign in said
    ] + [
        (one.number, Moment(one.received_at, "reply", "", one.mcc, one.mnc, campaign or ""))
        for one, campaign in answered
    ]
