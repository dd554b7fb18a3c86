"""The site's page under its own security policy, in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from eventlog.layout import Layout
from reports.links import ALERTS, DEAD_LETTERS, JOBS
from tests.analytics.make_catalogue import write_alerts, write_job_runs
from tests.browser.conftest import PATIENT_MS
from tests.reports import catalogues
from tests.reports.test_routes import serving

DRAWN = '[data-chart="outcomes"] .barlayer .point path'
CURRENT_IS_IN_SIGHT = """() => {
  const menu = document.querySelector(".menu").getBoundingClientRect();
  const current = document.querySelector(".menu [aria-current]").getBoundingClientRect();
  return current.left >= menu.left && current.right <= menu.right;
}"""
VALUE = "([name, value]) => document.querySelector(`[name=${name}]`).value === value"


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    folder = tmp_path_factory.mktemp("site")
    layout = Layout(folder / "data")
    write_alerts(layout, catalogues.AS_OF)
    write_job_runs(layout, catalogues.AS_OF)
    catalogues.hostile(folder)
    layout.reports.mkdir()
    return layout


def test_policy_blocks_nothing_the_page_needs(browser: Browser, layout: Layout) -> None:
    wrong: list[str] = []
    asked: list[str] = []
    with serving(layout) as client:
        page = browser.new_page()
        page.set_default_timeout(PATIENT_MS)
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{client.base_url}/?from=2026-11-01&to=2026-11-24")
        page.wait_for_selector('[data-chart="outcomes"] .barlayer .point path')
        page.get_by_role("link", name="7 days").click()
        page.wait_for_url("**from=2026-11-18**")
        page.wait_for_selector('[data-chart="outcomes"] .barlayer .point path')
        assert page.get_by_role("link", name="7 days").get_attribute("aria-current") == "true"
        with page.expect_download() as download:
            page.locator("#outcomes").get_by_role("link", name="CSV").click()
        assert Path(download.value.path()).read_text().startswith("date,")
        page.get_by_role("link", name="Dead letters").click()
        page.wait_for_selector("h1")
        assert page.get_by_role("link", name="Dead letters").get_attribute("aria-current") == "page"
        page.close()
        assert all(url.startswith((str(client.base_url), "data:", "blob:")) for url in asked)
    assert wrong == []


def test_controls_change_the_page_without_loading_it_again(
    browser: Browser, layout: Layout
) -> None:
    wrong: list[str] = []
    with serving(layout) as client:
        page = browser.new_page()
        page.set_default_timeout(PATIENT_MS)
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(f"{client.base_url}/delivery?from=2026-11-01&to=2026-11-24")
        page.wait_for_selector(DRAWN)
        page.evaluate("() => { window.sameDocument = true }")
        page.focus("[name=network]")
        page.select_option("[name=network]", "226-10")
        page.wait_for_url("**network=226-10**")
        page.wait_for_selector(DRAWN)
        assert "20 messages" in page.locator("h1").inner_text()
        assert page.evaluate("() => document.activeElement.name") == "network"
        page.select_option("[name=status]", "undelivered")
        page.wait_for_url("**status=undelivered**")
        page.select_option("[name=compare]", "week")
        page.wait_for_url("**compare=week**")
        assert "undelivered" in page.locator("h1").inner_text()
        page.go_back()
        page.go_back()
        page.wait_for_function(
            "() => document.querySelector('[name=status]').value === 'delivered'"
        )
        page.get_by_role("link", name="90 days").click()
        page.wait_for_url("**from=2026-08-27**")
        page.wait_for_function(VALUE, arg=["network", "226-10"])
        assert page.evaluate("() => window.sameDocument")
        page.get_by_role("link", name="Latency").click()
        page.wait_for_selector('[data-chart="percentiles"] svg')
        assert "network=226-10" in page.url
        page.close()
    assert wrong == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_on_the_site(
    browser: Browser, layout: Layout, scheme: Literal["light", "dark"]
) -> None:
    with serving(layout) as client:
        page = browser.new_page(color_scheme=scheme)
        page.set_default_timeout(PATIENT_MS)
        for path in ("/", ALERTS, DEAD_LETTERS, JOBS):
            page.goto(f"{client.base_url}{path}")
            page.wait_for_selector("h1")
            found = Axe().run(page, options={"preload": False}).response["violations"]
            assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == [], path
        page.close()


def test_on_a_telephone_the_menu_shows_where_one_is(browser: Browser, layout: Layout) -> None:
    with serving(layout) as client:
        page = browser.new_page(viewport={"width": 390, "height": 800})
        page.set_default_timeout(PATIENT_MS)
        for path in (JOBS, "/data-quality"):
            page.goto(f"{client.base_url}{path}")
            page.wait_for_function(CURRENT_IS_IN_SIGHT)
        page.locator(".menu").get_by_role("link", name="Overview").click()
        page.wait_for_url("**/?**")
        page.wait_for_function(CURRENT_IS_IN_SIGHT)
        page.close()


def test_controls_work_without_a_script(browser: Browser, layout: Layout) -> None:
    with serving(layout) as client:
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.set_default_timeout(PATIENT_MS)
        page.goto(f"{client.base_url}/networks/226-10?from=2026-11-01&to=2026-11-24")
        page.fill("[name=from]", "2026-11-10")
        page.select_option("[name=compare]", "none")
        page.get_by_role("button", name="Show").click()
        page.wait_for_url("**from=2026-11-10**")
        assert "/networks/226-10?" in page.url
        assert page.locator("[name=compare]").input_value() == "none"
        assert page.locator("h1").is_visible()
        context.close()
