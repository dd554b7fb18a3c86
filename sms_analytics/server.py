"""The HTTP application: all that is no webhook. The door of the site, the site and the probes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from litestar import Litestar, MediaType, Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.plugins.problem_details import ProblemDetailsConfig, ProblemDetailsPlugin
from litestar.types import ControllerRouterHandler

from eventlog.layout import Layout
from ingest.answers import PROBLEM, problem_content
from ingest.counters import Counters
from ingest.writer import JournalWriter
from reports.reader import Reader
from reports.routes import site_routes
from sms_analytics import openapi
from sms_analytics.asgi import App, with_head
from sms_analytics.clock import utc_now
from sms_analytics.exposition import CONTENT_TYPE, exposition
from sms_analytics.metrics import gather
from sms_analytics.readiness import Check, checks
from sms_analytics.settings import Settings
from sms_analytics.sign_in import SignIn

AnyRequest = Request[Any, Any, Any]

log = logging.getLogger(__name__)


def create_app(
    settings: Settings,
    journal: JournalWriter,
    reader: Reader,
    webhook_url: str,
    jobs_are_alive: Callable[[], bool],
    *,
    counters: Counters | None = None,
    password_required: bool = False,
) -> App:
    """Return the application. What it needs is made, and closed, by the caller.

    `webhook_url` is what the site shows to a newcomer. With `password_required` nobody sees the
    site before there is a password.
    """
    counters = counters or Counters(None)
    routes: list[ControllerRouterHandler] = [
        *probes(settings, journal, jobs_are_alive),
        site_routes(
            settings.layout,
            reader,
            webhook=webhook_url,
            show_personal_data=settings.reports.show_personal_data,
        ),
        metrics_route(settings.layout, counters, jobs_are_alive),
    ]
    door = SignIn(
        application(routes),
        settings.layout,
        reader,
        required=password_required,
        session_seconds=settings.server.session_hours * 3600,
        public_url=settings.server.public_url,
        behind_trusted_proxy=bool(settings.server.trusted_proxies),
        metrics_addresses=settings.server.metrics_addresses,
    )
    return with_head(door, costly="/exports/")


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


def probes(
    settings: Settings, journal: JournalWriter, jobs_are_alive: Callable[[], bool]
) -> list[HTTPRouteHandler]:
    """Return the routes that tell a supervisor how the server is."""
    started_at = utc_now()

    @get("/healthz", media_type=MediaType.TEXT, include_in_schema=False)
    async def healthz() -> str:
        """Tell that the process answers."""
        return "ok\n"

    @get("/readyz", include_in_schema=False)
    async def readyz() -> Response[dict[str, Check]]:
        """Tell whether webhooks are taken, and sealed, and have room."""
        now = utc_now()
        found = checks(
            settings,
            journal_is_open=journal.is_open(),
            jobs_are_alive=jobs_are_alive(),
            up=now - started_at,
            now=now,
        )
        ready = all(check.ok for check in found.values())
        return Response(found, status_code=200 if ready else 503)

    @get("/schema/openapi.json", include_in_schema=False)
    async def schema() -> dict[str, Any]:
        """Describe what is answered, for tools."""
        return openapi.document()

    return [healthz, readyz, schema]


def metrics_route(
    layout: Layout, counters: Counters, jobs_are_alive: Callable[[], bool]
) -> HTTPRouteHandler:
    """Return the route that Prometheus reads."""

    @get("/metrics", sync_to_thread=True, include_in_schema=False)
    def metrics() -> Response[str]:
        """Tell what is counted and measured."""
        counters.write()
        families = gather(layout, jobs_are_alive(), utc_now())
        return Response(exposition(families), media_type=CONTENT_TYPE)

    return metrics
