"""The routes of the SQL console.

GET  /sql           the page: an editor, what can be asked, and questions to start from
POST /sql/answers   {"sql": …} ──▶ {"columns": […], "types": […], "rows": [[…]], "is_cut": …}

A query is in the body, and in the address only behind its `#`: it may name somebody's number, and
addresses are logged. When the browser goes away or asks no more, the query is stopped.
"""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import msgspec
from litestar import MediaType, Request, Response, get, post
from litestar.handlers import HTTPRouteHandler

from analytics.failures import CatalogueError, CatalogueMissing, QueryFailed, QueryRefused
from reports import questions
from reports.console import Console, ConsoleBusyError
from reports.links import SIGNED_IN, SQL
from reports.personal import disguise
from reports.reader import Reader

AnyRequest = Request[Any, Any, Any]
Menu = tuple[tuple[str, str], ...]

BODY_BYTES_MAX = 128 * 1024
BODY_SECONDS_MAX = 10.0
JSON = "application/json"
PROBLEM = "application/problem+json"
BUSY = "Other queries are being answered. Try again in a moment."
GONE = 499  # nobody is there to read it
STATUS: dict[type[Exception], tuple[int, str]] = {
    QueryFailed: (422, "The query failed"),
    QueryRefused: (422, "That cannot be asked"),
    CatalogueMissing: (503, "Nothing to ask yet"),
    ConsoleBusyError: (503, "Busy"),
}


class _Query(msgspec.Struct):
    sql: str


class _NotAskedError(Exception):
    """The request is no query: its status, and why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


def sql_routes(
    console: Console,
    reader: Reader,
    menu_of: Callable[[AnyRequest], Menu],
    *,
    show_personal_data: bool,
) -> list[HTTPRouteHandler]:
    """Return the console's routes; `menu_of` gives the menu for who asks."""

    def disguise_for(request: AnyRequest) -> dict[str, Any]:
        signed_in = bool(dict(request.scope).get(SIGNED_IN))
        return disguise(show_personal_data=show_personal_data, signed_in=signed_in)

    @get(SQL)
    async def sql_page(request: AnyRequest) -> Response[bytes]:
        """Show the console."""
        hidden = disguise_for(request)
        page = await reader.run(
            questions.sql_page, console.path, menu_of(request), hidden, console.limits
        )
        headers = {"Cache-Control": "private, no-cache"}
        return Response(page, media_type=MediaType.HTML, headers=headers)

    @post(f"{SQL}/answers", request_max_body_size=BODY_BYTES_MAX)
    async def sql_answers(request: AnyRequest) -> Response[bytes]:
        """Answer a query."""
        try:
            sql = await _sql_of(request)
            rows = await _unless_gone(request, console.ask(sql, disguise_for(request)))
        except _NotAskedError as error:
            return _problem(error.status, "That is no query", str(error))
        except (CatalogueError, ConsoleBusyError) as error:
            status, title = STATUS.get(type(error), (503, "No answer"))
            return _problem(status, title, str(error) or BUSY)
        if rows is None:
            return Response(b"", status_code=GONE)
        return _answer(request, rows)

    return [sql_page, sql_answers]


async def _sql_of(request: AnyRequest) -> str:
    """Read the query. Raises `_NotAskedError`: other sites' forms cannot send JSON."""
    if request.headers.get("Content-Type", "").partition(";")[0].strip() != JSON:
        raise _NotAskedError(415, f"a query is sent as {JSON}")
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise _NotAskedError(403, "it came from another site")
    try:
        async with asyncio.timeout(BODY_SECONDS_MAX):
            return msgspec.json.decode(await request.body(), type=_Query).sql
    except TimeoutError:
        raise _NotAskedError(408, "it did not come in time") from None
    except msgspec.DecodeError as error:
        raise _NotAskedError(400, str(error)) from error


async def _unless_gone(request: AnyRequest, asking: Any) -> bytes | None:
    """Return the rows, or None when the client has gone away meanwhile."""
    answer = asyncio.ensure_future(asking)
    gone = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({answer, gone}, return_when=asyncio.FIRST_COMPLETED)
        return await answer if answer.done() else None
    finally:
        for task in (answer, gone):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.wait({task})


async def _gone(request: AnyRequest) -> None:
    """Return when the client has closed the connection."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _answer(request: AnyRequest, compressed: bytes) -> Response[bytes]:
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        return Response(
            compressed,
            status_code=200,
            media_type=JSON,
            headers={**headers, "Content-Encoding": "gzip"},
        )
    return Response(gzip.decompress(compressed), status_code=200, media_type=JSON, headers=headers)


def _problem(status: int, title: str, detail: str) -> Response[bytes]:
    content = msgspec.json.encode({"title": title, "status": status, "detail": detail})
    headers = {"Cache-Control": "no-store"}
    if status == 503:
        headers["Retry-After"] = "5"
    return Response(content, status_code=status, media_type=PROBLEM, headers=headers)
