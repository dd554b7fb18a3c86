"""What every public view and column means: the `meaning.toml` beside each view."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
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
