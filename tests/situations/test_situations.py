"""Every situation is told as its folder says, by the program and by the oracle."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.oracle.comparing import MACROS
from tests.oracle.figures import Figures
from tests.oracle.pipeline import Call, published
from tests.oracle.reading import read
from tests.situations.documentation import PAGE, page
from tests.situations.situation import FOLDERS, load, unlike


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_catalogue_says_what_the_folder_expects(folder: Path, tmp_path: Path) -> None:
    it = load(folder)
    with published(tmp_path, it.batches, it.definitions, it.as_of) as catalogue:
        for view, expected in it.expected.items():
            days = dict(zip(("first", "last"), it.between, strict=True)) if view in MACROS else {}
            asked = f"{view}($first::date, $last::date)" if view in MACROS else view
            rows = catalogue.frame(f"from {asked}", **days).rows(named=True)
            assert unlike(view, rows, expected) == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_oracle_says_what_the_folder_expects(folder: Path) -> None:
    it = load(folder)
    figures = Figures(read(map(Call.recorded, it.lines)), it.definitions, it.as_of)
    for view, expected in it.expected.items():
        rows = getattr(figures, view)(*(it.between if view in MACROS else ()))
        assert unlike(view, rows, expected) == []


def test_the_page_of_situations_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"
