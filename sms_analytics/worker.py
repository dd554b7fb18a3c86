"""One process that takes webhooks and shows the site: of several, they share socket and journal.

The first is the server itself; the others are its children, and stop when it says so.
"""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection
from typing import Any

import uvicorn

from ingest.counters import Counters
from ingest.endpoint import Endpoint
from ingest.gate import Gate, Keyring, Network, Watch
from ingest.writer import JournalWriter
from reports.reader import Reader
from sms_analytics import logs
from sms_analytics.addresses import is_loopback, url_of
from sms_analytics.children import Pulse, leave_signals_to_the_parent, wait_for_close
from sms_analytics.clock import utc_now
from sms_analytics.credentials import webhook_url
from sms_analytics.limits import Limits, limits_here
from sms_analytics.protocol import limited
from sms_analytics.server import create_app
from sms_analytics.settings import Settings

DRAIN_SECONDS_MAX = 20
GARBAGE_THRESHOLD = 20_000
SWITCH_SECONDS = 0.0005
LAST_ACCEPT_SECONDS = 0.1


def _nothing() -> None:
    pass


def run(settings: Settings, listener: socket.socket, jobs: Pulse, parent: Connection) -> None:
    """Serve until the parent closes its end of the pipe. The entry of a further process."""
    leave_signals_to_the_parent()
    logs.configure()
    work(settings, listener, jobs, parent=parent)


def work(
    settings: Settings,
    listener: socket.socket,
    jobs: Pulse,
    *,
    started: Callable[[], None] = _nothing,
    stopping: Callable[[], None] = _nothing,
    parent: Connection | None = None,
) -> None:
    """Take webhooks and show the site until told to stop: by a signal, or by the parent.

    `started` is called when it takes requests, `stopping` before it waits for the open ones.
    """
    here = is_loopback(settings.server.host)
    keyring = Keyring(settings.layout.tokens, required=not here)
    gate, reader = Gate(keyring, settings.ingest.allowed_addresses), Reader()
    with ExitStack() as closing:
        journal = closing.enter_context(
            JournalWriter(
                settings.layout.journal,
                settings.ingest.queue_records_max,
                settings.ingest.queue_bytes_max,
            )
        )
        closing.callback(reader.close)
        closing.enter_context(Watch(keyring, gate))
        counters = closing.enter_context(Counters.claim(settings.layout.counters, journal.waiting))
        shown = webhook_url(url_of(listener), "TOKEN" if gate.asks_for_token else None)
        app = create_app(
            settings,
            journal,
            reader,
            shown,
            jobs.is_there,
            counters=counters,
            password_required=not here,
        )
        endpoint = Endpoint(journal, utc_now, gate=gate, counters=counters)
        config = server_config(app, endpoint, limits_here(), settings.server.trusted_proxies)

        def stop() -> None:
            stopping()
            reader.close()

        tune_interpreter()
        run_server(config, listener, started=started, stopping=stop, parent=parent)


def tune_interpreter() -> None:
    """Set Python up for many short requests beside one thread that waits for the disk.

    The garbage collector passes over what the start has made, and looks less often at what
    requests make: they leave next to no cycles. The thread that was waiting for the disk gets its
    turn within half a millisecond, not five: those whose webhooks are safe wait for it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_THRESHOLD, 20, 20)
    sys.setswitchinterval(SWITCH_SECONDS)


class _Server(uvicorn.Server):
    """Uvicorn, telling when it starts and stops, and ending with exit code 0 when asked to stop."""

    def __init__(
        self,
        config: uvicorn.Config,
        started: Callable[[], None],
        stopping: Callable[[], None],
        parent: Connection | None,
    ) -> None:
        super().__init__(config)
        self._parent = parent
        self._tell_started = started
        self._tell_stopping = stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._tell_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Requests are taken on meanwhile: the socket is to be closed once, by the last process.
        await asyncio.to_thread(self._tell_stopping)
        for listener in sockets or []:
            listener.listen(0)  # no more connections wait to be accepted
        await asyncio.sleep(LAST_ACCEPT_SECONDS)  # those that did are accepted, not reset
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        if self._parent is not None:
            threading.Thread(target=self._follow, args=(self._parent,), daemon=True).start()
            yield
            return
        before = {
            number: signal.signal(number, self.handle_exit)
            for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _follow(self, parent: Connection) -> None:
        wait_for_close(parent)
        self.should_exit = True


def server_config(
    app: Any, endpoint: Endpoint, limits: Limits, trusted_proxies: Sequence[Network] = ()
) -> uvicorn.Config:
    """Return how an endpoint is served, and an ASGI application of all that is no webhook.

    Trusted proxies say in `X-Forwarded-For` who asks.
    """
    return uvicorn.Config(
        app,
        loop="uvloop",
        http=limited(endpoint, limits),
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=[str(network) for network in trusted_proxies],
        timeout_graceful_shutdown=DRAIN_SECONDS_MAX,
    )


def run_server(
    config: uvicorn.Config,
    listener: socket.socket,
    started: Callable[[], None],
    stopping: Callable[[], None],
    parent: Connection | None = None,
) -> None:
    """Serve on the socket until SIGTERM or Ctrl-C, or until `parent` closes its end of the pipe.

    Open requests are finished first. `started` is called when it takes requests, `stopping`
    before it waits for the open ones.
    """
    _Server(config, started, stopping, parent).run(sockets=[listener])
