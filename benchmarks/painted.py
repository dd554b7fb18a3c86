"""When Chromium has painted each page, as the first look after a publication.

python -m benchmarks.painted DATA

DATA is a data folder with a published catalogue, which is given the time of now before each look.
Of each page, in ms since it was asked for, the median of the rounds: the first byte of the answer,
the first text on the screen, the last chart on the screen, and the last chart of all. Once in a
browser that never saw the site, and once in one that has its scripts, styles and fonts.
"""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import uvicorn
from litestar import Litestar
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from benchmarks.pages import BUSIEST, DAYS
from benchmarks.process import ToolMissingError
from eventlog.layout import Layout
from reports.links import path
from reports.nouns import NETWORK
from reports.pages import MADE
from reports.reader import Reader
from reports.routes import site_routes

ROUNDS = 3
SCREEN: ViewportSize = {"width": 1440, "height": 900}
SETTLING_MS = 1_000
"""A window that was just opened still starts processes of its own."""
NEVER_THERE = "never there"
WHO = (NEVER_THERE, "there before")
TIMES = ("answer", "text", "in view", "last")
# A chart is on the screen with the frame after the one in which it is drawn.
WATCH = """
window.drawn = [];
new MutationObserver(() => {
  for (const chart of document.querySelectorAll("[data-chart]:not([data-seen])")) {
    if (!chart.querySelector(".main-svg")) continue;
    chart.dataset.seen = "";
    const inView = chart.getBoundingClientRect().top < window.innerHeight;
    requestAnimationFrame(() => setTimeout(() => window.drawn.push([performance.now(), inView])));
  }
}).observe(document, { childList: true, subtree: true });
"""
DRAWN = """() => window.drawn.length === document.querySelectorAll('[data-chart]').length
  && performance.getEntriesByName("first-contentful-paint").length > 0"""
TOLD = """() => {
  const answer = performance.getEntriesByType("navigation")[0].responseStart;
  const text = performance.getEntriesByName("first-contentful-paint")[0].startTime;
  const last = (some) => Math.max(text, ...some.map(([at]) => at));
  return [answer, text, last(drawn.filter(([, inView]) => inView)), last(drawn)];
}"""


def address(slug: str) -> str:
    """Return where a page of the last days is."""
    place = f"/networks/{BUSIEST}" if slug == NETWORK else path(slug)
    return f"{place}?days={DAYS}"


def window(browser: Browser) -> Page:
    """Open a window that knows nothing of the site."""
    context = browser.new_context(viewport=SCREEN)
    context.add_init_script(WATCH)
    page = context.new_page()
    page.wait_for_timeout(SETTLING_MS)
    return page


def look(page: Page, url: str) -> list[float]:
    """Open a page of the site; return the times, ms."""
    page.goto(url, wait_until="commit")
    page.wait_for_function("() => document.readyState === 'complete'")
    page.evaluate("() => window.scrollTo(0, 0)")
    page.wait_for_function(DRAWN)
    told: list[float] = page.evaluate(TOLD)
    return told


@contextmanager
def site(layout: Layout) -> Iterator[str]:
    """Serve the site of a data folder, without jobs beside it; yield its address."""
    reader = Reader()
    routes = site_routes(layout, reader, webhook="")
    app = Litestar([routes], openapi_config=None, logging_config=None)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
            reader.close()


def looks(browser: Browser, layout: Layout) -> Iterator[tuple[str, str, list[float]]]:
    """Look at every page, each the first of a new catalogue; yield who looked, the page, times."""
    for who in WHO:
        with site(layout) as place:
            known = window(browser)
            for _ in range(2):  # loads the libraries and the templates; scripts are kept compiled
                look(known, f"{place}/?days=7")
            for slug in MADE:
                page = window(browser) if who == NEVER_THERE else known
                os.utime(layout.catalogue)
                yield who, slug, look(page, place + address(slug))
                if page is not known:
                    page.context.close()
            known.context.close()


def main(data: Path) -> None:
    """Look at every page, some times over."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise ToolMissingError("chromium", "chromium")
    seen: dict[tuple[str, str], list[list[float]]] = {}
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        for _ in range(ROUNDS):
            for who, slug, times in looks(browser, Layout(data)):
                seen.setdefault((who, slug), []).append(times)
        browser.close()
    print(f"{'browser':<14}{'page':<14}" + "".join(f"{name:>9}" for name in TIMES))
    for (who, slug), rounds in seen.items():
        medians = map(statistics.median, zip(*rounds, strict=True))
        print(f"{who:<14}{slug:<14}" + "".join(f"{value:>9.0f}" for value in medians))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
