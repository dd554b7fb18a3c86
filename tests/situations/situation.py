"""Reads the folder of a situation."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from analytics.definitions import Definitions

HERE = Path(__file__).parent
FOLDERS = sorted(path.parent for path in HERE.glob("*/webhooks.ndjson"))
AS_OF = "2026-11-20T12:00:00Z"

Rows = list[dict[str, Any]]
Expected = tuple[list[str], list[dict[str, str]]]  # columns, and rows of text


@dataclass(frozen=True)
class Situation:
    """A situation as its folder tells it. `between` are the days that macros are asked for."""

    batches: list[list[bytes]]
    definitions: Definitions
    as_of: datetime
    between: tuple[date | None, date | None]
    expected: dict[str, Expected]

    @property
    def lines(self) -> list[bytes]:
        return [line for batch in self.batches for line in batch]


def load(folder: Path) -> Situation:
    """Read a folder."""
    file = folder / "definitions.toml"
    settings = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    lines = (folder / "webhooks.ndjson").read_bytes().splitlines()
    as_of = datetime.fromisoformat(settings.pop("as_of", AS_OF))
    between = settings.pop("between", {})
    sizes = settings.pop("batches", [len(lines)])
    assert sum(sizes) == len(lines)
    rest = iter(lines)
    return Situation(
        batches=[[next(rest) for _ in range(size)] for size in sizes],
        definitions=Definitions(**settings),
        as_of=as_of,
        between=(between.get("from"), between.get("to")),
        expected=dict(_expected(folder)),
    )


def _expected(folder: Path) -> Iterator[tuple[str, Expected]]:
    for path in sorted(folder.glob("expect.*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        yield (
            path.name.split(".")[1],
            (header, [dict(zip(header, row, strict=True)) for row in rows]),
        )


def why(folder: Path) -> tuple[str, str]:
    """Return the two lines of a situation's README: what happens, and the rule."""
    happens, rule = (folder / "README.md").read_text(encoding="utf-8").splitlines()
    return happens, rule


def unlike(view: str, rows: Rows, expected: Expected) -> list[str]:
    """Name the rows that only one side has; of both only the expected columns count, in any order.

    Rows of data_quality need not be expected that say that nothing was found, nor, where their
    columns are not asked for, those that measure and find no faults.
    """
    columns, wanted_rows = expected
    if view == "data_quality":
        asked = {"seconds", "instant"} & set(columns)
        measures = {"receipt_lag_p95", "last_event_at"}
        rows = [row for row in rows if row["count"] and (asked or row["check"] not in measures)]
    waiting = [{column: row[column] for column in columns} for row in rows]
    missing = []
    for wanted in wanted_rows:
        like = [row for row in waiting if all(says(row[key], wanted[key]) for key in wanted)]
        if like:
            waiting.remove(like[0])
        else:
            missing.append(f"{view} lacks {wanted}")
    return missing + [f"{view} has {row}" for row in waiting]


def says(value: Any, cell: str) -> bool:
    """Tell whether a value is what a cell of a CSV file says."""
    if value is None or cell == "":
        return value is None and cell == ""
    if isinstance(value, bool):
        return cell == str(value).lower()
    if isinstance(value, datetime):
        return value.astimezone(UTC) == datetime.fromisoformat(cell)
    if isinstance(value, float):
        return _is_number(value, cell)
    return str(value) == cell


def _is_number(value: float, cell: str) -> bool:
    if cell.startswith("~"):
        places = len(cell.partition(".")[2])
        return f"{value:.{places}f}" == cell[1:]
    return bool(value == pytest.approx(float(Fraction(cell)), rel=1e-12))
