"""Whatever the docs define is held by the oracle: a new column without a check fails here."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.folds.ours_views import QUESTIONS
from tests.oracle.comparing import IDS, MACROS, VIEWS
from tests.oracle.figures import Figures
from tests.oracle.pipeline import Call
from tests.oracle.reading import read
from tests.situations.situation import FOLDERS, Situation, load

ROOT = Path(__file__).parents[2]
METRICS = (ROOT / "docs/metrics.md").read_text(encoding="utf-8")
MEANINGS = {
    path.parent.name: tomllib.loads(path.read_text(encoding="utf-8"))
    for path in (ROOT / "analytics/views").glob("*/meaning.toml")
}
# The log as it came, a list of names, and the books of the jobs and of the alerts: no figures.
NO_FIGURES = {"events", "dead_letters", "networks", "job_runs", "alerts"}
# One row of each: who adds these up reads as many.
ROW_BY_ROW = {"messages", "replies", "conversations"}
# Macros without rows, held in test_statistics.py.
SCALARS = {"wilson_low", "wilson_high", "is_opt_out", "quantile_of_cells", "network_name"}


@cache
def situations() -> list[Situation]:
    return [load(folder) for folder in FOLDERS]


@cache
def columns_counted() -> dict[str, set[str]]:
    """Return the columns of each view and macro that the oracle counts in some situation."""
    counted: dict[str, set[str]] = {name: set() for name in VIEWS | MACROS}
    for it in situations():
        figures = Figures(read(map(Call.recorded, it.lines)), it.definitions, it.as_of)
        for name, columns in counted.items():
            rows: list[dict[str, Any]] = getattr(figures, name)(
                *(it.between if name in MACROS else ())
            )
            columns.update(*rows)
    return counted


def columns_expected() -> set[str]:
    """Return the columns that some situation expects something of."""
    return {
        column for it in situations() for header, _ in it.expected.values() for column in header
    }


def test_every_view_of_figures_is_counted() -> None:
    assert MEANINGS.keys() - NO_FIGURES == VIEWS.keys()


def test_every_column_of_a_view_is_counted() -> None:
    for view in VIEWS:
        columns = MEANINGS[view]["columns"].keys() - {IDS.get(view)}
        assert columns == columns_counted()[view], view


def test_every_column_is_in_a_situation() -> None:
    counted = {column for columns in columns_counted().values() for column in columns}
    assert counted - columns_expected() == set()


def test_every_number_that_the_docs_define_is_counted() -> None:
    named = re.findall(r"`(\w+)\.(\w+)`", METRICS)
    numbers = [(view, column) for view, column in named if view in MEANINGS.keys() | MACROS.keys()]
    assert len(numbers) > 40
    assert [each for each in numbers if each[1] not in columns_counted()[each[0]]] == []


def test_every_macro_that_the_docs_list_is_counted() -> None:
    listed = (ROOT / "docs/views.md").read_text(encoding="utf-8").partition("## Macros")[2]
    assert set(re.findall(r"^- `(\w+)\(", listed, re.MULTILINE)) == MACROS.keys() | SCALARS


def test_every_check_of_data_quality_is_in_a_situation() -> None:
    _, _, section = METRICS.partition("## Data quality")
    documented = set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))
    expected = [
        rows
        for it in situations()
        for view, (_, rows) in it.expected.items()
        if view == "data_quality"
    ]
    assert documented == {row["check"] for rows in expected for row in rows}


def test_every_view_and_macro_of_figures_is_measured() -> None:
    assert (VIEWS | MACROS).keys() - ROW_BY_ROW == QUESTIONS.keys()
