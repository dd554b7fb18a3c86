"""The public queries that give the figures of a page, shown beside them. Pure.

What a page really asks is wider (one look at the cells serves all of it); a test holds that both
give the same numbers.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from reports.figures import Figures, dates
from reports.period import Period
from reports.query import Query


def steps(figures: Figures) -> Query:
    """Messages over time: by hour for a short period, else by day."""
    if figures.unit == "hour":
        start = datetime.combine(figures.shown.from_date, time(), ZoneInfo(figures.about.time_zone))
        return Query("hours", dates(figures.shown) | {"start": start} | ours(figures))
    return _either("days", figures)


def bins(figures: Figures) -> Query:
    """Delivered messages by latency."""
    return _either("histogram", figures)


def _either(name: str, figures: Figures) -> Query:
    if figures.asked.network is None:
        return Query(name, dates(figures.period))
    return Query(f"{name}_network", dates(figures.period) | ours(figures))


def ours(figures: Figures) -> dict[str, str | None]:
    """Return the network looked at as the parameters of a query; null is all of them."""
    mcc, mnc = figures.asked.network or (None, None)
    return {"mcc": mcc, "mnc": mnc}


def by_network(figures: Figures) -> dict[str, bool]:
    """Tell whether answers are wanted by network, as the parameter of a query."""
    return {"by_network": figures.asked.network is not None}


def networks(figures: Figures) -> Query:
    """Messages by network."""
    return Query("networks", dates(figures.period))


def replies(figures: Figures) -> Query:
    """Replies over time."""
    if figures.unit == "hour":
        start = datetime.combine(figures.shown.from_date, time(), ZoneInfo(figures.about.time_zone))
        stop = datetime.combine(figures.shown.to_date + timedelta(days=1), time(), start.tzinfo)
        return Query("reply_hours", {"start": start, "stop": stop} | ours(figures))
    return _either("reply_days", figures)


def sent_week(figures: Figures) -> Query:
    """Messages by weekday and hour sent."""
    zone = {"time_zone": figures.about.time_zone}
    return Query("sendings", dates(figures.period) | zone | ours(figures))


def reply_week(figures: Figures) -> Query:
    """Replies by weekday and hour received."""
    zone = {"time_zone": figures.about.time_zone}
    return Query("answers", dates(figures.period) | zone | ours(figures))


def reply_networks(figures: Figures) -> Query:
    """Replies by network."""
    return Query("reply_networks", dates(figures.period))


def times_to_reply(figures: Figures) -> Query:
    """Times to reply."""
    return Query("times_to_reply", dates(figures.period) | ours(figures))


def campaigns(figures: Figures) -> Query:
    """Messages by campaign."""
    return Query("campaigns", dates(figures.period))


def quality(figures: Figures) -> Query:
    """Checks of data quality."""
    return Query("quality", dates(figures.period))


def conversations(figures: Figures) -> Query:
    """Conversations by day begun, who began, whether they were answered, and turns."""
    return Query("conversation_facts", dates(figures.period) | ours(figures))


def first_replies(figures: Figures) -> Query:
    """Times to the first reply."""
    return Query("first_replies", dates(figures.period) | ours(figures))


def curve(figures: Figures) -> Query:
    """The share of messages delivered by time since sending."""
    return Query("curve", dates(figures.period) | ours(figures))


def honesty(figures: Figures) -> Query:
    """What speaks against receipts, by network."""
    return Query("honesty", dates(figures.period) | ours(figures))


def lag(figures: Figures) -> Query:
    """How late receipts come, by day sent."""
    return _either("lag_shown", figures)


def changes(figures: Figures, measure: str | None, before: Period) -> Query:
    """What each network did to the change of a measure (or of all) from the days before."""
    return Query("changes", _compared(figures.period, before) | {"measure": measure})


def hour_changes(figures: Figures, measure: str | None, before: Period) -> Query:
    """What each hour of the day did to the change of a measure (or of all)."""
    return Query("hour_changes", _compared(figures.period, before) | {"measure": measure})


def _compared(period: Period, before: Period) -> dict[str, Any]:
    earlier = {"before_from": before.from_date, "before_to": before.to_date}
    return dates(period) | earlier
