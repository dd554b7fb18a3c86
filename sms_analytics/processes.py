"""The processes of one server: those that take webhooks and show the site, and the jobs.

serve ──spawns──▶ jobs (sealer, projections, publication, reports)
  │   ──spawns──▶ further workers, if there shall be several: each does what this one does
  └── on SIGTERM or Ctrl-C: stop listening, drain, close the journals, let the jobs finish
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from multiprocessing.connection import Connection

from ingest import tokens
from sms_analytics import logs, password, worker
from sms_analytics.addresses import is_loopback, listen, url_of
from sms_analytics.children import Child
from sms_analytics.failures import ServeError
from sms_analytics.settings import Settings

log = logging.getLogger(__name__)


def serve(settings: Settings, announce: Callable[[str], None]) -> None:
    """Run the endpoint, the site and the jobs until SIGTERM or Ctrl-C. Raises `ServeError`.

    `announce` is told the server's address once it takes webhooks.
    """
    here = is_loopback(settings.server.host)
    if not here:
        refuse_the_open(settings)
    logs.configure()
    with listen(settings.server.host, settings.server.port) as listener, ExitStack() as closing:
        url = url_of(listener)
        jobs = Child("jobs", _run_jobs, settings)
        others = [
            Child(f"worker {number}", worker.run, settings, listener, jobs.pulse)
            for number in range(2, settings.server.workers + 1)
        ]
        for child in (jobs, *others):  # the jobs end last: they seal what the workers took
            closing.callback(child.stop)
            child.start()

        def stop_others() -> None:
            for child in others:
                child.ask_to_stop()
            for child in others:
                child.stop()

        started = partial(announce, url)
        worker.work(settings, listener, jobs.pulse, started=started, stopping=stop_others)


def refuse_the_open(settings: Settings) -> None:
    """Refuse to listen beyond loopback before there are token and password. Raises `ServeError`."""
    layout = settings.layout
    missing = []
    if not tokens.ids(layout.tokens):
        missing.append("a token in the webhook's URL (`sms-analytics token create`)")
    if not password.is_set(layout.viewer_password):
        missing.append("a password for the site (`sms-analytics password set`)")
    if missing:
        raise ServeError(f"listening on {settings.server.host} needs {' and '.join(missing)}")


def _run_jobs(settings: Settings, parent: Connection) -> None:
    """Run the jobs, in their process: what they need is imported there alone."""
    from sms_analytics import scheduler

    scheduler.run(settings, parent)
