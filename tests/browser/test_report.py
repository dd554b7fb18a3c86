"""The report in a real browser: drawn, quiet, legible, and usable without a mouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from reports.nouns import OVERVIEW, PAGES
from tests.browser.conftest import PATIENT_MS
from tests.reports.catalogues import HOSTILE, TODAY

Report = Callable[..., Path]
Scheme = Literal["light", "dark"]

MARKS = {
    "outcomes": ".barlayer .point path",
    "percentiles": ".scatterlayer path.js-line",
    "network-rates": ".scatterlayer .point",
    "histogram": ".barlayer .point path",
    "replies": ".barlayer .point path",
    "weekly": ".heatmaplayer image",
}
DRAWN_AS_OTHERS = """() => [...document.querySelectorAll('.chart')].flatMap(
  chart => chart._fullData.filter((trace, nth) => trace.type !== chart.data[nth].type)
    .map(() => chart.dataset.chart))"""
DRAWN = "() => [...document.querySelectorAll('.chart')].every(one => one.querySelector('svg'))"
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
CHARTS_OUTSIDE = """() => [...document.querySelectorAll('.chart')].filter(chart => {
  const place = chart.getBoundingClientRect();
  const card = chart.closest('.card').getBoundingClientRect();
  const parts = [chart, ...chart.querySelectorAll('svg text')].filter(one => one.textContent);
  return parts.some(one => {
    const box = one.getBoundingClientRect();
    if (!box.width) return false;  // hidden, beside another
    return box.left < place.left - 0.5 || box.right > place.right + 0.5
      || box.top < place.top - 0.5 || box.bottom > place.bottom + 0.5
      || place.bottom > card.bottom;
  });
}).map(chart => chart.dataset.chart)"""
SETTLED_MS = 200
WIDTHS = """() => Object.fromEntries([...document.querySelectorAll('.chart')].map(chart => [
  chart.dataset.chart, [chart.querySelector('.main-svg').clientWidth, chart.clientWidth]]))"""
COLOUR_OF = """name => {
  const probe = document.createElement('i');
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  return getComputedStyle(probe).color;
}"""


def every_page(name: str) -> list[str]:
    """Name the pages of a report; an empty log has no network to have a page."""
    return [*PAGES, *(["network-226-10"] if name != "empty" else [])]


def visit(page: Page, path: Path) -> None:
    """Go to a page and wait for its charts."""
    page.goto(path.as_uri())
    page.wait_for_function(DRAWN)


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
    page.set_default_timeout(PATIENT_MS)
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("requestfailed", lambda request: wrong.append(request.url[:200]))
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith(("file:", "data:")) else wrong.append(request.url[:200])
        ),
    )
    visit(page, path)
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


def test_the_bundle_has_every_trace_that_is_drawn(browser: Browser, report: Report) -> None:
    with opened(browser, report("busy")) as page:
        for slug in every_page("busy"):
            visit(page, report("busy", slug=slug))
            assert page.evaluate(DRAWN_AS_OTHERS) == [], slug


@pytest.mark.parametrize("width", [390, 768, 1440, 2560])
@pytest.mark.parametrize("name", ["busy", "sparse", "empty", "hostile"])
def test_nothing_runs_out_of_its_card_or_off_the_page(
    browser: Browser, report: Report, name: str, width: int
) -> None:
    slugs = every_page(name) if width in (390, 1440) else [OVERVIEW]
    with opened(browser, report(name), width) as page:
        for slug in slugs:
            visit(page, report(name, slug=slug))
            assert page.evaluate(OVERFLOW) <= 0, slug
            assert page.evaluate(CHARTS_OUTSIDE) == [], slug


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["busy", "empty"])
def test_axe_finds_no_violation(
    browser: Browser, report: Report, name: str, scheme: Scheme
) -> None:
    slugs = every_page(name) if name == "busy" else [OVERVIEW, "delivery"]
    with opened(browser, report(name), scheme=scheme) as page:
        for slug in slugs:
            visit(page, report(name, slug=slug))
            found = Axe().run(page, options={"preload": False}).response["violations"]
            assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == [], slug


def test_printed_on_paper_every_page_fits(browser: Browser, report: Report) -> None:
    with opened(browser, report("busy"), 760) as page:
        page.emulate_media(media="print")
        for slug in every_page("busy"):
            visit(page, report("busy", slug=slug))
            assert page.evaluate(OVERFLOW) <= 0, slug
            assert not page.locator(".menu").is_visible()


def test_the_colours_of_legends_are_printed(browser: Browser, report: Report) -> None:
    kept = "all => new Set(all.map(one => getComputedStyle(one).printColorAdjust)).size"
    with opened(browser, report("busy"), 760) as page:
        page.emulate_media(media="print")
        swatch = page.locator(".legend i, .dot")
        assert swatch.evaluate_all(kept) == 1
        assert swatch.first.evaluate("one => getComputedStyle(one).printColorAdjust") == "exact"


def test_charts_follow_the_width_of_the_window(browser: Browser, report: Report) -> None:
    with opened(browser, report("busy")) as page:
        page.set_viewport_size({"width": 390, "height": 800})
        page.wait_for_function(f"() => ({CHARTS_OUTSIDE})().length === 0")
        assert page.evaluate(OVERFLOW) <= 0


def test_a_day_is_drawn_hour_by_hour(browser: Browser, report: Report) -> None:
    with opened(browser, report("busy", TODAY), 390) as page:
        assert page.locator('[data-chart="outcomes"] .barlayer .point path').count() > 0
        assert page.evaluate(CHARTS_OUTSIDE) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_charts_take_their_colours_from_the_theme(
    browser: Browser, report: Report, scheme: Scheme
) -> None:
    label = '[data-chart="outcomes"] .xtick text'
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
        sheet = page.locator("#definition-outcomes")
        button = page.locator('.tools [popovertarget="definition-outcomes"]')
        assert not sheet.is_visible()
        button.focus()
        outline = button.evaluate("one => getComputedStyle(one).outlineStyle")
        page.keyboard.press("Enter")
        assert "pending for 72 hours" in sheet.inner_text()
        page.keyboard.press("Escape")
        assert not sheet.is_visible()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert "delivery_total_daily" in page.locator("#sql-outcomes").inner_text()
        assert outline is not None


def test_every_chart_has_words_and_a_table(browser: Browser, report: Report) -> None:
    with opened(browser, report("busy")) as page:
        for name in MARKS:
            card = page.locator(f"#{name}")
            assert len(card.locator("[role=img]").get_attribute("aria-label") or "") > 20
            card.locator("summary").click()
            assert card.locator("tbody tr").first.is_visible()
        assert page.locator("h1").count() == 1


def test_a_single_file_holds_every_page(browser: Browser, report: Report) -> None:
    with opened(browser, report("busy", single_file=True), 390) as page:
        for slug in [*PAGES, "network-226-10", OVERVIEW]:
            if slug.startswith("network-"):
                page.evaluate("() => { window.location.hash = 'networks' }")
                page.wait_for_selector("#flows")
                page.locator("#networks a", has_text="Orange").first.click()
            else:
                page.locator(f'.menu a[href="#{slug}"]').click()
            marked = "networks" if slug.startswith("network-") else slug
            page.wait_for_selector(f'.menu a[href="#{marked}"][aria-current]')
            page.wait_for_function(DRAWN)
            assert page.locator("h1").count() == 1
            assert page.evaluate(OVERFLOW) <= 0, slug
            assert page.evaluate(
                "() => new Set([...document.querySelectorAll('[id]')].map("
                "one => one.id)).size === document.querySelectorAll('[id]').length"
            )
        page.go_back()
        page.wait_for_function("() => document.title.startsWith('Orange')")


def test_rows_of_a_card_lie_in_the_page(browser: Browser, report: Report) -> None:
    with opened(browser, report("busy")) as page:
        with page.expect_download() as download:
            page.locator("#network-rates").get_by_role("link", name="CSV").click()
        assert download.value.suggested_filename == "network-rates.csv"
        assert (
            Path(download.value.path()).read_text().startswith("mcc,mnc,network,country,messages")
        )


def test_every_control_of_a_page_is_reached_by_keyboard(browser: Browser, report: Report) -> None:
    reach = "() => { const one = document.activeElement; return one.outerHTML.slice(0, 80) }"
    wanted = "a[href], button:not([hidden]), summary, [tabindex='0']"
    with opened(browser, report("busy")) as page:
        seen_by = (
            "all => [...document.querySelectorAll(all)].filter(one => one.checkVisibility()).length"
        )
        expected = page.evaluate(seen_by, wanted)
        reached = []
        for _ in range(expected):
            page.keyboard.press("Tab")
            reached.append(page.evaluate(reach))
            outline = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
            assert outline == "solid", reached[-1]
        assert sum(one.startswith("<body") for one in reached) == 0


def test_hostile_text_stays_text(browser: Browser, report: Report) -> None:
    with opened(browser, report("hostile")) as page:
        page.locator('[data-chart="network-rates"] .scatterlayer .point').first.hover(force=True)
        hover = page.locator('[data-chart="network-rates"] .hoverlayer text')
        assert "95\u00a0% interval" in (hover.first.text_content() or "")
        assert page.title() != "!"
        assert page.locator("img").count() == 0
        labels = page.locator('[data-chart="network-rates"] .ytick text').all_text_contents()
        assert any(label.startswith("</script>") for label in labels)
        for slug in every_page("hostile"):
            visit(page, report("hostile", slug=slug))
            assert page.title() != "!"
            assert page.locator("img").count() == 0
        visit(page, report("hostile", slug="delivery"))
        assert page.locator("#campaigns").inner_text().count(HOSTILE) == 1


def test_charts_are_as_wide_on_paper_as_their_cards_are_there(
    browser: Browser, report: Report
) -> None:
    with opened(browser, report("busy")) as page:
        page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        wide = page.evaluate(WIDTHS)
        assert all(0.98 * room <= drawn <= room for drawn, room in wide.values())
    with opened(browser, report("busy"), 390) as page:
        on_screen = page.evaluate(WIDTHS)
        page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
        narrow = page.evaluate(WIDTHS)
        assert [drawn for drawn, _ in narrow.values()] == [drawn for drawn, _ in wide.values()]
        page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
        assert page.evaluate(WIDTHS) == on_screen


def test_a_single_file_opens_at_the_top_of_the_page_that_is_asked_for(
    browser: Browser, report: Report
) -> None:
    with opened(browser, report("busy", single_file=True)) as page:
        page.goto("about:blank")
        page.goto(f"{report('busy', single_file=True).as_uri()}#replies")
        page.wait_for_function(DRAWN)
        assert page.locator("#replies").count() == 1  # a card is called so, too
        page.wait_for_function("() => document.readyState === 'complete'")
        page.wait_for_timeout(SETTLED_MS)
        assert page.evaluate("() => window.scrollY") == 0


def test_printed_page_is_light(browser: Browser, report: Report) -> None:
    with opened(browser, report("busy"), scheme="dark") as page:
        page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
        assert page.evaluate(COLOUR_OF, "card") == "rgb(255, 255, 255)"
        page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
        assert page.evaluate(COLOUR_OF, "card") != "rgb(255, 255, 255)"
