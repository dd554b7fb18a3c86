"""One network: does it deliver, how fast, and how does it differ from the others?"""

from __future__ import annotations

from collections.abc import Mapping

from reports import (
    comparison,
    message_cards,
    network_cards,
    notes,
    reply_cards,
    sentences,
    tiles,
    words,
)
from reports.cards import level
from reports.figures import Figures, Totals, of_network, totals
from reports.links import Links
from reports.page import Page
from reports.period import Period
from reports.reply_figures import ReplyFigures
from reports.sentences import Headline


def page(figures: Figures, links: Links) -> Page:
    """Put the page of the network that is looked at together."""
    replies = ReplyFigures(figures)
    return Page(
        headline=_headline(figures),
        note=notes.provisional(figures),
        tiles=tiles.usual(figures, replies),
        rows=[
            [message_cards.outcomes(figures), message_cards.outcome_rate(figures)],
            [message_cards.latency(figures), message_cards.latencies(figures)],
            [network_cards.rates(figures), network_cards.latencies(figures)],
            level(reply_cards.replies(replies), message_cards.volume_week(figures)),
            [network_cards.table(figures, lambda key: links.network(key, figures.asked))],
        ],
        footer=notes.footer(figures, replies),
    )


def name(figures: Figures) -> str:
    """Name the network looked at."""
    rows = figures.labelled.filter(of_network(figures.asked.network))
    if rows.height:
        return str(rows["label"][0])
    return "-".join(figures.asked.network or ("", ""))


def _headline(figures: Figures) -> Headline:
    rate = figures.now.outcome("delivered")
    called = name(figures)
    if rate is None:
        return Headline(f"{called} carried no message in this period.")
    rest = figures.all_facts.filter(~of_network(figures.asked.network))
    others = totals(rest, figures.period, figures.settled_period)
    pair = figures.comparable
    change = comparison.change(pair[0].delivery, pair[1].delivery) if pair else None
    p95, theirs = figures.now.row["latency_p95"], others[figures.period].row["latency_p95"]
    apart = comparison.percentile_change(p95, theirs, figures.now.bins, others[figures.period].bins)
    if apart is None or not apart.clear:
        theirs = None
    waiting, than = figures.now.pending, figures.asked.than
    first = sentences.network(called, rate, waiting, change, than, p95, theirs)
    return Headline(first, *_settled_beside(figures, called, others))


def _settled_beside(
    figures: Figures, called: str, others: Mapping[Period, Totals]
) -> tuple[str, bool]:
    """Compare with the other networks on settled days: who is slow still has receipts to come."""
    period, settled = figures.settled_period, figures.settled
    if period is None or settled is None or settled.delivery is None:
        return "", False
    said, alarming = _beside(called, settled.delivery, others[period].delivery)
    if said and period != figures.period:
        said = f"On settled days, {said[:1].lower()}{said[1:]}"
    return said, alarming


def _beside(called: str, rate: comparison.Rate, others: comparison.Rate | None) -> tuple[str, bool]:
    """Say how it delivers beside the other networks, so far as the intervals allow."""
    if others is None or min(rate.whole, others.whole) < comparison.COUNT_MIN:
        return "", False
    figure = words.percent(others.value)
    if comparison.apart(rate, others):
        far = others.value - rate.value >= sentences.LOW_BY_POINTS
        return f"The other networks delivered more: {figure}.", far
    if comparison.apart(others, rate):
        return f"The other networks delivered less: {figure}.", False
    return f"No clear difference from the other networks, {figure}.", False
