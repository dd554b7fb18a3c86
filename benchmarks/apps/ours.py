"""Our endpoint, as `sms-analytics serve` runs it but without the jobs; data in BENCHMARK_DATA."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from litestar import Litestar
from litestar.plugins.problem_details import ProblemDetailsConfig, ProblemDetailsPlugin

from eventlog.layout import Layout
from ingest.routes import webhook_routes
from ingest.writer import JournalWriter


def create() -> Litestar:
    """Return the application."""
    journal = JournalWriter(Layout(Path(os.environ["BENCHMARK_DATA"])).journal)

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        with journal:
            yield

    return Litestar(
        [webhook_routes(journal, lambda: datetime.now(UTC))],
        lifespan=[lifespan],
        plugins=[ProblemDetailsPlugin(ProblemDetailsConfig(enable_for_all_http_exceptions=True))],
        openapi_config=None,
        logging_config=None,
    )
