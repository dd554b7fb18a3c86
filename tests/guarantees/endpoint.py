"""A server process of the endpoint alone, for the tests: `python -m tests.guarantees.endpoint`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from litestar import Litestar

from eventlog.layout import Layout
from ingest.endpoint import Endpoint
from ingest.writer import JournalWriter
from sms_analytics.limits import Limits
from sms_analytics.worker import server_config


def main(data: str, port: str) -> None:
    """Serve until killed."""
    with JournalWriter(Layout(Path(data)).journal) as journal:
        endpoint = Endpoint(journal, lambda: datetime.now(UTC))
        config = server_config(Litestar([], openapi_config=None), endpoint, Limits())
        config.port = int(port)
        uvicorn.Server(config).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
