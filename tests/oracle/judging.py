"""What a group of messages or replies amounts to, judged at an instant: the columns of the views.

Pure. A row is a dict by column name.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from analytics.definitions import Definitions
from tests.oracle.counting import percentile, rate, wilson
from tests.oracle.ledger import FINAL, Message, Reply, messages_of, replies_of
from tests.oracle.naming import Name, name_of
from tests.oracle.reading import Log

Row = dict[str, Any]

MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Judged:
    """One log, by one set of definitions, judged at one instant: all messages and replies."""

    log: Log
    definitions: Definitions
    as_of: datetime

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.definitions.time_zone)

    @cached_property
    def window(self) -> timedelta:
        return timedelta(hours=self.definitions.reply_window_hours)

    @cached_property
    def by_id(self) -> dict[str, Message]:
        return messages_of(self.log.receipts)

    @cached_property
    def sent(self) -> list[Message]:
        return list(self.by_id.values())

    @cached_property
    def received(self) -> list[Reply]:
        return replies_of(self.log.answers, self.by_id, self.window)

    @cached_property
    def replied_to(self) -> set[str]:
        """The ids of the messages that somebody replied to within the window."""
        return {
            reply.message.first.message_id
            for reply in self.received
            if reply.message and reply.answers_within(self.window)
        }

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def sent_on(self, message: Message) -> date:
        return self.day(message.first.sent_at)

    def received_on(self, reply: Reply) -> date:
        return self.day(reply.first.received_at)

    def hour(self, message: Message) -> datetime:
        local = message.first.sent_at.astimezone(self.zone)
        return local.replace(minute=0, second=0, microsecond=0).astimezone(UTC)

    def network_of_message(self, message: Message) -> Name:
        return name_of(message.first.mcc, message.first.mnc, self.sent_on(message))

    def network_of_reply(self, reply: Reply) -> Name:
        return name_of(reply.first.mcc, reply.first.mnc, self.received_on(reply))

    def age(self, moment: datetime) -> timedelta:
        return self.as_of - moment

    def state(self, message: Message) -> str:
        young = self.age(message.first.sent_at) < timedelta(hours=self.definitions.horizon_hours)
        return message.final_status or ("pending" if young else "unknown")

    # What a group of messages amounts to.

    def delivery(self, group: Sequence[Message]) -> Row:
        """The columns that all delivery views share."""
        states = [self.state(message) for message in group]
        finals = sum(message.final is not None for message in group)
        delivered = states.count("delivered")
        latencies = [each.latency_seconds for each in group if each.latency_seconds is not None]
        return {
            "messages": len(group),
            **{state: states.count(state) for state in (*FINAL, "pending", "unknown")},
            **with_interval("delivery_rate", delivered, len(group)),
            "success_rate": rate(delivered, finals),
            "receipt_coverage": rate(finals, len(group)),
            **{f"latency_p{each}": percentile(latencies, each) for each in (50, 90, 95, 99)},
            **{f"within_{each}s": self.within(group, each) for each in (5, 10, 30, 60, 300)},
            "latencies": len(latencies),
            "clock_anomalies": sum(message.clock_anomaly for message in group),
            "provisional": "pending" in states,
        }

    def within(self, group: Sequence[Message], seconds: int) -> float | None:
        old = [each for each in group if self.age(each.first.sent_at) >= timedelta(seconds=seconds)]
        quick = [
            each
            for each in old
            if each.latency_seconds is not None and each.latency_seconds <= seconds
        ]
        return rate(len(quick), len(old))

    def replied(self, group: Sequence[Message], replied: str = "replied") -> Row:
        """The columns of the reply rate; `replied` is what the view calls its numerator."""
        eligible = [
            message
            for message in group
            if message.is_delivered and self.age(message.reached_at) > self.window
        ]
        answered = sum(message.first.message_id in self.replied_to for message in eligible)
        whole = len(eligible) if self.received else 0
        interval = with_interval("reply_rate", answered, whole)
        return {"eligible_messages": len(eligible), replied: answered} | interval

    def replies_counted(self, group: Sequence[Reply]) -> Row:
        kinds = [reply.attribution for reply in group]
        seconds = [reply.seconds for reply in group if reply.seconds is not None]
        return {
            "replies": len(group),
            **{kind: kinds.count(kind) for kind in ("explicit", "inferred", "unsolicited")},
            "unknown_reference": sum(reply.unknown_reference for reply in group),
            "opt_outs": sum(self.is_opt_out(reply.first.body) for reply in group),
            "time_to_reply_p50": percentile(seconds, 50),
            "time_to_reply_p90": percentile(seconds, 90),
            "before_delivery": sum(reply.before_delivery for reply in group),
        }

    def people(self, sent: Sequence[Message], received: Sequence[Reply]) -> Row:
        """The columns that count numbers: who was reached, and who of them then wrote."""
        recipients = {message.first.number for message in sent if message.is_delivered}
        repliers = recipients & {reply.first.number for reply in received}
        opted_out = recipients & {
            reply.first.number for reply in received if self.is_opt_out(reply.first.body)
        }
        reached = len(recipients) if self.received else 0
        return {
            "recipients": len(recipients),
            "repliers": len(repliers),
            "opted_out": len(opted_out),
            **with_interval("recipient_reply_rate", len(repliers), reached),
            **with_interval("opt_out_rate", len(opted_out), reached),
        }

    def lags(self, group: Sequence[Message]) -> Row:
        """The columns of receipt lag, which is our clock less SMSO's."""
        lags = [
            (message.final.position[0] - message.delivered_at) // MICROSECOND
            for message in group
            if message.final and message.delivered_at
        ]
        return {
            "receipts": len(lags),
            **{f"receipt_lag_p{each}": _seconds(percentile(lags, each)) for each in (50, 95)},
        }

    def is_opt_out(self, body: str) -> bool:
        return bare(body) in {bare(word) for word in self.definitions.opt_out_words}


def bare(text: str) -> str:
    """Return a text trimmed, case-folded and without diacritics."""
    apart = unicodedata.normalize("NFD", text.strip().casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def grouped(things: Iterable[Any], key: Callable[[Any], Any]) -> list[tuple[Any, list[Any]]]:
    """Return the groups that have one key."""
    groups: defaultdict[Any, list[Any]] = defaultdict(list)
    for each in things:
        groups[key(each)].append(each)
    return list(groups.items())


def network_columns(name: Name) -> Row:
    """Return the columns that tell a network."""
    return {"mcc": name.mcc, "mnc": name.mnc, "network": name.network, "country": name.country}


def is_between(first: date | None, day: date, last: date | None) -> bool:
    """Tell whether a day is one of those from the first to the last; None is no bound."""
    return (first is None or first <= day) and (last is None or day <= last)


def with_interval(name: str, part: int, whole: int) -> Row:
    """Return the columns of a rate and of both ends of its interval."""
    low, high = wilson(part, whole)
    return {name: rate(part, whole), f"{name}_low": low, f"{name}_high": high}


def _seconds(microseconds: float | None) -> float | None:
    return None if microseconds is None else microseconds / 1_000_000
