"""The card of a page: a question, a chart, a table, its definition and its SQL. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from reports.query import Query
from reports.tables import Table
from reports.theme import Figure


@dataclass(frozen=True)
class Legend:
    """A colour of the stylesheet and what it stands for."""

    colour: str
    text: str


@dataclass(frozen=True)
class Fact:
    """A figure with its name, for cards that state several."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Card:
    """One card. `summary` says in a sentence what the chart shows; `empty` why there is none.

    With a figure the table folds away behind it; without one it is what the card shows. `rows` are
    what is shown, as they are downloaded; `query` is the public query that gives the same figures,
    and `view` the public view to have in whole.
    """

    slug: str
    title: str
    reading: str
    definition: str
    query: Query
    view: str
    rows: pl.DataFrame
    table: Table | None = None
    figure: Figure | None = None
    summary: str = ""
    empty: str = ""
    legend: tuple[Legend, ...] = ()
    facts: tuple[Fact, ...] = ()

    @property
    def sql(self) -> str:
        return self.query.shown()


FACTS_PIXELS = 95  # what facts and a legend take above a chart, beside a card of the same width


def level(*cards: Card) -> list[Card]:
    """Return a row whose charts end at the same height, where one of them has facts above it."""
    if not any(card.facts for card in cards):
        return list(cards)
    return [card if card.facts else _higher(card) for card in cards]


def _higher(card: Card) -> Card:
    if card.figure is None:
        return card
    layout = card.figure["layout"]
    higher = layout | {"height": layout["height"] + FACTS_PIXELS}
    return replace(card, figure=card.figure | {"layout": higher})


def legend(names: tuple[str, ...] | list[str]) -> tuple[Legend, ...]:
    """Return a legend of colours that are called as what they stand for."""
    return tuple(Legend(name, name) for name in names)
