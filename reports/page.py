"""A page as data: a sentence, tiles, and rows of cards. Pure.

    module of a page ──▶ Page ──▶ render ──▶ HTML

`PAGES` has every page by the noun that names it: its module makes a Page of the figures.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from reports.cards import Card, Fact
from reports.sentences import Headline
from reports.tiles import Tile


@dataclass(frozen=True)
class Page:
    """What a page shows of a period.

    `note` says what is provisional. Each of `rows` is one card over the full width, or two beside
    each other. `footer` has the checks of data quality, so that a data fault is not read as a
    network fault.
    """

    headline: Headline
    note: str = ""
    tiles: list[Tile] = field(default_factory=list)
    rows: list[list[Card]] = field(default_factory=list)
    footer: list[Fact] = field(default_factory=list)

    @property
    def cards(self) -> list[Card]:
        """All cards, in order."""
        return [card for row in self.rows for card in row]
