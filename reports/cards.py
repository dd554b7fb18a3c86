"""The card of a page: a question, a chart, a table, its definition and its SQL. Pure."""

from __future__ import annotations

from dataclasses import dataclass

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


def legend(names: tuple[str, ...] | list[str]) -> tuple[Legend, ...]:
    """Return a legend of colours that are called as what they stand for."""
    return tuple(Legend(name, name) for name in names)
