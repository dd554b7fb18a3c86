"""A query of a report: one file of `queries/`, and the values it is run with."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from analytics.door import Catalogue

_FOLDER = Path(__file__).parent / "queries"


@dataclass(frozen=True)
class Query:
    """The name of a file in `queries/`, without its ending, and the values of its parameters."""

    name: str
    parameters: dict[str, Any] = field(default_factory=dict)

    def text(self) -> str:
        """Return the SQL with its parameters open."""
        return (_FOLDER / f"{self.name}.sql").read_text(encoding="utf-8")

    def key(self) -> tuple[object, ...]:
        """Return what two queries with the same answer have in common."""
        return (self.name, *sorted(self.parameters.items()))

    def shown(self) -> str:
        """Return the SQL with its values written in, to be read or pasted; it is never run."""
        return re.sub(r"\$(\w+)", lambda found: _literal(self.parameters[found[1]]), self.text())

    def run(self, catalogue: Catalogue) -> pl.DataFrame:
        """Return the answer, with the values bound as parameters."""
        return catalogue.frame(self.text(), **self.parameters)


def _literal(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, datetime):
        return f"'{value.isoformat()}'"
    if isinstance(value, date):
        return f"date '{value.isoformat()}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value)
