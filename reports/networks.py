"""Networks: which of them deliver, and how fast?"""

from __future__ import annotations

from reports import flows, network_cards, notes, overview, sentences, tiles, words
from reports.figures import Figures
from reports.links import Links
from reports.page import Page
from reports.reply_figures import ReplyFigures
from reports.sentences import Headline


def page(figures: Figures, links: Links) -> Page:
    """Put the page together."""
    return Page(
        headline=_headline(figures),
        note=notes.provisional(figures),
        tiles=[tiles.messages(figures), tiles.outcome(figures), tiles.latency(figures)],
        rows=[
            [network_cards.rates(figures), network_cards.latencies(figures)],
            [network_cards.table(figures, lambda key: links.network(key, figures.asked))],
            [flows.card(figures)],
        ],
        footer=notes.footer(figures, ReplyFigures(figures)),
    )


def _headline(figures: Figures) -> Headline:
    networks = overview.judged(figures)
    second, alarming = sentences.ranking(networks, settled_only=figures.is_provisional)
    if fallen := sentences.culprit(networks):
        change, than = overview.change_of(figures), figures.asked.than
        second, alarming = sentences.blame(fallen, change, than=than), True
    count = words.counted(figures.networks.height, "network")
    total = int(figures.networks["messages"].sum())
    if not total:
        return Headline("No messages were sent in this period.")
    busiest = figures.labelled.row(0, named=True)
    went = f"{words.counted(total, 'message')} went to"
    if figures.networks.height == 1:
        return Headline(f"{went} {busiest['label']}.", second, alarming)
    share = f"{busiest['label']} had {words.percent(busiest['share'], 0)}"
    return Headline(f"{went} {count}; {share}.", second, alarming)
