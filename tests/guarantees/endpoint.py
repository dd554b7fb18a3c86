"""A server process of the endpoint alone, for the tests: `python -m tests.guarantees.endpoint`."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from litestar import Litestar

from eventlog.layout import Layout
from ingest.routes import Endpoint
from ingest.writer import JournalWriter


def app(layout: Layout) -> Endpoint:
    """Return an application of the endpoint alone."""
    journal = JournalWriter(layout.journal)

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        with journal:
            yield

    others = Litestar([], lifespan=[lifespan], openapi_config=None)
    return Endpoint(journal, lambda: datetime.now(UTC), others)


def main(data: str, port: str) -> None:
    """Serve until killed."""
    uvicorn.run(app(Layout(Path(data))), port=int(port), access_log=False, log_level="warning")


if __name__ == "__main__":
    main(*sys.argv[1:])
