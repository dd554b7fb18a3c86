"""The site over real HTTP: pages, files, and one clear sentence when there is nothing to show."""

from __future__ import annotations

import csv
import html
import io
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import polars as pl
import pytest
import uvicorn
from litestar import Litestar

from eventlog.layout import Layout
from reports import assets
from reports.console import Console
from reports.environment import asset_address
from reports.nouns import OVERVIEW, PAGES
from reports.reader import Reader
from reports.routes import site_routes
from tests.analytics.make_catalogue import make_catalogue
from tests.serving import wait_until

AS_OF = datetime(2026, 11, 24, 12, tzinfo=UTC)
WEBHOOK = "http://127.0.0.1:8090/webhooks/smso"


@contextmanager
def serving(
    layout: Layout, time_limit_seconds: float = 60, console: Console | None = None
) -> Iterator[httpx.Client]:
    reader = Reader(1, time_limit_seconds)
    routes = site_routes(layout, reader, webhook=WEBHOOK, console=console)
    try:
        with served(Litestar([routes], openapi_config=None, logging_config=None)) as client:
            yield client
    finally:
        reader.close()


@contextmanager
def served(app: Any) -> Iterator[httpx.Client]:
    """Serve an ASGI application over HTTP."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="on"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            while not server.started:
                assert thread.is_alive()
                time.sleep(0.01)
            with httpx.Client(base_url=address, timeout=60) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    made = make_catalogue(tmp_path_factory.mktemp("data"), AS_OF, count=500, days=10)
    made.reports.mkdir(exist_ok=True)
    (made.reports / "of-october.html").write_text("<p>October</p>")
    return made


@pytest.fixture(scope="module")
def site(layout: Layout) -> Iterator[httpx.Client]:
    with serving(layout) as client:
        yield client


def test_overview_shows_the_period_asked_for(site: httpx.Client) -> None:
    for asked in ("", "?days=7", "?from=2026-11-20&to=2026-11-21"):
        answer = site.get(f"/{asked}")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "</html>" in answer.text
    assert "2026-11-21" in answer.text
    assert "https://" not in answer.text.replace("https://plotly.com", "")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("from=<b>soon", "from: expected a date like 2026-11-24, got &#39;&lt;b&gt;soon&#39;"),
        ("from=2026-11-02&to=2026-11-01", "before it begins"),
        ("days=none", "days: expected a number from 1 to"),
        ("days=999999999999", "days: expected a number from 1 to"),
    ],
)
def test_wrong_dates_are_answered_in_one_sentence(
    site: httpx.Client, asked: str, said: str
) -> None:
    answer = site.get(f"/?{asked}")
    assert answer.status_code == 400
    assert said in answer.text


@pytest.mark.parametrize("slug", [slug for slug in PAGES if slug != OVERVIEW])
def test_every_page_has_an_address(site: httpx.Client, slug: str) -> None:
    answer = site.get(f"/{slug}?days=7&compare=week&network=226-10")
    assert answer.status_code == 200
    assert f'aria-current="page">{PAGES[slug]}' in answer.text
    assert site.head(f"/{slug}").status_code == 200


def test_a_network_has_a_page(site: httpx.Client) -> None:
    assert "Orange" in site.get("/networks/226-10?days=7").text
    assert site.get("/networks/%3Cb%3E").status_code == 400
    assert site.get("/networks/999-99?days=7").status_code == 200


@pytest.mark.parametrize("asked", ["network=226", "status=lost", "compare=%3Cb%3E"])
def test_what_cannot_be_shown_is_answered_in_one_sentence(site: httpx.Client, asked: str) -> None:
    answer = site.get(f"/?{asked}")
    assert answer.status_code == 400
    assert "expected" in answer.text


def test_a_page_that_is_still_right_is_not_sent_again(site: httpx.Client) -> None:
    first = site.get("/delivery?days=3")
    assert first.headers["Content-Encoding"] == "gzip"
    again = site.get("/delivery?days=3", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    plain = site.get("/delivery?days=3", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert plain.text == first.text


def test_export_is_sent_as_a_file_and_leaves_nothing_behind(
    site: httpx.Client, layout: Layout
) -> None:
    answer = site.get("/exports/messages.csv?from=2026-11-20&to=2026-11-21")
    assert answer.headers["Content-Type"] == "text/csv; header=present; charset=utf-8"
    name = "messages-from-2026-11-20-to-2026-11-21.csv"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    rows = list(csv.DictReader(io.StringIO(answer.text), strict=True))
    assert {row["sent_date"] for row in rows} == {"2026-11-20", "2026-11-21"}
    assert {row["number"][:10] for row in rows} == {"'+40722•••"}
    wait_until(lambda: list(layout.exports.iterdir()) == [], "nothing is left behind")


def test_export_comes_in_every_format(site: httpx.Client) -> None:
    parquet = site.get("/exports/network_performance.parquet?from=2026-11-20")
    assert int(parquet.headers["Content-Length"]) == len(parquet.content)
    assert "mnc" in pl.read_parquet(io.BytesIO(parquet.content)).columns
    assert site.get("/exports/networks.xlsx").content.startswith(b"PK")


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("nope.csv", 404, "no view is called &#39;nope&#39;; there are: "),
        ("mesages.csv", 404, "no view is called &#39;mesages&#39;; did you mean messages?"),
        ("messages.exe", 404, "ends in .csv"),
        ("messages", 404, "ends in .csv"),
        ("%00.csv", 404, "no view is called"),
        ("networks.csv?from=2026-11-01", 400, "networks has no dates"),
        ("messages.csv?from=soon", 400, "from: expected a date"),
        ("messages.csv?from=2026-11-02&to=2026-11-01", 400, "before it begins"),
    ],
)
def test_what_cannot_be_exported_is_said(
    site: httpx.Client, address: str, status: int, said: str
) -> None:
    answer = site.get(f"/exports/{address}")
    assert (answer.status_code, said in answer.text) == (status, True)


def test_static_files_are_kept_for_ever_and_compressed(site: httpx.Client) -> None:
    plotly = site.get(asset_address(assets.PLOTLY))
    assert plotly.headers["Content-Encoding"] == "gzip"
    assert "immutable" in plotly.headers["Cache-Control"]
    assert "window.Plotly=" in plotly.text
    font = site.get(asset_address("inter-5.3.0-latin.woff2"))
    assert font.headers["Content-Type"] == "font/woff2"
    assert "Content-Encoding" not in font.headers


def test_pages_name_only_files_that_are_there(site: httpx.Client) -> None:
    page = site.get("/").text
    named = {part.split('"')[0] for part in page.split('"/static/')[1:]}
    assert named
    assert {site.get(f"/static/{name}").status_code for name in named} == {200}


def test_built_reports_are_served_and_nothing_else(site: httpx.Client, layout: Layout) -> None:
    assert "October" in site.get("/reports/of-october.html").text
    (layout.reports / "elsewhere").symlink_to(layout.root)
    for path in ("../analytics.duckdb", "%2e%2e/analytics.duckdb", "..%2fanalytics.duckdb"):
        assert raw_status(site, f"/reports/{path}") == 404
    for path in ("../../../../../../etc/passwd", "%2fetc/passwd", "/etc/passwd"):
        assert raw_status(site, f"/static/{path}") == 404
        assert raw_status(site, f"/reports/{path}") == 404
    for path in ("%00", "x%00y", "x" * 300, "x/" * 3_000, "of-october.html/x", "%ed%a0%80"):
        assert raw_status(site, f"/reports/{path}") == 404, path


def raw_status(site: httpx.Client, path: str) -> int:
    """Ask without the client's tidying of paths."""
    with socket.create_connection((site.base_url.host, site.base_url.port or 0)) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        return int(connection.makefile("rb").readline().split()[1])


@pytest.mark.parametrize(
    "path", ["/", "/?from=x", "/exports/nope.csv", "/static/nope.js", "/reports/of-october.html"]
)
def test_every_answer_carries_the_security_headers(site: httpx.Client, path: str) -> None:
    headers = site.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_before_anything_is_published_the_site_says_that_it_starts(tmp_path: Path) -> None:
    with serving(Layout(tmp_path / "data")) as site:
        for path in ("/", "/exports/messages.csv"):
            answer = site.get(path)
            assert answer.status_code == 503
            assert answer.headers["Retry-After"] == "5"
            assert "Starting" in answer.text


def test_question_past_the_time_limit_is_given_up(layout: Layout) -> None:
    with serving(layout, time_limit_seconds=0.01) as site:
        answer = site.get("/")
    assert (answer.status_code, "no answer within" in answer.text) == (504, True)


def test_a_card_is_had_as_rows_of_what_it_shows(site: httpx.Client) -> None:
    asked = "from=2026-11-20&to=2026-11-21&network=226-10"
    answer = site.get(f"/cards/delivery/outcomes.csv?{asked}")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="delivery-outcomes.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text), strict=True))
    named = site.get(f"/networks/226-10?{asked}").text
    total = sum(int(row["messages"]) for row in rows)
    assert total > 0
    assert f"{total:,} messages" in named
    for address in ("delivery/none.csv", "none/outcomes.csv", "delivery/outcomes.xlsx"):
        assert site.get(f"/cards/{address}").status_code == 404
    assert site.get("/cards/delivery/outcomes.csv?network=x").status_code == 400


@pytest.mark.parametrize("slug", [*PAGES, "networks/226-10"])
def test_every_card_of_a_page_has_its_rows(site: httpx.Client, slug: str) -> None:
    page = site.get(f"/{'' if slug == OVERVIEW else slug}?days=9").text
    named = set(re.findall(r'href="(/cards/[^"]+)"', page))
    assert named
    for address in named:
        answer = site.get(html.unescape(address))
        assert answer.status_code == 200, address
        assert len(answer.text.splitlines()) > 1 or address.startswith("/cards/networks/flows")


@pytest.mark.parametrize("path", ["/dead-letters", "/jobs", "/alerts"])
def test_head_says_what_get_would(site: httpx.Client, path: str) -> None:
    answer = site.head(path)
    assert (answer.status_code, answer.content) == (200, b"")


def test_head_of_an_export_tells_of_it_and_makes_nothing(site: httpx.Client) -> None:
    answer = site.head("/exports/messages.csv?from=2026-11-20")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["Content-Disposition"].endswith('"messages-from-2026-11-20.csv"')
    assert site.head("/exports/nope.csv").status_code == 404
    assert site.head("/exports/networks.csv?from=2026-11-20").status_code == 400
