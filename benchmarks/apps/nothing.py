"""A Litestar route that reads the body and answers: what the framework and the server cost."""

from __future__ import annotations

from litestar import Litestar, Request, post
from litestar.datastructures import State


@post("/webhooks/smso", status_code=204)
async def receive(request: Request[None, None, State]) -> None:
    """Read the body and forget it."""
    await request.body()


def create() -> Litestar:
    """Return the application."""
    return Litestar([receive], openapi_config=None)
