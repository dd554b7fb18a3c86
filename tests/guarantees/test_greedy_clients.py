"""A slow, greedy or hostile client cannot hold the service, whatever it sends or does not send."""

from __future__ import annotations

import gzip
import resource
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from litestar import Litestar, get

from eventlog.event import Record, decode_record
from eventlog.layout import Layout
from ingest.answers import BODY_BYTES_MAX
from ingest.endpoint import Endpoint
from ingest.journal import Journal
from ingest.writer import JournalWriter
from sms_analytics.limits import Limits, limits_here
from sms_analytics.protocol import HEAD_BYTES_MAX
from tests.ingest.live import live
from tests.ingest.records import FORM, status_body

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
PATH = "/webhooks/smso"
SHORT_SECONDS = 0.3
LONG_SECONDS = 60.0
"""Longer than any wait in these tests: a connection that ends sooner was not ended by this."""
IDLE_CONNECTIONS = 3_000


class Service:
    """One live server with short patience, and what its journal holds."""

    def __init__(self, url: str, layout: Layout) -> None:
        self.url = url
        self._layout = layout

    def connect(self) -> socket.socket:
        parts = urlsplit(self.url)
        return socket.create_connection((parts.hostname, parts.port), timeout=20)

    def post(self, content: bytes, path: str = PATH, **headers: str) -> httpx.Response:
        headers = {"content-type": FORM, **headers}
        return httpx.post(self.url + path, content=content, headers=headers)

    def records(self) -> list[Record]:
        with Journal.open(self._layout.journal) as journal:
            return [decode_record(blob) for _, blob in journal.head(0, 10_000)]


@get("/large", sync_to_thread=False)
def large() -> bytes:
    """Answer with more than a socket holds."""
    return b"x" * 40_000_000


@contextmanager
def service(folder: Path, limits: Limits) -> Iterator[Service]:
    layout = Layout(folder)
    with JournalWriter(layout.journal) as journal:
        others = Litestar([large], openapi_config=None)
        with live(Endpoint(journal, lambda: NOW), others, limits) as url:
            yield Service(url, layout)


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Serve with short deadlines for all but the idle."""
    limits = Limits(
        head_seconds=SHORT_SECONDS,
        body_seconds=SHORT_SECONDS,
        idle_seconds=60,
        stall_seconds=SHORT_SECONDS,
    )
    with service(tmp_path_factory.mktemp("data"), limits) as served:
        yield served


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Serve with the deadlines that an installation has, and longer ones."""
    limits = Limits(head_seconds=LONG_SECONDS, body_seconds=LONG_SECONDS)
    with service(tmp_path_factory.mktemp("data"), limits) as served:
        yield served


def request(body: bytes, *headers: str, method: str = "POST", path: str = PATH) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "host: x", f"content-length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def rest(connection: socket.socket) -> bytes:
    """Return what comes until the server ends the connection."""
    received = b""
    try:
        while piece := connection.recv(65_536):
            received += piece
    except ConnectionResetError:
        pass
    return received


def answer(connection: socket.socket) -> bytes:
    """Return one answer's head."""
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65_536)
        assert piece, "the connection ended without an answer"
        received += piece
    return received


HEAD = request(b"uuid=1")


@pytest.mark.parametrize("sent", [b"", b"\r\n", b"P", HEAD[:40]], ids=["", "crlf", "P", "half"])
def test_a_head_that_does_not_come_in_time_ends_the_connection(
    impatient: Service, sent: bytes
) -> None:
    with impatient.connect() as connection:
        connection.sendall(sent)
        assert rest(connection) == b""


def test_a_head_that_trickles_ends_the_connection(impatient: Service) -> None:
    with impatient.connect() as connection:
        connection.settimeout(SHORT_SECONDS / 10)
        for byte in b"POST /webhooks/smso HTTP/1.1\r\nx: " + b"y" * 300:
            try:
                connection.sendall(bytes([byte]))
                if connection.recv(1) == b"":
                    return
            except TimeoutError:
                continue
            except (BrokenPipeError, ConnectionResetError):
                return
    pytest.fail("the head trickled on")


@pytest.mark.parametrize("more", [b"POST /web", b"\r\n"])
def test_so_does_a_later_head_on_the_same_connection(impatient: Service, more: bytes) -> None:
    with impatient.connect() as connection:
        connection.sendall(request(status_body("a")))
        assert answer(connection).startswith(b"HTTP/1.1 204")
        connection.sendall(more)
        assert rest(connection) == b""


def test_a_body_that_goes_on_after_its_answer_ends_the_connection(impatient: Service) -> None:
    with impatient.connect() as connection:
        connection.sendall(b"POST /nowhere HTTP/1.1\r\nhost: x\r\ncontent-length: 99999\r\n\r\nx")
        assert b"404" in answer(connection)
        connection.sendall(b"y")
        rest(connection)


def test_a_connection_at_rest_is_kept_for_the_next_request(impatient: Service) -> None:
    with impatient.connect() as connection:
        for _ in range(2):
            connection.sendall(request(status_body("a")))
            assert answer(connection).startswith(b"HTTP/1.1 204")
            connection.settimeout(SHORT_SECONDS * 3)
            with pytest.raises(TimeoutError):
                connection.recv(1)


def test_a_connection_at_rest_for_too_long_is_ended(tmp_path: Path) -> None:
    limits = Limits(head_seconds=1, idle_seconds=1)
    with service(tmp_path, limits) as served, served.connect() as connection:
        connection.sendall(request(status_body("a")))
        assert answer(connection).startswith(b"HTTP/1.1 204")
        connection.settimeout(LONG_SECONDS)
        assert rest(connection) == b""


@pytest.mark.parametrize("encoding", ["content-length: 99", "transfer-encoding: chunked"])
def test_a_body_that_does_not_come_in_time_is_answered_408(
    impatient: Service, encoding: str
) -> None:
    with impatient.connect() as connection:
        connection.sendall(f"POST {PATH} HTTP/1.1\r\nhost: x\r\n{encoding}\r\n\r\n".encode())
        assert rest(connection).startswith(b"HTTP/1.1 408")


def test_an_answer_that_nobody_reads_ends_the_connection(impatient: Service) -> None:
    with impatient.connect() as connection:
        connection.sendall(b"GET /large HTTP/1.1\r\nhost: x\r\n\r\n")
        assert answer(connection).startswith(b"HTTP/1.1 200")
        connection.settimeout(SHORT_SECONDS)
        with impatient.connect() as other:  # waits as long as the first one may stall, and longer
            assert rest(other) == b""
        connection.settimeout(20)
        assert len(rest(connection)) < 40_000_000


def test_a_head_without_end_is_cut_off(patient: Service) -> None:
    with patient.connect() as connection, pytest.raises(OSError, match=r"reset|pipe"):
        connection.sendall(b"POST /webhooks/smso HTTP/1.1\r\nx: ")
        for _ in range(100 * HEAD_BYTES_MAX // 4096):
            connection.sendall(b"x" * 4096)


@pytest.mark.parametrize("first", [0, 1, 40_000])
@pytest.mark.parametrize(
    "headers", [["x: " + "y" * HEAD_BYTES_MAX], ["x:"] * (HEAD_BYTES_MAX // 4)], ids=["one", "all"]
)
def test_a_head_past_the_limit_is_refused_in_however_few_reads_it_comes(
    patient: Service, headers: list[str], first: int
) -> None:
    sent = request(status_body("a"), *headers)
    with patient.connect() as connection:
        connection.sendall(sent[:first])
        time.sleep(0.1 if first else 0)
        connection.sendall(sent[first:])
        assert answer(connection).startswith(b"HTTP/1.1 400")


def test_a_head_within_the_limit_is_taken(patient: Service) -> None:
    with patient.connect() as connection:
        connection.sendall(request(status_body("a"), "x: " + "y" * (HEAD_BYTES_MAX - 200)))
        assert answer(connection).startswith(b"HTTP/1.1 204")


@pytest.mark.parametrize("piece", [b"x-more: y\r\n", b"x: " + b"y" * 4096 + b"\r\n"])
def test_trailers_without_end_are_cut_off(patient: Service, piece: bytes) -> None:
    with patient.connect() as connection, pytest.raises(OSError, match=r"reset|pipe"):
        connection.sendall(
            b"POST /webhooks/smso HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n0\r\n"
        )
        for _ in range(2_000):
            connection.sendall(piece * (4096 // len(piece) + 1))


def test_a_chunked_body_past_the_limit_is_refused_before_it_ends(patient: Service) -> None:
    with patient.connect() as connection:
        connection.sendall(
            b"POST /webhooks/smso HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
        )
        connection.sendall(b"4000\r\n" + b"x" * 0x4000 + b"\r\n")
        connection.sendall(f"{BODY_BYTES_MAX:x}\r\n".encode() + b"x" * BODY_BYTES_MAX + b"\r\n")
        assert answer(connection).startswith(b"HTTP/1.1 413")


def test_a_compressed_body_is_refused_unopened(patient: Service) -> None:
    before = len(patient.records())
    bomb = gzip.compress(b"0" * 20_000_000)
    refused = patient.post(bomb, **{"content-encoding": "gzip"})
    assert refused.status_code == 415
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["accept-encoding"] == "identity"
    assert len(patient.records()) == before
    assert patient.post(status_body("a"), **{"content-encoding": "identity"}).status_code == 204


def test_requests_sent_at_once_are_each_answered_in_order(patient: Service) -> None:
    before = len(patient.records())
    bodies = [status_body("a"), b"hello=world", status_body("b")]
    with patient.connect() as connection:
        connection.sendall(
            b"".join(map(request, bodies[:2])) + request(bodies[2], "connection: close")
        )
        statuses = [line[9:12] for line in rest(connection).split(b"HTTP/1.1")[1:]]
        assert len(statuses) == 3
    stored = patient.records()[before:]
    assert sorted(record.webhook.raw for record in stored) == sorted(bodies)


@pytest.mark.parametrize("offered", ["h2c", "websocket"])
@pytest.mark.parametrize("apart", [False, True])
def test_an_offer_to_upgrade_costs_no_body(patient: Service, offered: str, apart: bool) -> None:
    sent = request(status_body("u"), "connection: Upgrade, HTTP2-Settings", f"upgrade: {offered}")
    with patient.connect() as connection:
        for piece in [sent[:-9], sent[-9:]] if apart else [sent]:
            connection.sendall(piece)
        assert answer(connection).startswith(b"HTTP/1.1 204")
        connection.sendall(request(status_body("v")))
        assert answer(connection).startswith(b"HTTP/1.1 204")
    assert [each.webhook.raw for each in patient.records()[-2:]] == [
        status_body("u"),
        status_body("v"),
    ]


NESTED = 30_000


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (FORM, b"&".join(b"f%d=v" % n for n in range(1_000))),
        (FORM, b"&" * BODY_BYTES_MAX),
        (FORM, b"uuid=\x00\x00&status=%00&sent_at=\x00"),
        (FORM, b"=" * 10_000),
        (FORM, b"receiver" + b"[x]" * 10_000 + b"=1"),
        ("application/json", b"[" * NESTED + b"]" * NESTED),
        ("application/json", b'{"a":' * 10_000 + b"1" + b"}" * 10_000),
        ("application/json", b'{"uuid":"\\u0000\\ud800"}'),
        ("application/json", b"1" * 60_000),
        ("application/json", b'{"uuid":1e999999,"status":' + b"9" * 5_000 + b"}"),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n" * 5_000),
        ("multipart/form-data; boundary=" + "x" * 5_000, b"--x--"),
        ("x" * 10_000, b"\x00"),
    ],
)
def test_a_hostile_body_is_a_dead_letter(patient: Service, content_type: str, body: bytes) -> None:
    refused = patient.post(body, **{"content-type": content_type})
    assert refused.status_code == 422
    assert patient.records()[-1].webhook.raw == body


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{PATH}/%00%ff%ed%a0%80", 204),
        (f"{PATH}?%00=%ff&campaign=%00", 204),
        (f"{PATH}?{'a=b&' * 5_000}", 204),
        (f"{PATH}/{'x' * 20_000}", 204),
        (f"http://x{PATH}", 204),
        (f"{PATH}/a/b", 404),
        (f"{PATH}/../../etc", 404),
        ("//[", 404),
        ("*", 404),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_hostile_path_is_answered(patient: Service, path: str, status: int) -> None:
    with patient.connect() as connection:
        connection.sendall(request(status_body("p"), path=path))
        assert int(answer(connection)[9:12]) in {status, 400}


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /webhooks/smso HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
        b"POST /webhooks/smso HTTP/1.1\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n",
        b"POST /webhooks/smso\xff HTTP/1.1\r\n\r\n",
        b"CONNECT x:443 HTTP/1.1\r\nhost: x\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused(patient: Service, sent: bytes) -> None:
    with patient.connect() as connection:
        connection.sendall(sent)
        assert rest(connection).startswith(b"HTTP/1.1 400")


@contextmanager
def idle(service: Service, count: int, sent: bytes = b"") -> Iterator[list[socket.socket]]:
    """Connect so many times, send each time what is no whole request, and wait."""
    with ExitStack() as closing:
        connections = [closing.enter_context(service.connect()) for _ in range(count)]
        for connection in connections:
            connection.sendall(sent)
        yield connections


def test_thousands_of_idle_connections_harm_nobody(patient: Service) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * IDLE_CONNECTIONS + 500
    if soft < wanted:
        if hard < wanted:
            pytest.skip(f"a process may open {hard} files here, and {wanted} are needed")
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    with idle(patient, IDLE_CONNECTIONS):
        for n in range(20):
            assert patient.post(status_body(f"m-{n}")).status_code == 204


HALF_BODY = HEAD[:-1]
PIPELINED = request(b"", method="GET", path="/nowhere") + HALF_BODY


@pytest.mark.parametrize(
    "sent", [b"", HEAD[:40], HALF_BODY, PIPELINED], ids=["nothing", "head", "body", "pipelined"]
)
def test_who_posts_gets_in_past_all_who_dawdle(tmp_path: Path, sent: bytes) -> None:
    limits = Limits(head_seconds=LONG_SECONDS, body_seconds=LONG_SECONDS, connections_max=50)
    with service(tmp_path, limits) as small, idle(small, 50, sent) as sitting:
        for n in range(20):
            assert small.post(status_body(f"m-{n}")).status_code == 204
        assert b"408" not in rest(sitting[0])  # it has waited longest


def test_who_posts_gets_in_past_those_who_read_no_answer(tmp_path: Path) -> None:
    limits = Limits(stall_seconds=LONG_SECONDS, connections_max=3)
    with (
        service(tmp_path, limits) as small,
        idle(small, 3, b"GET /large HTTP/1.1\r\nhost: x\r\n\r\n") as stalled,
    ):
        for connection in stalled:
            assert answer(connection).startswith(b"HTTP/1.1 200")
        for n in range(20):
            assert small.post(status_body(f"m-{n}")).status_code == 204
        assert len(rest(stalled[0])) < 40_000_000


def test_requests_that_come_in_part_take_no_more_than_their_room(tmp_path: Path) -> None:
    limits = Limits(head_seconds=LONG_SECONDS, body_seconds=LONG_SECONDS, partial_bytes_max=100_000)
    body = status_body("a") + b"&more=" + b"x" * 30_000
    sent = request(body)
    with (
        service(tmp_path, limits) as small,
        idle(small, 3, sent[:-1]) as fitting,
        idle(small, 2, sent[:-1]),
    ):
        assert [rest(fitting[number]) for number in (0, 1)] == [b"", b""]
        assert small.post(body).status_code == 204
        fitting[2].sendall(sent[-1:])
        assert answer(fitting[2]).startswith(b"HTTP/1.1 204")


def test_a_body_that_was_answered_already_takes_no_room(tmp_path: Path) -> None:
    limits = Limits(head_seconds=LONG_SECONDS, body_seconds=LONG_SECONDS, partial_bytes_max=100_000)
    with (
        service(tmp_path, limits) as small,
        idle(small, 1, HALF_BODY) as fitting,
        small.connect() as greedy,
    ):
        greedy.sendall(b"POST /nowhere HTTP/1.1\r\nhost: x\r\ncontent-length: 500000\r\n\r\n")
        assert b"404" in answer(greedy)
        greedy.sendall(b"x" * 500_000 + request(status_body("b")))
        assert b" 204 " in answer(greedy)
        fitting[0].sendall(HEAD[-1:])
        assert answer(fitting[0]).startswith(b"HTTP/1.1 422")


def test_the_room_for_connections_leaves_files_for_the_rest() -> None:
    room = limits_here().connections_max
    assert 0 < room < resource.getrlimit(resource.RLIMIT_NOFILE)[0]
