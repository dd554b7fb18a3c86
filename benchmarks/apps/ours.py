"""The application of `sms-analytics serve`, without its jobs; its data lies in BENCHMARK_DATA."""

from __future__ import annotations

import os

from litestar import Litestar

from ingest.writer import JournalWriter
from reports.reader import Reader
from sms_analytics.server import create_app
from sms_analytics.settings import load


def create() -> Litestar:
    """Return the application; the journal is closed when it stops."""
    settings = load(data=os.environ["BENCHMARK_DATA"])
    journal, reader = JournalWriter(settings.layout.journal), Reader()
    application = create_app(settings, journal, reader, "/webhooks/smso", lambda: True)
    application.on_shutdown += [journal.close, reader.close]
    return application
