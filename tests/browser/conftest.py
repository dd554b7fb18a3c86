"""A real Chromium, and reports written to disk for it to open."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from analytics.door import Catalogue
from reports.build import write_report
from reports.links import file_name
from reports.nouns import OVERVIEW
from reports.period import Period
from tests.reports import catalogues

Report = Callable[..., Path]
PATIENT_MS = 240_000  # a slow machine, with other tests beside


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


def chromium() -> str | None:
    """Return the path of the Chromium of this machine."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Start Chromium; without one, skip by name, or fail where everything must be tested.

    It ends with this folder: while it runs, this thread has a running event loop.
    """
    path = chromium()
    if path is None:
        reason = "Chromium is not installed: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield started
        started.close()


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Write the report of a catalogue (busy, sparse, empty or hostile) for a period, once.

    Returns the path of the page `slug`.
    """
    makers = {
        "busy": catalogues.busy,
        "sparse": catalogues.sparse,
        "empty": catalogues.empty,
        "hostile": catalogues.hostile,
    }
    made: dict[str, Path] = {}

    def write(
        name: str,
        period: Period = catalogues.MONTH,
        *,
        slug: str = OVERVIEW,
        single_file: bool = False,
    ) -> Path:
        if name not in made:
            made[name] = makers[name](tmp_path_factory.mktemp(name)).path
        out = made[name].parent / ("single" if single_file else "out")
        page = out / file_name(slug, period)
        if not page.exists():
            with Catalogue.open(made[name]) as catalogue:
                write_report(catalogue, period, out, single_file=single_file)
        return page

    return write
