"""The pages about the views say what is so, and their examples run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from analytics.catalogue import HERE
from analytics.documentation import PAGE, views_page
from analytics.door import Catalogue
from analytics.examples import EXAMPLES as FOLDER
from analytics.examples import NAMES, Example, examples
from analytics.meaning import read_meaning, view_folders
from analytics.sql_page import PAGE as SQL_PAGE
from analytics.sql_page import sql_page
from tests.analytics.make_catalogue import make_catalogue

DOCS = PAGE.parent


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    folder = tmp_path_factory.mktemp("data")
    now = datetime.now(UTC)  # the examples ask of the last week
    layout = make_catalogue(folder, now, count=2_000, days=20)
    with Catalogue.open(layout.catalogue) as opened:
        yield opened


def test_page_on_views_is_what_the_views_say() -> None:
    assert PAGE.read_text() == views_page(), "python -m analytics.documentation"


def test_page_on_sql_is_what_the_catalogue_says() -> None:
    assert SQL_PAGE.read_text() == sql_page(), "python -m analytics.sql_page"


def test_metrics_page_names_every_view_column_rightly() -> None:
    columns = {
        folder.name: {column.name for column in read_meaning(folder).columns}
        for folder in view_folders()
    }
    named = re.findall(r"`(\w+)\.(\w+)`", (DOCS / "metrics.md").read_text())
    named = [(view, column) for view, column in named if view not in ("definitions", "internal")]
    assert len(named) > 40
    assert [pair for pair in named if pair[1] not in columns[pair[0]]] == []


def test_metrics_page_defines_every_check(catalogue: Catalogue) -> None:
    page = (DOCS / "metrics.md").read_text()
    checks = catalogue.frame('select distinct "check" as name from data_quality')["name"]
    assert len(checks) == 10
    assert [check for check in checks if f"| `{check}` |" not in page] == []


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
def test_example_gives_rows(catalogue: Catalogue, example: Example) -> None:
    assert example.question.endswith("?")
    assert list(catalogue.ask(example.sql, 5).rows)


def test_every_example_is_shown() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(NAMES)
    page = (DOCS / "sql.md").read_text()
    assert all(example.sql in page for example in examples())


@pytest.mark.parametrize("path", sorted(HERE.rglob("*.sql")), ids=lambda path: path.name)
def test_every_statement_says_first_what_it_is(path: Path) -> None:
    assert path.read_text().startswith("-- ")
    assert ";" not in re.sub(r"--.*", "", path.read_text())
