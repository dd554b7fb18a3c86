"""The site's page under its own security policy, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from eventlog.layout import Layout
from tests.browser.conftest import PATIENT_MS
from tests.reports import catalogues
from tests.reports.test_routes import serving

DRAWN = '[data-chart="outcomes"] .barlayer .point path'
VALUE = "([name, value]) => document.querySelector(`[name=${name}]`).value === value"


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    made = catalogues.hostile(tmp_path_factory.mktemp("site"))
    layout = Layout(made.path.parent)
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
