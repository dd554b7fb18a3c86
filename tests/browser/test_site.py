"""The site's page under its own security policy, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from eventlog.layout import Layout
from tests.reports import catalogues
from tests.reports.test_routes import serving


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
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{client.base_url}/?from=2026-11-01&to=2026-11-24")
        page.wait_for_selector('[data-chart="delivery"] .barlayer .point path')
        page.get_by_role("link", name="7 days").click()
        page.wait_for_selector('[data-chart="delivery"] .barlayer .point path')
        assert page.get_by_role("link", name="7 days").get_attribute("aria-current") == "true"
        with page.expect_download() as download:
            page.locator("#delivery").get_by_role("link", name="CSV").click()
        assert Path(download.value.path()).read_text().startswith("date,")
        page.get_by_role("link", name="Dead letters").click()
        page.wait_for_selector("h1")
        assert page.get_by_role("link", name="Dead letters").get_attribute("aria-current") == "page"
        page.close()
        assert all(url.startswith((str(client.base_url), "data:", "blob:")) for url in asked)
    assert wrong == []
