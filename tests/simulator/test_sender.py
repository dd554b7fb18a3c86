"""The sender against a real HTTP server of a dozen lines."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from simulator.sender import UNREACHABLE, run_live, send
from simulator.traffic import Delivery
from tests.serving import DEADLINE_SECONDS


class Receiver(ThreadingHTTPServer):
    """Keeps what it is sent; the first `refusals` answers are 503."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.refusals = 0
        self.lock = threading.Lock()
        self.got: list[tuple[str, str, bytes]] = []
        self.enough = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/webhooks/smso"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with self.server.lock:
            refuse = self.server.refusals > 0
            self.server.refusals -= refuse
        if not refuse:
            self.server.got.append((self.path, self.headers["Content-Type"], body))
        self.send_response(503 if refuse else 204)
        if refuse:
            self.send_header("Retry-After", "0")
            self.send_header("Content-Length", "0")
        self.end_headers()
        if len(self.server.got) >= 10:
            self.server.enough.set()

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def webhooks(count: int, at: datetime) -> list[Delivery]:
    kind = "application/x-www-form-urlencoded"
    url = "/webhooks/smso?campaign=spring"
    return [Delivery(at, kind, b"n=%d" % n, url) for n in range(count)]


def test_webhooks_arrive_as_they_are(receiver: Receiver) -> None:
    async def run() -> None:
        tally = await send(webhooks(50, datetime.now(UTC)), receiver.address, asyncio.Event())
        assert tally == {204: 50}

    asyncio.run(run())
    assert {body for _, _, body in receiver.got} == {b"n=%d" % n for n in range(50)}
    assert {path for path, _, _ in receiver.got} == {"/webhooks/smso?campaign=spring"}
    assert {kind for _, kind, _ in receiver.got} == {"application/x-www-form-urlencoded"}


def test_token_in_the_address_is_kept(receiver: Receiver) -> None:
    address = receiver.address + "/secret"
    asyncio.run(_send_all(webhooks(1, datetime.now(UTC)), address))
    assert receiver.got[0][0] == "/webhooks/smso/secret?campaign=spring"


def test_refused_webhooks_are_sent_again(receiver: Receiver) -> None:
    receiver.refusals = 5
    tally = asyncio.run(_send_all(webhooks(20, datetime.now(UTC)), receiver.address))
    assert tally == {204: 20, 503: 5}
    assert len(receiver.got) == 20


def test_webhook_is_not_sent_before_its_time(receiver: Receiver) -> None:
    due = datetime.now(UTC) + timedelta(seconds=0.3)
    asyncio.run(_send_all(webhooks(1, due), receiver.address))
    assert len(receiver.got) == 1
    assert datetime.now(UTC) >= due


def test_stop_ends_the_wait_for_what_is_far_off(receiver: Receiver) -> None:
    async def run() -> None:
        stop = asyncio.Event()
        stop.set()
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        assert not await send(webhooks(1, tomorrow), receiver.address, stop)

    asyncio.run(run())
    assert receiver.got == []


def test_server_that_is_not_there_is_tallied_and_stop_gives_up() -> None:
    async def run() -> None:
        stop = asyncio.Event()
        asyncio.get_running_loop().call_later(0.2, stop.set)
        nobody = "http://127.0.0.1:9/webhooks/smso"
        tally = await send(webhooks(1, datetime.now(UTC)), nobody, stop)
        assert tally == {UNREACHABLE: 1, "given up": 1}

    asyncio.run(run())


def test_live_traffic_runs_until_it_is_stopped(receiver: Receiver) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=_stop_when_enough, args=(receiver, stop))
    thread.start()
    tally = run_live(receiver.address, seed=1, messages_per_second=200, stop=stop)
    thread.join()
    assert tally[204] >= 10
    assert set(tally) == {204}


def _stop_when_enough(receiver: Receiver, stop: threading.Event) -> None:
    receiver.enough.wait(DEADLINE_SECONDS)
    stop.set()


async def _send_all(deliveries: list[Delivery], address: str) -> dict[int | str, int]:
    return await send(deliveries, address, asyncio.Event())
