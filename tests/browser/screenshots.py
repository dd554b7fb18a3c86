"""Pictures of a report for the documentation.

python -m tests.browser.screenshots CATALOGUE OUT [FROM TO]

Writes overview-light.png, overview-dark.png and overview-390.png of the last 30 days.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from analytics.door import Catalogue
from reports.build import write_report
from reports.period import Period, last_days
from tests.browser.conftest import chromium

PICTURES: tuple[tuple[str, Literal["light", "dark"], int, int], ...] = (
    ("overview-light", "light", 1440, 1560),
    ("overview-dark", "dark", 1440, 1560),
    ("overview-390", "light", 390, 1560),
)


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


def main(catalogue_path: Path, out: Path, days: tuple[date, date] | None = None) -> None:
    """Write the report of a catalogue somewhere and take the pictures."""
    with tempfile.TemporaryDirectory() as folder, Catalogue.open(catalogue_path) as catalogue:
        period = Period(*days) if days else last_days(30, catalogue.about().today)
        page = write_report(catalogue, period, Path(folder))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"]
            )
            take(browser, page, out)
            browser.close()


if __name__ == "__main__":
    source, target, *asked = sys.argv[1:]
    start_and_end = [date.fromisoformat(text) for text in asked]
    main(Path(source), Path(target), (start_and_end[0], start_and_end[1]) if asked else None)
