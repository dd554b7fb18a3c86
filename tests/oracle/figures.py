"""Every public view and table macro, row by row, from messages and replies. Pure.

Each method gives the rows that the view or macro of its name has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from tests.oracle.counting import percentile, rate
from tests.oracle.judging import Judged, Row
from tests.oracle.ledger import SECOND, Message
from tests.oracle.naming import Name, name_of
from tests.oracle.sessions import Moment, conversations_of

MINUTE, HOUR, DAY = 60, 3_600, 86_400
EDGES = (
    *(0, 1, 2, 3, 4, 5, 10, 15, 20, 25, 30, 40, 50),
    *(MINUTE * minutes for minutes in (1, 2, 3, 4, 5, 10, 15, 20, 25, 30, 45)),
    *(HOUR * hours for hours in (1, 6, 12, 18)),
    *(DAY * days for days in (1, 2, 3)),
)
MICROSECOND = timedelta(microseconds=1)


class Figures(Judged):
    """All figures of one log."""

    def delivery_daily(self) -> list[Row]:
        groups = grouped(
            self.sent, lambda each: (self.sent_on(each), self.network_of_message(each))
        )
        return [
            {"date": day, **_network(network)} | self.delivery(group)
            for (day, network), group in groups
        ]

    def delivery_hourly(self) -> list[Row]:
        groups = grouped(
            self.sent,
            lambda each: (self.sent_on(each), self.hour(each), self.network_of_message(each)),
        )
        return [
            {"date": day, "hour": hour, **_network(network)} | self.delivery(group)
            for (day, hour, network), group in groups
        ]

    def delivery_total_daily(self) -> list[Row]:
        return [
            {"date": day} | self.delivery(group) for day, group in grouped(self.sent, self.sent_on)
        ]

    def network_performance(self) -> list[Row]:
        return self.network_performance_between(None, None)

    def campaign_performance(self) -> list[Row]:
        return self.campaign_performance_between(None, None)

    def latency_histogram(self) -> list[Row]:
        timed = [message for message in self.sent if message.latency_seconds is not None]
        groups = grouped(
            timed,
            lambda each: (
                self.sent_on(each),
                self.network_of_message(each),
                bin_of(each.latency_seconds or 0),
            ),
        )
        return [
            {
                "date": day,
                **_network(network),
                "latency_from_seconds": edges[0],
                "latency_to_seconds": edges[1],
                "messages": len(group),
            }
            for (day, network, edges), group in groups
        ]

    def reply_daily(self) -> list[Row]:
        """Days and networks on which neither a reply came nor a message counts are left out."""
        sent = dict(
            grouped(self.sent, lambda each: (self.sent_on(each), self.network_of_message(each)))
        )
        received = dict(
            grouped(
                self.received, lambda each: (self.received_on(each), self.network_of_reply(each))
            )
        )
        rows = [
            {"date": key[0], **_network(key[1])}
            | self.replies_counted(received.get(key, []))
            | self.replied(sent.get(key, []), "replied_messages")
            for key in sent.keys() | received.keys()
        ]
        return [row for row in rows if row["replies"] or row["eligible_messages"]]

    def data_quality(self) -> list[Row]:
        """Days on which nothing was found are left out."""
        counts: defaultdict[tuple[date, str], int] = defaultdict(int)
        for message in self.sent:
            day = self.sent_on(message)
            counts[day, "duplicates"] += message.duplicates
            counts[day, "out_of_order"] += message.out_of_order
            counts[day, "conflicting_finals"] += message.conflicting_final
            counts[day, "clock_anomalies"] += message.clock_anomaly
            counts[day, "unknown_networks"] += not self.network_of_message(message).is_known
        for reply in self.received:
            day = self.received_on(reply)
            counts[day, "duplicates"] += len(reply.copies) - 1
            counts[day, "unknown_references"] += reply.unknown_reference
            counts[day, "replies_before_delivery"] += reply.before_delivery
        for moment in self.log.unreadable:
            counts[self.day(moment), "dead_letters"] += 1
        return [
            {"date": day, "check": check, "count": count}
            for (day, check), count in counts.items()
            if count
        ]

    def messages(self) -> list[Row]:
        return [
            {
                "message_id": message.first.message_id,
                "number": message.first.number,
                **_network(self.network_of_message(message)),
                "campaign": message.campaign,
                "sent_at": message.first.sent_at,
                "sent_date": self.sent_on(message),
                "state": self.state(message),
                "final_status": message.final_status,
                "delivered_at": message.delivered_at,
                "latency_seconds": message.latency_seconds,
                "first_ingested_at": message.first.position[0],
                "final_ingested_at": message.final.position[0] if message.final else None,
                "last_ingested_at": message.last.position[0],
                "status_events": len(message.receipts),
                "conflicting_final": message.conflicting_final,
                "clock_anomaly": message.clock_anomaly,
                "duplicates": message.duplicates,
                "out_of_order": message.out_of_order,
                "last_status": message.last.status,
                "raw_mcc": message.first.mcc,
                "raw_mnc": message.first.mnc,
            }
            for message in self.sent
        ]

    def replies(self) -> list[Row]:
        """All columns but `reply_id`, which is any unique text."""
        return [
            {
                "number": reply.first.number,
                **_network(self.network_of_reply(reply)),
                "body": reply.first.body,
                "received_at": reply.first.received_at,
                "replied_to": reply.first.replied_to,
                "attribution": reply.attribution,
                "message_id": reply.message.first.message_id if reply.message else None,
                "time_to_reply_seconds": reply.seconds,
                "opt_out": self.is_opt_out(reply.first.body),
                "copies": len(reply.copies),
                "received_date": self.received_on(reply),
                "campaign": reply.first.campaign,
                "unknown_reference": reply.unknown_reference,
                "before_delivery": reply.before_delivery,
                "message_sent_at": reply.message.first.sent_at if reply.message else None,
                "message_delivered_at": reply.delivered_at,
                "first_ingested_at": reply.first.position[0],
                "raw_mcc": reply.first.mcc,
                "raw_mnc": reply.first.mnc,
            }
            for reply in self.received
        ]

    def conversations(self) -> list[Row]:
        """All columns but `conversation_id`, which is any unique text."""
        gap = timedelta(hours=self.definitions.conversation_gap_hours)
        return [
            {
                "number": number,
                **_network(name_of(each.first.mcc, each.first.mnc, self.day(each.first.at))),
                "campaign": each.first.campaign or None,
                "started_at": each.first.at,
                "started_date": self.day(each.first.at),
                "ended_at": each.ended_at,
                "started_by": each.first.by,
                "messages": sum(moment.by == "message" for moment in each.moments),
                "replies": sum(moment.by == "reply" for moment in each.moments),
                "turns": each.turns,
                "duration_seconds": (each.ended_at - each.first.at) // SECOND,
                "first_reply_seconds": each.first_reply_seconds,
                "is_open": self.as_of <= each.open_until,
                "open_until": each.open_until,
                "continues": each.weeks > 0,
            }
            for number, moments in grouped(self.moments(), lambda pair: pair[0])
            for each in conversations_of([moment for _, moment in moments], gap)
        ]

    def moments(self) -> list[tuple[str, Moment]]:
        """Return every message and reply with the number that it was said to or by."""
        said = [(each.first, each.campaign) for each in self.sent]
        answered = [(each.first, each.first.campaign) for each in self.received]
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

    # The macros, between two days, both included; None is no bound.

    def sent_between(self, first: date | None, last: date | None) -> list[Message]:
        return [each for each in self.sent if _is_between(first, self.sent_on(each), last)]

    def delivery_between(self, first: date | None, last: date | None) -> list[Row]:
        group = self.sent_between(first, last)
        return [self.delivery(group) | self.replied(group)]

    def network_performance_between(self, first: date | None, last: date | None) -> list[Row]:
        return self._shares(first, last, self.network_of_message, _network)

    def campaign_performance_between(self, first: date | None, last: date | None) -> list[Row]:
        return self._shares(
            first, last, lambda each: each.campaign, lambda campaign: {"campaign": campaign}
        )

    def _shares(
        self,
        first: date | None,
        last: date | None,
        key: Callable[[Message], Any],
        columns: Callable[[Any], Row],
    ) -> list[Row]:
        every = self.sent_between(first, last)
        return [
            columns(name)
            | self.delivery(group)
            | self.replied(group)
            | {"share": rate(len(group), len(every))}
            for name, group in grouped(every, key)
        ]

    def reply_between(self, first: date | None, last: date | None) -> list[Row]:
        sent = self.sent_between(first, last)
        received = [
            each for each in self.received if _is_between(first, self.received_on(each), last)
        ]
        recipients = {message.first.number for message in sent if message.is_delivered}
        repliers = {reply.first.number for reply in received}
        opted_out = {reply.first.number for reply in received if self.is_opt_out(reply.first.body)}
        reached = len(recipients) if self.received else 0
        people = {
            "recipients": len(recipients),
            "repliers": len(repliers),
            "opted_out": len(opted_out),
            "recipient_reply_rate": rate(len(repliers), reached),
            "opt_out_rate": rate(len(opted_out), reached),
        }
        counts = self.replies_counted(received) | self.replied(sent, "replied_messages")
        return [counts | people]

    def receipt_lag_between(self, first: date | None, last: date | None) -> list[Row]:
        lags = [
            (message.final.position[0] - message.delivered_at) // MICROSECOND
            for message in self.sent_between(first, last)
            if message.final and message.delivered_at
        ]
        return [
            {"receipts": len(lags)}
            | {f"receipt_lag_p{each}": _seconds(percentile(lags, each)) for each in (50, 95)}
        ]


def bin_of(seconds: int) -> tuple[int, int | None]:
    """Return the edges of the bin of the histogram that a latency is in; the last is open."""
    low = max(edge for edge in EDGES if edge <= seconds)
    return low, next((edge for edge in EDGES if edge > seconds), None)


def grouped(things: Iterable[Any], key: Callable[[Any], Any]) -> list[tuple[Any, list[Any]]]:
    """Return the groups that have one key."""
    groups: defaultdict[Any, list[Any]] = defaultdict(list)
    for each in things:
        groups[key(each)].append(each)
    return list(groups.items())


def _network(name: Name) -> Row:
    return {"mcc": name.mcc, "mnc": name.mnc, "network": name.network, "country": name.country}


def _is_between(first: date | None, day: date, last: date | None) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)


def _seconds(microseconds: float | None) -> float | None:
    return None if microseconds is None else microseconds / 1_000_000
