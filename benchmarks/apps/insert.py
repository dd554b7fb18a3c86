"""FastAPI with one INSERT a request into PostgreSQL: how it is usually done.

The columns are those that the event log has of a receipt, and the raw body. The address of the
database comes in BENCHMARK_DATABASE.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qsl

from fastapi import FastAPI, Request, Response  # type: ignore[import-not-found]
from psycopg_pool import AsyncConnectionPool  # type: ignore[import-not-found]

POOL_SIZE = 16
_SQL = Path(__file__).with_name("insert.sql").read_text()


def create() -> FastAPI:
    """Return the application."""
    pool = AsyncConnectionPool(
        os.environ["BENCHMARK_DATABASE"],
        min_size=POOL_SIZE,
        max_size=POOL_SIZE,
        kwargs={"autocommit": True},
        open=False,
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with pool:
            await pool.wait()
            yield

    async def receive(request: Request) -> Response:
        raw = await request.body()
        fields = dict(parse_qsl(raw.decode(), keep_blank_values=True))
        async with pool.connection() as connection:
            await connection.execute(_SQL, fields | {"raw": raw})
        return Response(status_code=204)

    application = FastAPI(lifespan=lifespan, openapi_url=None)
    application.add_api_route("/webhooks/smso", receive, methods=["POST"])
    return application
