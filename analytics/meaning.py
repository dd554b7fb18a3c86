"""What every public view, column and macro means.

Of a view it is in the `meaning.toml` beside it, of a macro in the comment that it begins with. The
catalogue has them all as comments of its own.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

VIEWS = Path(__file__).parent / "views"


@dataclass(frozen=True)
class Column:
    """A column of a public view. `unit` is None where there is none."""

    name: str
    meaning: str
    unit: str | None

    @property
    def comment(self) -> str:
        return f"{self.meaning} [{self.unit}]" if self.unit else self.meaning


@dataclass(frozen=True)
class Meaning:
    """A public view in words."""

    name: str
    summary: str
    grain: str
    columns: tuple[Column, ...]


def view_folders() -> list[Path]:
    """Return the folder of each public view, by name."""
    return sorted(path.parent for path in VIEWS.glob("*/view.sql"))


def read_meaning(folder: Path) -> Meaning:
    """Read the meaning of the view in `folder`."""
    text = tomllib.loads((folder / "meaning.toml").read_text("utf-8"))
    return Meaning(
        name=folder.name,
        summary=text["summary"],
        grain=text["grain"],
        columns=tuple(
            Column(name, each["meaning"], each.get("unit"))
            for name, each in text["columns"].items()
        ),
    )


@dataclass(frozen=True)
class Macro:
    """A public macro in words; `signature` is how it is called."""

    signature: str
    comment: str
    is_table: bool

    @property
    def name(self) -> str:
        return self.signature.partition("(")[0]


def public_macro(statement: str) -> Macro | None:
    """Read the macro that a statement makes; None if it is not a public one."""
    made = re.search(r"^create macro (\w+\(.*?\)) as( table)?\b", statement, re.MULTILINE)
    if made is None:
        return None
    return Macro(made[1], header(statement), made[2] is not None)


def header(statement: str) -> str:
    """Return the comment that a statement begins with, as one line."""
    lines = takewhile(lambda line: line.startswith("-- "), statement.splitlines())
    return " ".join(line[3:] for line in lines)
