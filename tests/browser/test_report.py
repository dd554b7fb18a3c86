"""The report in a real browser: drawn, quiet, legible, and usable without a mouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.reports.catalogues import HOSTILE, TODAY

Report = Callable[..., Path]
Scheme = Literal["light", "dark"]

MARKS = {
    "delivery": ".barlayer .point path",
    "latency": ".scatterlayer path.js-line",
    "network-rates": ".scatterlayer .point",
    "histogram": ".barlayer .point path",
    "replies": ".barlayer .point path",
    "weekly": ".heatmaplayer image",
}
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
CHARTS_OUTSIDE = """() => [...document.querySelectorAll('.chart')].filter(chart => {
  const place = chart.getBoundingClientRect();
  const card = chart.closest('.card').getBoundingClientRect();
  const parts = [chart, ...chart.querySelectorAll('svg text')].filter(one => one.textContent);
  return parts.some(one => {
    const box = one.getBoundingClientRect();
    return box.left < place.left - 0.5 || box.right > place.right + 0.5
      || box.top < place.top - 0.5 || box.bottom > place.bottom + 0.5
      || place.bottom > card.bottom;
  });
}).map(chart => chart.dataset.chart)"""
COLOUR_OF = """name => {
  const probe = document.createElement('i');
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  return getComputedStyle(probe).color;
}"""


@contextmanager
def opened(
    browser: Browser, path: Path, width: int = 1440, scheme: Scheme = "light"
) -> Iterator[Page]:
    """Open a page offline, drawn; afterwards nothing may have gone wrong or been asked for."""
    wrong: list[str] = []
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
    )
    page = context.new_page()
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("requestfailed", lambda request: wrong.append(request.url[:200]))
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith(("file:", "data:")) else wrong.append(request.url[:200])
        ),
    )
    page.goto(path.as_uri())
    page.wait_for_function(
        "() => [...document.querySelectorAll('.chart')].every(one => one.querySelector('svg'))"
    )
    try:
        yield page
    finally:
        context.close()
    assert wrong == []


@pytest.mark.parametrize("single_file", [False, True], ids=["folder", "single file"])
def test_every_chart_is_drawn_from_disk_without_network_or_errors(
    browser: Browser, report: Report, single_file: bool
) -> None:
    with opened(browser, report("busy", single_file=single_file)) as page:
        for name, marks in MARKS.items():
            found = page.locator(f'[data-chart="{name}"] {marks}').count()
            assert found > 0, name
        assert page.evaluate("() => document.fonts.check(\"12px 'Inter Variable'\")")


@pytest.mark.parametrize("width", [390, 768, 1440])
@pytest.mark.parametrize("name", ["busy", "sparse", "empty", "hostile"])
def test_nothing_runs_out_of_its_card_or_off_the_page(
    browser: Browser, report: Report, name: str, width: int
) -> None:
    with opened(browser, report(name), width) as page:
        assert page.evaluate(OVERFLOW) <= 0
        assert page.evaluate(CHARTS_OUTSIDE) == []


def test_charts_follow_the_width_of_the_window(browser: Browser, report: Report) -> None:
    with opened(browser, report("busy")) as page:
        page.set_viewport_size({"width": 390, "height": 800})
        page.wait_for_function(f"() => ({CHARTS_OUTSIDE})().length === 0", timeout=10_000)
        assert page.evaluate(OVERFLOW) <= 0


def test_a_day_is_drawn_hour_by_hour(browser: Browser, report: Report) -> None:
    with opened(browser, report("busy", TODAY), 390) as page:
        assert page.locator('[data-chart="delivery"] .barlayer .point path').count() > 0
        assert page.evaluate(CHARTS_OUTSIDE) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_charts_take_their_colours_from_the_theme(
    browser: Browser, report: Report, scheme: Scheme
) -> None:
    label = '[data-chart="delivery"] .xtick text'
    fill = "one => getComputedStyle(one).fill"
    with opened(browser, report("busy"), scheme=scheme) as page:
        mute = page.evaluate(COLOUR_OF, "mute")
        assert page.locator(label).first.evaluate(fill) == mute
        page.get_by_role("button", name="Switch between light and dark").click()
        switched = page.evaluate(COLOUR_OF, "mute")
        assert switched != mute
        assert page.locator(label).first.evaluate(fill) == switched
        ground = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
        assert ground == page.evaluate(COLOUR_OF, "ground")


def test_definition_and_query_open_and_close_by_keyboard(browser: Browser, report: Report) -> None:
    with opened(browser, report("busy")) as page:
        sheet = page.locator("#definition-delivery")
        button = page.locator('.tools [popovertarget="definition-delivery"]')
        assert not sheet.is_visible()
        button.focus()
        outline = button.evaluate("one => getComputedStyle(one).outlineStyle")
        page.keyboard.press("Enter")
        assert "pending for 72 hours" in sheet.inner_text()
        page.keyboard.press("Escape")
        assert not sheet.is_visible()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert "delivery_total_daily" in page.locator("#sql-delivery").inner_text()
        assert outline is not None


def test_every_chart_has_words_and_a_table(browser: Browser, report: Report) -> None:
    with opened(browser, report("busy")) as page:
        for name in MARKS:
            card = page.locator(f"#{name}")
            assert len(card.locator("[role=img]").get_attribute("aria-label") or "") > 20
            card.locator("summary").click()
            assert card.locator("tbody tr").first.is_visible()
        assert page.locator("h1").count() == 1


def test_hostile_text_stays_text(browser: Browser, report: Report) -> None:
    with opened(browser, report("hostile")) as page:
        page.locator('[data-chart="network-rates"] .scatterlayer .point').first.hover(force=True)
        hover = page.locator('[data-chart="network-rates"] .hoverlayer text')
        assert "95 % interval" in (hover.first.text_content() or "")
        assert page.title() != "!"
        assert page.locator("img").count() == 0
        assert page.locator("#campaigns").inner_text().count(HOSTILE) == 1
        labels = page.locator('[data-chart="network-rates"] .ytick text').all_text_contents()
        assert any(label.startswith("</script>") for label in labels)


def test_printed_page_is_light(browser: Browser, report: Report) -> None:
    with opened(browser, report("busy"), scheme="dark") as page:
        page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
        assert page.evaluate(COLOUR_OF, "card") == "rgb(255, 255, 255)"
        page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
        assert page.evaluate(COLOUR_OF, "card") != "rgb(255, 255, 255)"
