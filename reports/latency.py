"""Latency: how long do messages take, and when or where are they slow?"""

from __future__ import annotations

from reports import (
    comparison,
    curve,
    last_hour,
    measures,
    message_cards,
    network_cards,
    notes,
    sentences,
    tiles,
)
from reports.bins import binned
from reports.cards import Card
from reports.figures import CODES, Figures, of_network, within
from reports.heat_map import WEEKDAYS
from reports.links import Links
from reports.page import Page
from reports.reply_figures import ReplyFigures
from reports.sentences import Headline


def page(figures: Figures, links: Links) -> Page:
    """Put the page together."""
    arrivals = curve.lines(figures)
    return Page(
        headline=Headline(_first(figures), _slowest(figures)),
        note=notes.provisional(figures),
        tiles=[
            tiles.median(figures),
            tiles.latency(figures),
            *(tiles.arrived_within(figures, seconds) for seconds in (5, 30, 300)),
        ],
        rows=[
            [message_cards.latency(figures), message_cards.latencies(figures)],
            [curve.card(figures, arrivals), network_cards.latencies(figures)],
            *_last_hour(figures, arrivals),
            *([weekly] if (weekly := _weekly(figures)) else []),
            [network_cards.table(figures, lambda key: links.network(key, figures.asked))],
        ],
        footer=notes.footer(figures, ReplyFigures(figures)),
    )


def _last_hour(figures: Figures, arrivals: list[curve.Line]) -> list[list[Card]]:
    """Return a row with the card of the last hour, where the period goes on."""
    goes_on = figures.period.to_date >= figures.about.today
    return [[last_hour.card(figures, arrivals)]] if goes_on else []


def _first(figures: Figures) -> str:
    row, pair = figures.now.row, figures.comparable
    before = pair[1].row["latency_p95"] if pair else None
    change = tiles.latency_change(pair)
    return sentences.latency(
        row["latency_p50"], row["latency_p95"], before, change, figures.asked.than
    )


def _slowest(figures: Figures) -> str:
    """Name the slowest network, where it clearly is by settled days."""
    if figures.asked.network is not None or figures.settled_period is None:
        return ""
    facts = within(figures.all_facts, figures.settled_period)
    measured = measures.percentiles(facts, CODES).iter_rows(named=True)
    p95 = {(row["mcc"], row["mnc"]): row["latency_p95"] for row in measured}
    found = []
    for row in network_cards.drawn(figures).iter_rows(named=True):
        key = (row["mcc"], row["mnc"])
        if p95.get(key) is not None:
            ours = binned(facts.filter(of_network(key)))
            found.append((row["label"], p95[key], comparison.percentile_interval(ours, 0.95)))
    return sentences.slowest(found, settled_only=figures.is_provisional)


def _weekly(figures: Figures) -> list[Card]:
    return [message_cards.latency_week(figures)] if figures.shown.days >= len(WEEKDAYS) else []
