"""What can be asked of a catalogue, in its own words: views, columns and macros. Pure.

Read from the comments in the catalogue itself by `Catalogue.described`.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

import msgspec


class Column(msgspec.Struct, frozen=True):
    """A column of a public view; its unit is in brackets at the end of `meaning`."""

    name: str
    type: str
    meaning: str


class View(msgspec.Struct, frozen=True):
    """A public view."""

    name: str
    meaning: str
    columns: tuple[Column, ...]


class Macro(msgspec.Struct, frozen=True):
    """A public macro; one that `is_table` stands where a view may."""

    name: str
    parameters: tuple[str, ...]
    is_table: bool
    meaning: str

    @property
    def signature(self) -> str:
        return f"{self.name}({', '.join(self.parameters)})"


class Described(msgspec.Struct, frozen=True):
    """All that is public in a catalogue."""

    views: tuple[View, ...]
    macros: tuple[Macro, ...]

    def view(self, name: str) -> View | None:
        """Return the view of that name, whatever its case; None if there is none."""
        return next((view for view in self.views if view.name == name.lower()), None)

    def macro(self, name: str) -> Macro | None:
        """Return the macro of that name, whatever its case; None if there is none."""
        return next((macro for macro in self.macros if macro.name == name.lower()), None)


def described(columns: Iterable[dict[str, Any]], macros: Iterable[dict[str, Any]]) -> Described:
    """Put together the rows of `internal/described_columns.sql` and `described_macros.sql`."""
    views = [
        View(name, about, tuple(_column(row) for row in rows))
        for (name, about), rows in groupby(columns, lambda row: (row["view"], row["about"] or ""))
    ]
    return Described(tuple(views), tuple(_macro(row) for row in macros))


def _column(row: dict[str, Any]) -> Column:
    return Column(row["name"], row["type"], row["meaning"] or "")


def _macro(row: dict[str, Any]) -> Macro:
    parameters = tuple(row["parameters"])
    return Macro(row["name"], parameters, row["is_table"], row["meaning"] or "")
