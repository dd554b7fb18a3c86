"""Delivery: what became of the messages, and which were lost?"""

from __future__ import annotations

import polars as pl

from reports import (
    behind,
    glossary,
    measures,
    message_cards,
    network_cards,
    notes,
    overview,
    rows,
    tables,
    tiles,
    words,
)
from reports.cards import Card
from reports.figures import Figures, dates
from reports.links import Links
from reports.nouns import FINALS
from reports.page import Page
from reports.query import Query
from reports.reply_figures import ReplyFigures
from reports.sentences import Headline
from reports.tables import Cell, Table


def page(figures: Figures, links: Links) -> Page:
    """Put the page together."""
    others = [name for name in FINALS[1:] if name != figures.asked.status][:2]
    first = overview.first_sentence(figures) or "No messages were sent in this period."
    return Page(
        headline=Headline(first, lost(figures)),
        note=notes.provisional(figures),
        tiles=[
            tiles.messages(figures),
            tiles.outcome(figures),
            tiles.coverage(figures),
            *(tiles.outcome(figures, name) for name in others),
        ],
        rows=[
            [message_cards.outcomes(figures), message_cards.outcome_rate(figures)],
            [network_cards.rates(figures), message_cards.volume_week(figures)],
            [network_cards.table(figures, lambda key: links.network(key, figures.asked))],
            *campaigns(figures),
        ],
        footer=notes.footer(figures, ReplyFigures(figures)),
    )


def lost(figures: Figures) -> str:
    """Say what became of the messages that were not delivered, but for those that still wait."""
    row = figures.now.row
    failed = words.listed(
        [
            f"{words.number(row[name])} {name if name != 'error' else 'with an error'}"
            for name in FINALS[1:]
            if row[name]
        ]
    )
    unknown = f"{words.number(row['unknown'])} unknown" if row["unknown"] else ""
    said = "; ".join(part for part in (failed, unknown) if part)
    return f"Not delivered: {said}." if said else ""


def campaigns(figures: Figures) -> list[list[Card]]:
    """Return how the campaigns compare; nothing without one, or while one network is looked at."""
    if figures.asked.network is not None:
        return []
    frame = figures.desk.ask(behind.campaigns(figures))
    if frame.is_empty():
        return []
    return [[_campaigns(figures, behind.campaigns(figures), _with_arrivals(figures, frame))]]


def _with_arrivals(figures: Figures, frame: pl.DataFrame) -> pl.DataFrame:
    """Give the share within 10 s its interval, which the public query has not."""
    found = figures.desk.ask(Query("campaign_arrivals", dates(figures.period)))
    rated = found.with_columns(measures.rate("in_10s", "aged_10s", "within_10s"))
    ends = rated.select("campaign", *rows.rate("within_10s")[1:])
    return frame.join(ends, on="campaign", how="left", nulls_equal=True, maintain_order="left")


def _campaigns(figures: Figures, query: Query, frame: pl.DataFrame) -> Card:
    columns = ("Campaign", "Messages", "Delivery rate", "p50", "p95", "Within 10 s", "Reply rate")
    cells = [
        [
            Cell(words.apart(row["campaign"])),
            Cell(words.number(row["messages"])),
            tables.rate_cell(row, "delivery_rate"),
            Cell(words.seconds(row["latency_p50"])),
            Cell(words.seconds(row["latency_p95"])),
            tables.rate_cell(row, "within_10s"),
            tables.rate_cell(row, "reply_rate"),
        ]
        for row in frame.iter_rows(named=True)
    ]
    return Card(
        slug="campaigns",
        title="Campaigns",
        reading="By the campaign in the webhook's URL, largest first.",
        definition=glossary.campaigns(figures.about),
        query=query,
        view="campaign_performance",
        rows=frame,
        table=Table("Campaigns", columns, cells),
    )
