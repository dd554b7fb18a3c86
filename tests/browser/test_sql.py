"""The SQL console in a real browser: keyboard, answers, hostile cells, the address, and axe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from analytics.sandbox import Limits
from eventlog.layout import Layout
from reports.console import Console
from tests.browser.conftest import PATIENT_MS
from tests.reports import catalogues
from tests.reports.test_routes import serving

ANSWERED = """() => {
    const told = document.querySelector("[data-told]").textContent;
    return told !== "" && told !== "Running…";
}"""
HEADED = "name => document.querySelector('[data-rows] th')?.textContent.startsWith(name)"
TYPED = "text => document.querySelector('.cm-content').textContent.includes(text)"
TOLD = "text => document.querySelector('[data-told]').textContent === text"
FILLED = "rows => document.querySelector('[data-rows]').dataset.filled === String(rows)"
AT_LEAST = "rows => document.querySelectorAll('[data-rows] tbody tr').length >= rows"
TO_THE_END = """() => {
    const rows = document.querySelector("[data-rows]");
    rows.scrollTop = rows.scrollHeight;
}"""
HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    made = catalogues.hostile(tmp_path_factory.mktemp("console"))
    layout = Layout(made.path.parent)
    layout.reports.mkdir(exist_ok=True)
    console = Console(layout.catalogue, limits=Limits(seconds=600, gives_way=False))
    with serving(layout, console=console) as client:
        yield f"{client.base_url}".rstrip("/") + "/sql"
    console.close()


@pytest.fixture
def wrong() -> list[str]:
    return []


@pytest.fixture
def page(browser: Browser, wrong: list[str]) -> Iterator[Page]:
    page = browser.new_page()
    page.set_default_timeout(PATIENT_MS)
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: wrong.append(dialog.message))
    yield page
    page.close()


def asked(page: Page, address: str, sql: str) -> None:
    page.goto(f"{address}#q={quote(sql)}")
    page.wait_for_function(ANSWERED)


def test_a_query_is_typed_completed_run_and_kept_in_the_address(
    page: Page, wrong: list[str], address: str
) -> None:
    page.goto(address)
    page.wait_for_selector(".cm-content")
    page.keyboard.type("select network from network_per")
    page.wait_for_selector(".cm-tooltip-autocomplete [aria-selected]")
    page.wait_for_timeout(150)  # a completion is taken by a key only when it has been seen a while
    page.keyboard.press("Tab")
    page.wait_for_function(TYPED, arg="network_performance")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")
    page.wait_for_function(ANSWERED)
    assert page.locator("[data-rows] tbody tr").count() > 0
    assert "#q=select%20network" in page.url
    page.locator("[data-list] a").first.click()
    page.wait_for_function(HEADED, arg="messages")
    page.go_back()
    page.wait_for_function(HEADED, arg="network")
    assert wrong == []


def test_hostile_cells_and_names_stay_text(page: Page, wrong: list[str], address: str) -> None:
    sql = "select 'HOSTILE' || i as \"<b>n</b>\", i from range(3) t(i)"
    asked(page, address, sql.replace("HOSTILE", HOSTILE))
    page.wait_for_selector("[data-place][data-drawn]")
    assert page.locator("[data-rows] td").first.inner_text() == f"{HOSTILE}0"
    assert page.locator("main img, main script:not([type]), [data-rows] b").count() == 0
    assert page.locator("[data-place] svg a, [data-place] svg image").count() == 0
    asked(page, address, "select chr(27) || chr(8238) || 'x' as a")
    page.wait_for_function("() => document.querySelector('[data-rows] td')?.textContent === '␛�x'")
    assert wrong == []


def test_ten_thousand_rows_are_shown_and_the_cut_is_said(
    page: Page, wrong: list[str], address: str
) -> None:
    asked(page, address, "select i, md5(i::varchar) as hash from range(20_000) t(i)")
    page.wait_for_function(FILLED, arg=10_000)
    assert page.locator("[data-rows] tbody tr").count() == 10_000
    assert "The first 10,000 rows" in page.locator("[data-answer-title]").inner_text()
    assert "There are more rows" in page.locator("[data-reading]").inner_text()
    assert wrong == []


def test_a_wide_answer_comes_as_one_scrolls_and_is_printed_whole(
    page: Page, wrong: list[str], address: str
) -> None:
    columns = ", ".join(["select i", *(f"i + {nth} as column_{nth}" for nth in range(19))])
    asked(page, address, f"{columns} from range(20_000) t(i)")
    page.wait_for_function(AT_LEAST, arg=2_000)
    page.wait_for_timeout(500)
    assert page.locator("[data-rows] tbody tr").count() == 2_000
    page.evaluate(TO_THE_END)
    page.wait_for_function(AT_LEAST, arg=2_400)
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("[data-rows] tbody tr").count() == 10_000
    assert wrong == []


def test_an_answer_is_a_chart_and_a_file(page: Page, wrong: list[str], address: str) -> None:
    sql = "select '=1+1' as a, 2 as b union all select 'x,\"y\"', null union all select null, 3"
    asked(page, address, sql)
    page.wait_for_selector("[data-place] .point path")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    text = Path(download.value.path()).read_bytes().decode()
    assert text == 'a,b\r\n\'=1+1,2\r\n"x,""y""",\r\n,3\r\n'
    page.get_by_role("button", name="Chart").click()
    assert not page.locator("[data-figure]").is_visible()
    assert wrong == []


def test_a_mistake_is_told_and_a_query_can_be_cancelled(page: Page, address: str) -> None:
    asked(page, address, "select nonsense from messages")
    assert "nonsense" in page.locator("[data-rows]").inner_text()
    page.route("**/sql/answers", lambda _: None)  # it is asked, and never answered
    page.get_by_role("button", name="Run").click()
    page.get_by_role("button", name="Cancel").click()
    page.wait_for_function(TOLD, arg="Cancelled.")
    assert page.get_by_role("button", name="Run").is_enabled()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_console_is_accessible(
    browser: Browser, address: str, scheme: Literal["light", "dark"], width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.set_default_timeout(PATIENT_MS)
    asked(page, address, "select network, messages, null as n from network_performance")
    page.locator("[data-names] summary").first.click()
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    page.close()
