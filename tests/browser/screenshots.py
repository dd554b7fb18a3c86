"""Pictures of a report for the documentation.

python -m tests.browser.screenshots [CATALOGUE]

Writes every page into docs/images, of the last 30 days where it has a period, and the overview also
dark and on a telephone; without a catalogue, of simulated traffic that is the same every time.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from eventlog.layout import Layout
from reports.links import ALERTS, DEAD_LETTERS, JOBS, SQL
from reports.links import path as path_of
from reports.nouns import NETWORK, OVERVIEW, PAGES
from simulator.traffic import history
from tests.analytics.make_catalogue import write_alerts, write_job_runs
from tests.browser.conftest import chromium
from tests.reports.catalogues import AS_OF, made
from tests.reports.test_routes import serving

OUT = Path(__file__).parents[2] / "docs" / "images"
Picture = tuple[str, str, Literal["light", "dark"], int]
PICTURES: tuple[Picture, ...] = (
    ("overview-light", "/", "light", 1440),
    ("overview-dark", "/", "dark", 1440),
    ("overview-390", "/", "light", 390),
    *((slug, path_of(slug), "light", 1440) for slug in PAGES if slug != OVERVIEW),
    (NETWORK, "/networks/226-01", "light", 1440),
    *((path[1:], path, "light", 1440) for path in (ALERTS, DEAD_LETTERS, JOBS, SQL)),
)
HEIGHTS = {390: 1500, 1440: 1300}
TIMEOUT_MS = 120_000
MESSAGES = 60_000
DAYS = 75
DRAWN = "() => [...document.querySelectorAll('.chart')].every(one => one.querySelector('svg'))"

EDITOR = "() => document.querySelector('.cm-editor')"


def simulated(folder: Path) -> Path:
    """Make a catalogue of simulated traffic, with alerts and runs of jobs; return its path."""
    layout = Layout(folder / "data")
    write_alerts(layout, AS_OF)
    write_job_runs(layout, AS_OF)
    return made(folder, history(1, AS_OF - timedelta(days=DAYS), AS_OF, MESSAGES)).path


def take(browser: Browser, site: str, out: Path) -> None:
    """Photograph the pages of a site."""
    out.mkdir(parents=True, exist_ok=True)
    for name, path, scheme, width in PICTURES:
        viewport = {"width": width, "height": HEIGHTS[width]}
        page = browser.new_page(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
        page.set_default_timeout(TIMEOUT_MS)
        page.goto(f"{site}{path}?days=30")
        page.wait_for_function(EDITOR if path == SQL else DRAWN)
        page.screenshot(path=out / f"{name}.png", animations="disabled")
        page.close()


def main(catalogue_path: Path | None) -> None:
    """Serve a catalogue and take the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        layout = Layout((catalogue_path or simulated(Path(folder))).parent)
        layout.reports.mkdir(exist_ok=True)
        with sync_playwright() as playwright, serving(layout) as client:
            browser = playwright.chromium.launch(
                executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"]
            )
            take(browser, str(client.base_url).rstrip("/"), OUT)
            browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
