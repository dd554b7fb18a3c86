"""The SQL console over real HTTP: answers, refusals, and numbers only to whom they are due."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar

from analytics.examples import Example, examples
from analytics.failures import QueryFailed
from analytics.sandbox import Limits
from eventlog.layout import Layout
from reports import console as module
from reports.console import Console, ConsoleBusyError
from reports.links import SIGNED_IN
from reports.reader import Reader
from reports.sql_routes import sql_routes
from tests.analytics.make_catalogue import make_catalogue
from tests.reports.test_routes import AS_OF, served
from tests.serving import wait_until

PATIENT = Limits(seconds=600, gives_way=False)
ENDLESS = "select count(*) from range(1_000_000) a, range(1_000_000) b where a.range * b.range = 3"
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    return make_catalogue(tmp_path_factory.mktemp("console"), AS_OF, count=1_000, days=10)


@contextmanager
def site(
    console: Console, *, show_personal_data: bool = False, signed_in: bool = False
) -> Iterator[httpx.Client]:
    reader = Reader(1)
    routes = sql_routes(console, reader, lambda _: (), show_personal_data=show_personal_data)
    app: Any = Litestar(routes, openapi_config=None, logging_config=None)

    async def door(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, SIGNED_IN: signed_in}, receive, send)

    with served(door) as client:
        yield client
    reader.close()
    console.close()


@pytest.fixture(scope="module")
def client(layout: Layout) -> Iterator[httpx.Client]:
    with site(Console(layout.catalogue, limits=PATIENT)) as client:
        yield client


def ask(client: httpx.Client, sql: str) -> httpx.Response:
    return client.post("/sql/answers", json={"sql": sql})


def at_work() -> set[str]:
    """Return the processes that answer queries: children of the console's keeper, our child."""
    return {one for keeper in children("self") for one in children(keeper)}


def children(process: str) -> list[str]:
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    return [pid for task in tasks for pid in task.read_text().split()]


def test_an_answer_has_columns_types_and_rows_as_text(client: httpx.Client) -> None:
    answer = ask(client, "select 1.50::decimal(9, 2) as a, null as b, date '2026-11-24' as c")
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.json() == {
        "columns": ["a", "b", "c"],
        "types": ["DECIMAL(9,2)", "INTEGER", "DATE"],
        "rows": [["1.50", None, "2026-11-24"]],
        "is_cut": False,
    }
    plain = client.post("/sql/answers", json={"sql": "select 1"}, headers={"Accept-Encoding": ""})
    assert "Content-Encoding" not in plain.headers
    assert plain.json()["rows"] == [["1"]]


def test_a_long_answer_is_cut_and_says_so(client: httpx.Client) -> None:
    answer = ask(client, "select i, md5(i::varchar) from range(50_000) t(i)").json()
    assert (len(answer["rows"]), answer["is_cut"]) == (10_000, True)


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
def test_every_question_of_the_page_is_answered(client: httpx.Client, example: Example) -> None:
    answer = ask(client, example.sql)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("sql", "status", "title", "detail"),
    [
        ("selct 1", 422, "The query failed", "syntax error"),
        ("select delivred from delivery_daily", 422, "The query failed", "did you mean delivered"),
        ("from mesages", 422, "That cannot be asked", "did you mean messages"),
        ("from delivery_betwen(null, null)", 422, "That cannot be asked", "mean delivery_between"),
        ("drop view messages", 422, "That cannot be asked", "only one SELECT"),
        ("from internal.messages", 422, "That cannot be asked", "without a schema"),
        ("", 422, "That cannot be asked", "only one SELECT"),
        ("select '" + "x" * 30_000 + "'", 422, "That cannot be asked", "at most 20,000"),
    ],
)
def test_what_is_not_answered_is_said_in_one_sentence(
    client: httpx.Client, sql: str, status: int, title: str, detail: str
) -> None:
    answer = ask(client, sql)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["title"] == title
    assert detail in answer.json()["detail"]
    assert "\n" not in answer.json()["detail"]


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b'{"sql": "select 1"}', {"Content-Type": "text/plain"}, 415),
        (b"sql=select+1", {"Content-Type": "application/x-www-form-urlencoded"}, 415),
        (b'{"sql": "select 1"}', {**JSON, "Sec-Fetch-Site": "cross-site"}, 403),
        (b"{", JSON, 400),
        (b'{"sql": 1}', JSON, 400),
        (b'{"sql": "' + b"x" * 200_000 + b'"}', JSON, 413),
    ],
)
def test_what_is_no_query_is_refused(
    client: httpx.Client, content: bytes, headers: dict[str, str], status: int
) -> None:
    answer = client.post("/sql/answers", content=content, headers=headers)
    assert answer.status_code == status


def test_there_is_nothing_to_ask_before_there_is_a_catalogue(tmp_path: Path) -> None:
    with site(Console(tmp_path / "analytics.duckdb", limits=PATIENT)) as client:
        answer = ask(client, "select 1")
        assert (answer.status_code, answer.json()["title"]) == (503, "Nothing to ask yet")
        assert answer.headers["Retry-After"]


@pytest.mark.parametrize(
    ("allowed", "signed_in", "number_is_whole", "body_is_whole"),
    [
        (False, False, False, False),
        (False, True, False, False),
        (True, False, True, False),
        (True, True, True, True),
    ],
)
def test_numbers_and_texts_are_shown_to_those_they_are_due_to(
    layout: Layout, allowed: bool, signed_in: bool, number_is_whole: bool, body_is_whole: bool
) -> None:
    console = Console(layout.catalogue, limits=PATIENT)
    sql = "select number, body from replies where body is not null order by received_at limit 1"
    with site(console, show_personal_data=allowed, signed_in=signed_in) as client:
        ((number, body),) = ask(client, sql).json()["rows"]
        page = client.get("/sql").text
    assert ("•••" not in number) == number_is_whole
    assert (body != "•••") == body_is_whole
    assert ("Numbers are masked" in page) == (not number_is_whole)
    assert ("are shown whole" in page) == body_is_whole


def test_page_says_what_can_be_asked(client: httpx.Client) -> None:
    page = client.get("/sql")
    assert page.status_code == 200
    assert "delivery_total_daily" in page.text
    assert "quantile_of_cells(value, n, fraction)" in page.text
    assert "How was the last week?" in page.text


def test_a_query_that_nobody_waits_for_any_more_is_stopped(layout: Layout) -> None:
    with site(Console(layout.catalogue, limits=PATIENT)) as client:
        before = at_work()
        asking = threading.Thread(target=_ask_and_go, args=(str(client.base_url), before))
        asking.start()
        asking.join()
        wait_until(lambda: not at_work() - before, "the query has ended")


def _ask_and_go(url: str, before: set[str]) -> None:
    """Ask without an end; go away when the query is being answered."""

    async def go() -> None:
        async with httpx.AsyncClient(base_url=url, timeout=None) as client:
            asking = asyncio.create_task(client.post("/sql/answers", json={"sql": ENDLESS}))
            while not at_work() - before:
                await asyncio.sleep(0.05)
            asking.cancel()
            await asyncio.wait({asking})

    asyncio.run(go())


def test_who_finds_no_place_is_told_so(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.05)

    async def go() -> None:
        console = Console(layout.catalogue, places=1, limits=PATIENT)
        first = asyncio.create_task(console.ask(ENDLESS, {}))
        await asyncio.sleep(0)
        with pytest.raises(ConsoleBusyError):
            await console.ask("select 1", {})
        first.cancel()
        await asyncio.wait({first})
        assert await console.ask("select 1", {})
        console.close()

    asyncio.run(go())


def test_a_queue_has_an_end(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAITING_MAX", 3)

    async def go() -> None:
        console = Console(layout.catalogue, places=1, limits=PATIENT)
        asked = [asyncio.create_task(console.ask(ENDLESS, {})) for _ in range(4)]
        await asyncio.sleep(0)
        with pytest.raises(ConsoleBusyError):
            await console.ask("select 1", {})
        for each in asked:
            each.cancel()
        await asyncio.wait(asked)
        console.close()

    asyncio.run(go())


def test_a_query_has_its_time_and_no_more(layout: Layout) -> None:
    async def go() -> None:
        console = Console(layout.catalogue, limits=Limits(seconds=1, gives_way=False))
        with pytest.raises(QueryFailed, match=r"stopped after 1 seconds|too long"):
            await console.ask(ENDLESS, {})
        console.close()

    asyncio.run(go())
