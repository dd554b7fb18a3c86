"""The processes of one server: the endpoint and site in this one, the jobs in a child.

serve ──spawns──▶ jobs (sealer, projections, publication, reports)
  └── on SIGTERM or Ctrl-C: stop listening, drain, close the journal, let the jobs finish
"""

from __future__ import annotations

import logging
import multiprocessing
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from ipaddress import ip_address
from math import ceil
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

import uvicorn

from ingest import tokens
from ingest.counters import Counters
from ingest.gate import Gate, Keyring, Network, Watch
from ingest.writer import JournalWriter
from reports.reader import Reader
from sms_analytics import logs, scheduler
from sms_analytics.credentials import webhook_url
from sms_analytics.failures import ServeError
from sms_analytics.protocol import Limits, limited, limits_here
from sms_analytics.server import create_app
from sms_analytics.settings import Settings

log = logging.getLogger(__name__)

RESTART_DELAY_SECONDS = 1.0
STOP_SECONDS_MAX = 60.0
DRAIN_SECONDS_MAX = 20


def serve(settings: Settings, announce: Callable[[str], None]) -> None:
    """Run the endpoint, the site and the jobs until SIGTERM or Ctrl-C. Raises `ServeError`.

    `announce` is told the server's address once it takes webhooks.
    """
    here = is_loopback(settings.server.host)
    keyring = Keyring(settings.layout.tokens, required=not here)
    if not here:
        refuse_the_open(settings)
    logs.configure()
    with listen(settings.server.host, settings.server.port) as listener:
        url = url_of(listener)
        if not here:
            log.warning("site left out", extra={"why": f"{url} is beyond loopback"})
        journal = JournalWriter(settings.layout.journal, settings.ingest.queue_records_max)
        jobs, reader = JobsProcess(settings), Reader()
        gate = Gate(keyring, settings.ingest.allowed_addresses)
        with ExitStack() as closing:
            for close in (jobs.stop, journal.close, reader.close):
                closing.callback(close)
            closing.enter_context(Watch(keyring, gate))
            counters = closing.enter_context(Counters.claim(settings.layout.counters))
            jobs.start()
            app = create_app(
                settings,
                journal,
                reader,
                webhook_url(url, "TOKEN" if gate.asks_for_token else None),
                jobs.is_alive,
                gate=gate,
                counters=counters,
                with_site=here,
            )
            config = server_config(app, limits_here(), settings.server.trusted_proxies)
            run_server(config, listener, started=lambda: announce(url), stopping=reader.close)


def refuse_the_open(settings: Settings) -> None:
    """Refuse to listen beyond loopback before there is a token. Raises `ServeError`."""
    if not tokens.ids(settings.layout.tokens):
        raise ServeError(
            f"listening on {settings.server.host} needs a token in the webhook's URL: make one"
            " with `sms-analytics token create`"
        )


def is_loopback(host: str) -> bool:
    """Tell whether an address to listen on is reached from this machine alone."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def url_of(listener: socket.socket) -> str:
    """Return the address of a listening socket, without a slash at its end."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class JobsProcess:
    """The child that runs the jobs: started again when it dies, stopped by closing its pipe."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._context = multiprocessing.get_context("spawn")
        self._stopping = threading.Event()
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._watch = threading.Thread(target=self._keep_alive, name="jobs-watch", daemon=True)

    def start(self) -> None:
        """Start the child and the thread that watches it."""
        self._spawn()
        self._watch.start()

    def stop(self) -> None:
        """Let the running jobs finish, then end the child."""
        self._stopping.set()
        if self._pipe is not None:
            self._pipe.close()
        self._watch.join()

    def is_alive(self) -> bool:
        """Tell whether the jobs are running."""
        return self._process is not None and self._process.is_alive()

    def _spawn(self) -> None:
        ours, theirs = self._context.Pipe()
        self._process = self._context.Process(
            target=scheduler.run, args=(self._settings, theirs), name="jobs"
        )
        self._process.start()
        theirs.close()
        self._pipe = ours

    def _keep_alive(self) -> None:
        while True:
            assert self._process is not None
            if self._stopping.is_set():
                self._end(self._process)
                return
            self._process.join(RESTART_DELAY_SECONDS)
            if not self._process.is_alive() and not self._stopping.wait(RESTART_DELAY_SECONDS):
                log.error("jobs process died", extra={"exit_code": self._process.exitcode})
                self._spawn()

    def _end(self, process: SpawnProcess) -> None:
        process.join(STOP_SECONDS_MAX)
        if process.is_alive():
            log.error("jobs process did not stop in time")
            process.kill()
            process.join()


class _Server(uvicorn.Server):
    """Uvicorn, telling when it starts and stops, and ending with exit code 0 when asked to stop."""

    def __init__(
        self, config: uvicorn.Config, started: Callable[[], None], stopping: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._tell_started = started
        self._tell_stopping = stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._tell_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._tell_stopping()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        before = {
            number: signal.signal(number, self.handle_exit)
            for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raises `ServeError` when the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise ServeError(f"cannot listen on {host} port {port}: {error.strerror}") from error
    listener.set_inheritable(True)
    return listener


def server_config(
    app: Any, limits: Limits, trusted_proxies: Sequence[Network] = ()
) -> uvicorn.Config:
    """Return how an ASGI app is served; trusted proxies say in `X-Forwarded-For` who asks."""
    return uvicorn.Config(
        app,
        loop="uvloop",
        http=limited(limits),
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=[str(network) for network in trusted_proxies],
        timeout_keep_alive=ceil(limits.idle_seconds),
        timeout_graceful_shutdown=DRAIN_SECONDS_MAX,
    )


def run_server(
    config: uvicorn.Config,
    listener: socket.socket,
    started: Callable[[], None],
    stopping: Callable[[], None],
) -> None:
    """Serve on the socket until SIGTERM or Ctrl-C; open requests are finished first.

    `started` is called when it takes requests, `stopping` before it waits for the open ones.
    """
    _Server(config, started, stopping).run(sockets=[listener])
