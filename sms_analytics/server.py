"""The HTTP application: the endpoint in front of the site and the probes.

Beyond loopback there is no site: nothing asks its readers for a password yet.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from litestar import Litestar, MediaType, Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.plugins.problem_details import ProblemDetailsConfig, ProblemDetailsPlugin
from litestar.types import ControllerRouterHandler

from ingest.answers import PROBLEM, problem_content
from ingest.gate import Gate
from ingest.routes import Endpoint
from ingest.writer import JournalWriter
from reports.reader import Reader
from reports.routes import site_routes
from sms_analytics.jobs import utc_now
from sms_analytics.settings import Settings

AnyRequest = Request[Any, Any, Any]

log = logging.getLogger(__name__)


def create_app(
    settings: Settings,
    journal: JournalWriter,
    reader: Reader,
    webhook_url: str,
    jobs_are_alive: Callable[[], bool],
    *,
    gate: Gate | None = None,
    with_site: bool = True,
) -> Endpoint:
    """Return the application. What it needs is made, and closed, by the caller.

    `webhook_url` is what the site shows to a newcomer; without a `gate` everybody may post.
    """
    routes: list[ControllerRouterHandler] = [*probes(journal, jobs_are_alive)]
    if with_site:
        routes.append(site_routes(settings.layout, reader, webhook=webhook_url))
    return Endpoint(journal, utc_now, otherwise=application(routes), gate=gate)


def application(routes: list[ControllerRouterHandler]) -> Litestar:
    """Return an application that answers what goes wrong with problem documents."""
    return Litestar(
        route_handlers=routes,
        plugins=[ProblemDetailsPlugin(ProblemDetailsConfig(enable_for_all_http_exceptions=True))],
        exception_handlers={500: _fault},
        openapi_config=None,
        logging_config=None,
    )


def _fault(request: AnyRequest, error: Exception) -> Response[Any]:
    """Answer what nobody foresaw, and log it. The route is its pattern: it has no token in it."""
    log.error("request failed", exc_info=error, extra={"route": request.scope["path_template"]})
    content = problem_content(500, "Something went wrong here", "It has been logged.")
    return Response(content, status_code=500, media_type=PROBLEM)


def probes(journal: JournalWriter, jobs_are_alive: Callable[[], bool]) -> list[HTTPRouteHandler]:
    """Return the routes that tell a supervisor how the server is."""

    @get("/healthz", media_type=MediaType.TEXT, include_in_schema=False)
    async def healthz() -> str:
        """Tell that the process answers."""
        return "ok\n"

    @get("/readyz", include_in_schema=False)
    async def readyz() -> Response[dict[str, bool]]:
        """Tell whether webhooks are taken and sealed."""
        checks = {"journal": journal.is_open(), "jobs": jobs_are_alive()}
        return Response(checks, status_code=200 if all(checks.values()) else 503)

    return [healthz, readyz]
