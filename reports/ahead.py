"""The queries of each page that take long: they are answered beside what is made meanwhile. Pure.

In the order in which they are needed. What takes a few milliseconds is asked when it is needed.
"""

from __future__ import annotations

from collections.abc import Callable

from reports import behind, best_hour, curve, flows, honesty, last_hour
from reports.conversations import Conversations
from reports.figures import Figures
from reports.heat_map import WEEKDAYS
from reports.nouns import CHANGES, NETWORK, OVERVIEW
from reports.query import Query
from reports.reply_figures import ReplyFigures

Ahead = Callable[[Figures], list[Query]]


def queries(figures: Figures, slug: str) -> list[Query]:
    """Return the queries of a page that take long."""
    return [query for ahead in SLOW[slug] for query in ahead(figures)]


def _answers(figures: Figures) -> list[Query]:
    replies = ReplyFigures(figures)
    people = [replies.people_query(figures.period)] if replies.any_ever else []
    return [replies.times_query, *people]


def _hours(figures: Figures) -> list[Query]:
    return [figures.hours_query]


def _weeks(figures: Figures) -> list[Query]:
    """Where a whole week is shown, by the hour."""
    return _hours(figures) if figures.shown.days >= len(WEEKDAYS) else []


def _campaigns(figures: Figures) -> list[Query]:
    return [] if figures.asked.network else [behind.campaigns(figures)]


def _changes(figures: Figures) -> list[Query]:
    before, of_all = figures.asked.before(), Figures(figures.desk, figures.asked.of(None))
    if before is None:
        return []
    return [behind.changes(of_all, None, before), behind.hour_changes(of_all, None, before)]


def _lag_of_all(figures: Figures) -> list[Query]:
    return _lag(Figures(figures.desk, figures.asked.of(None)))


def _curves(figures: Figures) -> list[Query]:
    return [curve.ends_query(figures)]


def _last_hour(figures: Figures) -> list[Query]:
    goes_on = figures.period.to_date >= figures.about.today
    return [last_hour.ended_query(figures)] if goes_on else []


def _flows(figures: Figures) -> list[Query]:
    return [flows.flows_query(figures)]


def _best_hours(figures: Figures) -> list[Query]:
    return [best_hour.facts_query(figures)] if figures.about.replies else []


def _conversations(figures: Figures) -> list[Query]:
    of, before = Conversations(figures), figures.asked.before()
    earlier = [of.times_query(before)] if before else []
    return [of.times_query(figures.period), *of.open_queries, *earlier]


def _lag(figures: Figures) -> list[Query]:
    return [honesty.lag_query(figures, figures.period)]


def _lags(figures: Figures) -> list[Query]:
    before = figures.asked.before()
    earlier = [honesty.lag_query(figures, before)] if before else []
    by_day = honesty.lag_query(figures, figures.period, by_day=True)
    return [behind.honesty(figures), *_lag(figures), *earlier, by_day]


SLOW: dict[str, tuple[Ahead, ...]] = {
    OVERVIEW: (_answers, _lag),
    CHANGES: (_changes, _lag_of_all),
    "delivery": (_hours, _campaigns, _lag),
    "latency": (_curves, _last_hour, _weeks, _lag),
    "networks": (_flows, _lag),
    NETWORK: (_answers, _hours, _lag),
    "replies": (_best_hours, _answers, _lag),
    "conversations": (_conversations, _lag),
    "data-quality": (_lags,),
}
