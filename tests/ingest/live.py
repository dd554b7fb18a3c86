"""A real HTTP server in a thread, on a free port, with the protocol of an installation."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from litestar import Litestar
from litestar.types import ASGIApp

from ingest.endpoint import Endpoint
from sms_analytics.limits import Limits
from sms_analytics.worker import server_config


@contextmanager
def live(
    endpoint: Endpoint, app: ASGIApp | None = None, limits: Limits | None = None
) -> Iterator[str]:
    """Serve an endpoint while in the context, and an application beside it; yield the address."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    server = uvicorn.Server(
        server_config(app or Litestar([], logging_config=None), endpoint, limits or Limits())
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
