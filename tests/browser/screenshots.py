"""Pictures of a report for the documentation.

python -m tests.browser.screenshots [CATALOGUE]

Writes overview-light.png, overview-dark.png and overview-390.png of the last 30 days into
docs/images; without a catalogue, of simulated traffic that is the same every time.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from analytics.door import Catalogue
from reports.build import write_report
from reports.period import last_days
from simulator.traffic import history
from tests.browser.conftest import chromium
from tests.reports.catalogues import AS_OF, made

OUT = Path(__file__).parents[2] / "docs" / "images"
PICTURES: tuple[tuple[str, Literal["light", "dark"], int, int], ...] = (
    ("overview-light", "light", 1440, 1840),
    ("overview-dark", "dark", 1440, 1840),
    ("overview-390", "light", 390, 1500),
)
MESSAGES = 60_000
DAYS = 75


def simulated(folder: Path) -> Path:
    """Make a catalogue of simulated traffic; return its path."""
    return made(folder, history(1, AS_OF - timedelta(days=DAYS), AS_OF, MESSAGES)).path


def take(browser: Browser, page_path: Path, out: Path) -> None:
    """Photograph a report in both themes and on a telephone."""
    out.mkdir(parents=True, exist_ok=True)
    for name, scheme, width, height in PICTURES:
        page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
        page.goto(page_path.as_uri())
        page.wait_for_function(
            "() => [...document.querySelectorAll('.chart')].every(one => one.querySelector('svg'))"
        )
        page.screenshot(path=out / f"{name}.png", animations="disabled")
        page.close()


def main(catalogue_path: Path | None) -> None:
    """Write the report of a catalogue somewhere and take the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        path = catalogue_path or simulated(Path(folder))
        with Catalogue.open(path) as catalogue:
            period = last_days(30, catalogue.about().today)
            page = write_report(catalogue, period, Path(folder) / "report")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"]
            )
            take(browser, page, OUT)
            browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
