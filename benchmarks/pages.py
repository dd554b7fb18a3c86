"""How long each page takes as the first question of a new catalogue, and again.

python -m benchmarks.pages DATA

DATA is a data folder with a published catalogue. Of each page, in ms: opening the catalogue, the
first time, a second time with all answers remembered, and the size compressed.
"""

from __future__ import annotations

import gzip
import sys
import time
from pathlib import Path

from analytics.door import Catalogue
from eventlog.layout import Layout
from reports.asked import read
from reports.desk import Desk
from reports.links import Links
from reports.nouns import NETWORK, OVERVIEW
from reports.pages import MADE
from reports.render import render

DAYS = "30"
BUSIEST = "226-01"


def asset(name: str) -> str:
    """Return the address of a file beside the page."""
    return name


def rendered(desk: Desk, slug: str) -> tuple[float, str]:
    """Make a page of the last days; return how long it took, ms, and the page."""
    asked = {"days": DAYS} | ({"network": BUSIEST} if slug == NETWORK else {})
    began = time.perf_counter()
    links = Links(asset=asset, site=True)
    page = render(desk, slug, read(asked, desk.about.today), links=links)
    return (time.perf_counter() - began) * 1_000, page


def main(data: Path) -> None:
    """Measure every page."""
    path = Layout(data).catalogue
    rendered(Desk(*Catalogue.open_twice(path)), OVERVIEW)  # loads the libraries and the templates
    print(f"{'page':<14}{'open':>7}{'first':>7}{'again':>7}{'KB':>6}")
    for slug in MADE:
        began = time.perf_counter()
        desk = Desk(*Catalogue.open_twice(path))
        opening = (time.perf_counter() - began) * 1_000
        first, page = rendered(desk, slug)
        again, _ = rendered(desk, slug)
        size = len(gzip.compress(page.encode(), 6)) / 1_000
        print(f"{slug:<14}{opening:>7.0f}{first:>7.0f}{again:>7.0f}{size:>6.0f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
