"""The routes of the site: the overview, exports, built reports, and the files that pages need.

GET /                    the overview, ?from=&to= or ?days=, and ?network=&status=&compare=
GET /delivery …          the other pages, asked the same
GET /networks/MCC-MNC    one network
GET /dead-letters        why webhooks could not be decoded
GET /jobs                how the jobs are
GET /alerts              what is wrong now, and what was
GET /sql, POST /sql/…    the SQL console: see `reports.sql_routes`
GET /exports/…, /cards/… files to keep: see `reports.downloads`
GET /reports/…           what `report` wrote
GET /static/…            styles, scripts and fonts, under names that change with them

Questions are answered by the reader processes. What cannot be answered is said in one sentence.
"""

from __future__ import annotations

import gzip
import logging
import mimetypes
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from litestar import MediaType, Request, Response, Router, get, route
from litestar.connection import ASGIConnection
from litestar.exceptions import NotFoundException
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.params import FromPath
from litestar.static_files import create_static_files_router
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from analytics.failures import CatalogueError, CatalogueMissing
from eventlog.layout import Layout
from reports import assets, questions
from reports.asked import AskedError
from reports.console import Console
from reports.downloads import ASK_AGAIN, asked_of, download_routes
from reports.environment import STATIC, notice_page
from reports.failures import ExportError, UnknownViewError
from reports.links import ALERTS, DEAD_LETTERS, JOBS, MENU, SIGN_OUT, SIGNED_IN, path
from reports.nouns import NETWORK, OVERVIEW, PAGES
from reports.period import PeriodError
from reports.reader import Reader, ReaderClosedError, ReaderError, ReaderTimeoutError
from reports.served import Kept, Served
from reports.sql_routes import sql_routes

log = logging.getLogger(__name__)

AnyRequest = Request[Any, Any, Any]
MenuOf = Callable[[AnyRequest], tuple[tuple[str, str], ...]]

RETRY_SECONDS = "5"
FOR_EVER = "public, max-age=31536000, immutable"
FILE_PATH_BYTES_MAX = 255
COMPRESSED_ENDINGS = (".css", ".js")
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
SECURITY_HEADERS = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


class _Spoken(NamedTuple):
    """How an expected error is told; without a text it speaks for itself."""

    status: int
    title: str
    text: str = ""


SPOKEN: dict[type[Exception], _Spoken] = {
    PeriodError: _Spoken(400, "That is not a period"),
    AskedError: _Spoken(400, "That cannot be shown"),
    ExportError: _Spoken(400, "That cannot be exported"),
    UnknownViewError: _Spoken(404, "No such view"),
    CatalogueMissing: _Spoken(503, "Starting", "The first figures are on their way."),
    CatalogueError: _Spoken(503, "No answer", "The figures could not be read this time."),
    ReaderError: _Spoken(503, "No answer"),
    ReaderTimeoutError: _Spoken(504, "No answer"),
}


def site_routes(
    layout: Layout,
    reader: Reader,
    *,
    menu: tuple[tuple[str, str], ...] = MENU,
    webhook: str,
    show_personal_data: bool = False,
    console: Console | None = None,
) -> Router:
    """Return the site of one data directory; every answer carries the security headers.

    `menu` has the other pages, as (name, address); `webhook` is the address shown to a newcomer.
    `show_personal_data` is for the console; pages and exports never do. Without a `console` it is
    made, with the usual limits.
    """

    def menu_of(request: AnyRequest) -> tuple[tuple[str, str], ...]:
        """Return the menu for who asks: one who has signed in may sign out."""
        signed_in = dict(request.scope).get(SIGNED_IN)
        return (*menu, ("Sign out", SIGN_OUT)) if signed_in else menu

    return Router(
        "/",
        route_handlers=[
            *_page_routes(Served(reader, layout, webhook), menu_of),
            *_told_routes(layout, reader, menu_of),
            *download_routes(layout, reader),
            *sql_routes(
                console or Console(layout.catalogue),
                reader,
                menu_of,
                show_personal_data=show_personal_data,
            ),
            _static_handler(),
            create_static_files_router(
                "/reports",
                [layout.reports],
                html_mode=True,
                guards=[_could_be_a_file],
            ),
        ],
        exception_handlers=dict.fromkeys(SPOKEN, _speak),
        middleware=[_secured],
        include_in_schema=False,
    )


def _page_routes(served: Served, menu_of: MenuOf) -> list[HTTPRouteHandler]:
    """Return the handlers of the pages of a period."""

    @route([path(slug) for slug in PAGES], http_method=["GET", "HEAD"])
    async def page(request: AnyRequest) -> Response[bytes]:
        """Show a page of a period."""
        slug = request.url.path.strip("/") or OVERVIEW
        return _kept(request, await served.page(slug, asked_of(request), menu_of(request)))

    @route("/networks/{code:str}", http_method=["GET", "HEAD"])
    async def network(request: AnyRequest, code: FromPath[str]) -> Response[bytes]:
        """Show the page of one network."""
        asked = asked_of(request) | {"network": code}
        return _kept(request, await served.page(NETWORK, asked, menu_of(request)))

    return [page, network]


def _told_routes(layout: Layout, reader: Reader, menu_of: MenuOf) -> list[HTTPRouteHandler]:
    """Return the handlers of the pages that are of no period."""

    @route(DEAD_LETTERS, http_method=["GET", "HEAD"])
    async def dead_letters(request: AnyRequest) -> Response[bytes]:
        """Show why webhooks could not be decoded, and the latest of them."""
        return _html(await reader.run(questions.dead_letters, layout.catalogue, menu_of(request)))

    @route(JOBS, http_method=["GET", "HEAD"])
    async def job_runs(request: AnyRequest) -> Response[bytes]:
        """Show how the last runs of the jobs ended."""
        return _html(await reader.run(questions.job_runs, layout.catalogue, menu_of(request)))

    @route(ALERTS, http_method=["GET", "HEAD"])
    async def alerts(request: AnyRequest) -> Response[bytes]:
        """Show what is wrong now, and what was of late."""
        return _html(await reader.run(questions.alerts, layout.catalogue, menu_of(request)))

    return [dead_letters, job_runs, alerts]


def _html(page: bytes, status: int = 200, **headers: str) -> Response[bytes]:
    headers = {"Cache-Control": ASK_AGAIN, **headers}
    return Response(page, status_code=status, media_type=MediaType.HTML, headers=headers)


def _kept(request: AnyRequest, page: Kept) -> Response[bytes]:
    """Send a page, compressed for who takes it so, or say that the one they have is still right."""
    fresh = request.headers.get("If-None-Match") == page.tag
    answer = _html(b"" if fresh else page.body, 304 if fresh else 200)
    answer.headers |= {"ETag": page.tag, "Vary": "Accept-Encoding"}
    if fresh:
        return answer
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        answer.headers["Content-Encoding"] = "gzip"
    else:
        answer.content = gzip.decompress(page.body)
    return answer


def _speak(_: AnyRequest, error: Exception) -> Response[bytes]:
    """Answer an expected error with a page of one sentence; the browser asks again by itself."""
    spoken = next(SPOKEN[kind] for kind in type(error).__mro__ if kind in SPOKEN)
    page = notice_page(spoken.title, spoken.text or f"{error}.")
    if spoken.status < 500:
        return _html(page, spoken.status)
    if not isinstance(error, ReaderClosedError):
        told = f"{type(error).__name__}: {error}"
        log.warning("site question not answered", extra={"error": told})
    return _html(page, spoken.status, **{"Retry-After": RETRY_SECONDS, "Refresh": RETRY_SECONDS})


def _could_be_a_file(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Refuse a path that no file can have, before the disk does; no folder of ours has a dot."""
    asked = connection.scope["path"]
    folders = asked.rpartition("/")[0]
    if "\0" in asked or "." in folders or len(asked.encode()) > FILE_PATH_BYTES_MAX:
        raise NotFoundException("no file is called that")


def _static_handler() -> HTTPRouteHandler:
    """Return the handler of styles, scripts and fonts, which are read once and kept."""
    names = {assets.file_name(name): name for name in assets.ALL}

    @lru_cache(maxsize=len(names))
    def body(name: str, compressed: bool) -> bytes:
        return gzip.compress(body(name, False), mtime=0) if compressed else assets.content(name)

    @get(f"{STATIC}/{{name:str}}", sync_to_thread=True)
    def static(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
        """Send a file that a page needs."""
        if name not in names:
            raise NotFoundException(f"no file is called {name[:40]!r}")
        accepted = "gzip" in request.headers.get("Accept-Encoding", "")
        compressed = accepted and name.endswith(COMPRESSED_ENDINGS)
        headers = {"Cache-Control": FOR_EVER, "Vary": "Accept-Encoding"}
        if compressed:
            headers["Content-Encoding"] = "gzip"
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Response(body(names[name], compressed), media_type=media_type, headers=headers)

    return static


def _secured(app: ASGIApp) -> ASGIApp:
    """Put the security headers on every answer, errors included."""

    async def secured(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *SECURITY_HEADERS]
            await send(message)

        await app(scope, receive, send_secured)

    return secured
