"""Every public view and table macro, row by row, from messages and replies. Pure.

Each method gives the rows that the view or macro of its name has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.oracle.changing import changed
from tests.oracle.counting import rate
from tests.oracle.honesty import doubts, honesty
from tests.oracle.hours import reply_hours
from tests.oracle.judging import Judged, Row, grouped, is_between, network_columns
from tests.oracle.ledger import Message
from tests.oracle.moving import change_rows, flow_rows
from tests.oracle.restating import restated
from tests.oracle.talking import cell_rows, conversation_rows, daily_rows
from tests.oracle.waiting import curve

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
            {"date": day, **network_columns(network)} | self.delivery(group)
            for (day, network), group in groups
        ]

    def delivery_hourly(self) -> list[Row]:
        groups = grouped(
            self.sent,
            lambda each: (self.sent_on(each), self.hour(each), self.network_of_message(each)),
        )
        return [
            {"date": day, "hour": hour, **network_columns(network)} | self.delivery(group)
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

    def latency_cells(self) -> list[Row]:
        timed = [message for message in self.sent if message.latency_seconds is not None]
        groups = grouped(
            timed,
            lambda each: (
                self.sent_on(each),
                self.network_of_message(each),
                each.campaign,
                each.latency_seconds,
            ),
        )
        return [
            {
                "date": day,
                **network_columns(network),
                "campaign": campaign,
                "latency_seconds": seconds,
                "messages": len(group),
            }
            for (day, network, campaign, seconds), group in groups
        ]

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
                **network_columns(network),
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
            {"date": key[0], **network_columns(key[1])}
            | self.replies_counted(received.get(key, []))
            | self.replied(sent.get(key, []), "replied_messages")
            for key in sent.keys() | received.keys()
        ]
        return [row for row in rows if row["replies"] or row["eligible_messages"]]

    def recipient_daily(self) -> list[Row]:
        received = dict(
            grouped(
                self.received, lambda each: (self.received_on(each), self.network_of_reply(each))
            )
        )
        groups = grouped(
            self.sent, lambda each: (self.sent_on(each), self.network_of_message(each))
        )
        return [
            {"date": day, **network_columns(network)} | people
            for (day, network), group in groups
            if (people := self.people(group, received.get((day, network), [])))["recipients"]
        ]

    def receipt_lag_daily(self) -> list[Row]:
        groups = grouped(
            self.sent, lambda each: (self.sent_on(each), self.network_of_message(each))
        )
        return [
            {"date": day, **network_columns(network)} | lags
            for (day, network), group in groups
            if (lags := self.lags(group))["receipts"]
        ]

    def receipt_honesty(self) -> list[Row]:
        return honesty(self, self.sent)

    def receipt_doubts(self) -> list[Row]:
        return doubts(self, self.sent)

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
        found = [
            {"date": day, "check": check, "count": count, "seconds": None, "instant": None}
            for (day, check), count in counts.items()
            if count
        ]
        return [*found, *self.receipt_lags(), *self.newest()]

    def receipt_lags(self) -> list[Row]:
        """The rows of data_quality that say how late receipts came."""
        return [
            {
                "date": day,
                "check": "receipt_lag_p95",
                "count": lags["receipts"],
                "seconds": lags["receipt_lag_p95"],
                "instant": None,
            }
            for day, group in grouped(self.sent, self.sent_on)
            if (lags := self.lags(group))["receipts"]
        ]

    def newest(self) -> list[Row]:
        """The row of data_quality that says when the last event came."""
        at = self.log.last_event_at
        if at is None:
            return []
        events = len(self.log.receipts) + len(self.log.answers)
        row = {"date": self.day(at), "check": "last_event_at", "count": events}
        return [row | {"seconds": None, "instant": at}]

    def messages(self) -> list[Row]:
        return [
            {
                "message_id": message.first.message_id,
                "number": message.first.number,
                **network_columns(self.network_of_message(message)),
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
                **network_columns(self.network_of_reply(reply)),
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
        return conversation_rows(self)

    def conversation_daily(self) -> list[Row]:
        return daily_rows(self)

    def conversation_cells(self) -> list[Row]:
        return cell_rows(self)

    def network_changes(self) -> list[Row]:
        return change_rows(self)

    def network_flows(self) -> list[Row]:
        return flow_rows(self, None, None)

    def restatements(self) -> list[Row]:
        return restated(self)

    # The macros, between two days, both included; None is no bound.

    def sent_between(self, first: date | None, last: date | None) -> list[Message]:
        return [each for each in self.sent if is_between(first, self.sent_on(each), last)]

    def delivery_between(self, first: date | None, last: date | None) -> list[Row]:
        group = self.sent_between(first, last)
        return [self.delivery(group) | self.replied(group)]

    def network_performance_between(self, first: date | None, last: date | None) -> list[Row]:
        return self._shares(first, last, self.network_of_message, network_columns)

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
            each for each in self.received if is_between(first, self.received_on(each), last)
        ]
        counts = self.replies_counted(received) | self.replied(sent, "replied_messages")
        return [counts | self.people(sent, received)]

    def receipt_lag_between(self, first: date | None, last: date | None) -> list[Row]:
        return [self.lags(self.sent_between(first, last))]

    def network_flows_between(self, first: date | None, last: date | None) -> list[Row]:
        return flow_rows(self, first, last)

    def delivery_curve_between(self, first: date | None, last: date | None) -> list[Row]:
        groups = grouped(self.sent_between(first, last), self.network_of_message)
        return [
            network_columns(network) | row
            for network, group in groups
            for row in curve(group, self.as_of)
        ]

    def delivery_curve_total_between(self, first: date | None, last: date | None) -> list[Row]:
        return curve(self.sent_between(first, last), self.as_of)

    def change_by_network_between(self, first: date | None, last: date | None) -> list[Row]:
        def code(message: Message) -> tuple[str, str]:
            network = self.network_of_message(message)
            return network.mcc, network.mnc

        def named(message: Message) -> Row:
            return network_columns(self.network_of_message(message))

        return changed(self, first, last, code, named)

    def change_by_hour_between(self, first: date | None, last: date | None) -> list[Row]:
        def hour(message: Message) -> int:
            return message.first.sent_at.astimezone(self.zone).hour

        return changed(self, first, last, hour, lambda each: {"hour_of_day": hour(each)})

    def reply_by_hour_between(self, first: date | None, last: date | None) -> list[Row]:
        groups = grouped(self.sent_between(first, last), self.network_of_message)
        return [
            network_columns(network) | row
            for network, group in groups
            for row in reply_hours(self, group)
        ]

    def reply_by_hour_total_between(self, first: date | None, last: date | None) -> list[Row]:
        return reply_hours(self, self.sent_between(first, last))

    def receipt_honesty_between(self, first: date | None, last: date | None) -> list[Row]:
        return honesty(self, self.sent_between(first, last))

    def receipt_doubts_between(self, first: date | None, last: date | None) -> list[Row]:
        return doubts(self, self.sent_between(first, last))


def bin_of(seconds: int) -> tuple[int, int | None]:
    """Return the edges of the bin of the histogram that a latency is in; the last is open."""
    low = max(edge for edge in EDGES if edge <= seconds)
    return low, next((edge for edge in EDGES if edge > seconds), None)
