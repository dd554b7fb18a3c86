"""The overview: what happened in a period, and where should one look?"""

from __future__ import annotations

from datetime import date

from reports import (
    alerts,
    comparison,
    measures,
    message_cards,
    network_cards,
    notes,
    reply_cards,
    sentences,
    tiles,
    words,
)
from reports.cards import Card, level
from reports.comparison import Change
from reports.figures import Figures, of_network, within
from reports.heat_map import WEEKDAYS
from reports.links import Links
from reports.page import Page
from reports.reply_figures import ReplyFigures
from reports.sentences import Headline, NetworkFigures


def page(figures: Figures, links: Links) -> Page:
    """Put the overview together."""
    replies = ReplyFigures(figures)
    return Page(
        headline=headline(figures, replies),
        note=notes.provisional(figures),
        tiles=tiles.usual(figures, replies),
        rows=[
            *alerts.card(figures),
            [message_cards.outcomes(figures), message_cards.latency(figures)],
            [network_cards.rates(figures), message_cards.latencies(figures)],
            _reply_cards(replies),
            [network_cards.table(figures, lambda key: links.network(key, figures.asked))],
        ],
        footer=notes.footer(figures, replies),
    )


def _reply_cards(replies: ReplyFigures) -> list[Card]:
    """Put the week beside the replies where a whole week is shown."""
    if replies.figures.shown.days < len(WEEKDAYS) or not replies.any_now:
        return [reply_cards.replies(replies)]
    return level(reply_cards.replies(replies), reply_cards.weekly(replies))


def headline(figures: Figures, replies: ReplyFigures) -> Headline:
    """Say what happened, and where to look."""
    first = first_sentence(figures)
    if first is None:
        count = words.counted(replies.now["replies"], "reply came", "replies came")
        return Headline(f"No messages were sent in this period; {count} in.")
    second, alarming = _second(figures)
    return Headline(first, second, alarming)


def first_sentence(figures: Figures) -> str | None:
    """Say how many had the outcome looked at; None when nothing was sent."""
    name = figures.asked.status
    rate, pair, settled = figures.now.outcome(name), figures.comparable, figures.settled_period
    if rate is None:
        return None
    change = comparison.change(*(one.outcome(name) for one in pair)) if pair else None
    part = settled if settled != figures.period else None
    return sentences.first_sentence(
        rate, figures.now.pending, change, figures.asked.than, part, name
    )


def _second(figures: Figures) -> tuple[str, bool]:
    """Choose the second sentence: a network that fell, slower delivery, or how networks rank."""
    pair = figures.comparable
    networks = judged(figures)
    if pair and (fallen := sentences.culprit(networks)):
        change = comparison.change(pair[0].delivery, pair[1].delivery)
        return sentences.blame(fallen, change, _bad_days(figures, fallen)), True
    slower = tiles.latency_change(pair)
    if pair and slower and slower.clear and slower.difference > 0:
        now, before = (one.row["latency_p95"] for one in pair)
        return sentences.slower(now, before), True
    return sentences.ranking(networks, settled_only=figures.is_provisional)


def judged(figures: Figures) -> list[NetworkFigures]:
    """Take the settled days of each network that counts; none while nothing is settled.

    Their intervals are as wide as so many comparisons ask, so that none is blamed by chance.
    """
    found = []
    z = comparison.z_of_all(figures.networks.height)
    for row in figures.labelled.iter_rows(named=True):
        now = comparison.rate(row["settled_delivered"], row["settled_messages"], z)
        looked_at = figures.asked.network in (None, (row["mcc"], row["mnc"]))
        if now is not None and looked_at and row["share"] >= network_cards.SHARE_DRAWN_MIN:
            before = comparison.rate(row["delivered_before"], row["messages_before"], z)
            found.append(NetworkFigures(row["label"], now, before if figures.comparable else None))
    return found


def _bad_days(figures: Figures, fallen: NetworkFigures) -> list[date]:
    row = next(row for row in figures.labelled.iter_rows(named=True) if row["label"] == fallen.name)
    facts = within(figures.all_facts, figures.settled_period).filter(
        of_network((row["mcc"], row["mnc"]))
    )
    days = measures.measure(facts, "date").select("date", "messages", "delivered")
    return sentences.bad_days(list(days.iter_rows()), fallen.now)


def change_of(figures: Figures) -> Change | None:
    """Compare the outcome looked at with the days before."""
    name, pair = figures.asked.status, figures.comparable
    return comparison.change(*(one.outcome(name) for one in pair)) if pair else None
