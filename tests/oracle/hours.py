"""How messages are answered, by the hour of the day at which they were sent. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from tests.oracle.counting import median_interval, percentile
from tests.oracle.judging import Judged, Row, grouped
from tests.oracle.ledger import Message

HOUR = timedelta(hours=1)


def reply_hours(judged: Judged, sent: Sequence[Message]) -> list[Row]:
    """Return a row for each hour of the day that has a message old enough to be judged."""
    first = _first_seconds(judged)
    rows = []
    for hour, group in grouped(sent, lambda each: _local_hour(judged, each)):
        seconds = [
            first[each.first.message_id]
            for each in group
            if each.first.message_id in first
            and judged.age(judged.hour(each)) >= judged.window + HOUR
        ]
        times = {f"time_to_reply_p{each}": percentile(seconds, each) for each in (50, 90)}
        low, high = median_interval(seconds)
        times |= {"time_to_reply_p50_low": low, "time_to_reply_p50_high": high}
        row = {"hour_of_day": hour, **judged.replied(group), "answers": len(seconds), **times}
        if row["eligible_messages"]:
            rows.append(row)
    return rows


def _local_hour(judged: Judged, message: Message) -> int:
    return message.first.sent_at.astimezone(judged.zone).hour


def _first_seconds(judged: Judged) -> dict[str, int]:
    """Return, of delivered messages answered in time, the seconds of the first known answer."""
    answers = [
        (reply.message.first.message_id, reply.seconds)
        for reply in judged.received
        if reply.message and reply.message.is_delivered and reply.answers_within(judged.window)
    ]
    return {
        message_id: min(seconds for _, seconds in group if seconds is not None)
        for message_id, group in grouped(answers, lambda each: each[0])
        if any(seconds is not None for _, seconds in group)
    }
