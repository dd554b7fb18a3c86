"""What connections do with several requests at once, with those who wait, and with those who go."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from eventlog.event import decode_record
from eventlog.layout import Layout
from ingest.answers import BODY_BYTES_MAX, Answer
from ingest.endpoint import Endpoint
from ingest.exchange import Exchange
from ingest.journal import Journal
from ingest.writer import JournalWriter
from tests.ingest.live import live
from tests.ingest.records import status_body
from tests.serving import wait_until

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
PATH = "/webhooks/smso"
MANY = 4_000


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    return Layout(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def address(layout: Layout) -> Iterator[tuple[str, int]]:
    with (
        JournalWriter(layout.journal) as journal,
        live(Endpoint(journal, lambda: NOW)) as url,
    ):
        parts = urlsplit(url)
        yield str(parts.hostname), int(parts.port or 0)


@pytest.fixture
def connection(address: tuple[str, int]) -> Iterator[socket.socket]:
    with socket.create_connection(address, timeout=30) as connection:
        yield connection


def request(body: bytes, *headers: str, method: str = "POST", path: str = PATH) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "host: x", f"content-length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


LAST = request(status_body("last"), "connection: close")


def rest(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(65_536), b""))


def statuses(received: bytes) -> list[int]:
    return [int(answer[1:4]) for answer in received.split(b"HTTP/1.1")[1:]]


def stored(layout: Layout) -> list[bytes]:
    with Journal.open(layout.journal) as journal:
        return [decode_record(blob).webhook.raw for _, blob in journal.head(0, 100_000)]


def test_webhooks_and_other_requests_are_answered_in_the_order_they_came(
    connection: socket.socket,
) -> None:
    connection.sendall(
        request(b"", method="GET", path="/nowhere")
        + request(status_body("a"))
        + request(b"", method="GET")
        + request(b"hello=world")
        + request(b"", method="GET", path="/nowhere")
        + request(status_body("b"), "content-encoding: gzip")
        + LAST
    )
    assert statuses(rest(connection)) == [404, 204, 405, 422, 404, 415, 204]


def test_thousands_refused_behind_one_that_waits_are_each_answered(
    connection: socket.socket,
) -> None:
    connection.sendall(request(status_body("a")))
    sending = threading.Thread(
        target=connection.sendall, args=(request(b"", method="GET") * MANY + LAST,)
    )
    sending.start()
    assert statuses(rest(connection)) == [204, *[405] * MANY, 204]
    sending.join()


def test_who_reads_no_answers_for_a_while_gets_them_all(
    address: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    held_back: list[Answer] = []
    answer_when_read = Exchange._answer_when_read

    def counted(exchange: Exchange, answer: Answer) -> Coroutine[Any, Any, None]:
        held_back.append(answer)
        return answer_when_read(exchange, answer)

    monkeypatch.setattr(Exchange, "_answer_when_read", counted)
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        connection.settimeout(30)
        connection.connect(address)
        refused = request(b"", method="GET") * (10 * MANY)
        sending = threading.Thread(target=connection.sendall, args=(refused + LAST,))
        sending.start()
        wait_until(lambda: bool(held_back), "an answer waits to be read")
        assert statuses(rest(connection)) == [*[405] * (10 * MANY), 204]
        sending.join()


def test_a_body_is_asked_for_by_who_waits_to_send_it(connection: socket.socket) -> None:
    sent = request(status_body("a"), "expect: 100-continue", "connection: close")
    head, _, body = sent.partition(b"\r\n\r\n")
    connection.sendall(head + b"\r\n\r\n")
    assert connection.recv(1_000) == b"HTTP/1.1 100 Continue\r\n\r\n"
    connection.sendall(body)
    assert statuses(rest(connection)) == [204]


def test_a_body_that_is_not_wanted_is_not_asked_for(connection: socket.socket) -> None:
    connection.sendall(
        request(b"", "expect: 100-continue", "content-encoding: gzip", "connection: close")
    )
    assert statuses(rest(connection)) == [415]


def test_head_is_answered_without_a_body(connection: socket.socket) -> None:
    connection.sendall(request(b"", method="HEAD") + LAST)
    received = rest(connection)
    assert statuses(received) == [405, 204]
    assert b"allow: POST\r\n" in received
    assert b"{" not in received


def test_a_client_of_http_1_0_is_answered_and_let_go(connection: socket.socket) -> None:
    connection.sendall(request(status_body("a")).replace(b"HTTP/1.1", b"HTTP/1.0"))
    received = rest(connection)
    assert statuses(received) == [204]
    assert b"connection: close\r\n" in received


def test_answers_say_when_they_were_given(connection: socket.socket) -> None:
    connection.sendall(LAST)
    assert b"\r\ndate: " in rest(connection)


def test_a_body_too_large_is_refused_behind_another_request(connection: socket.socket) -> None:
    size = BODY_BYTES_MAX + 1
    connection.sendall(
        request(status_body("a"))
        + f"POST {PATH} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n".encode()
        + f"{size:x}\r\n".encode()
        + b"x" * size
        + b"\r\n0\r\n\r\n"
    )
    assert statuses(rest(connection)) == [204, 413]


@contextmanager
def a_disk_that_stands_still(layout: Layout) -> Iterator[None]:
    with Journal.open(layout.journal) as other, other._transaction():
        yield


def test_a_webhook_that_came_whole_is_kept_though_its_client_has_gone(
    address: tuple[str, int], layout: Layout
) -> None:
    body, later = status_body("gone before it was answered"), status_body("later")
    with a_disk_that_stands_still(layout):
        with socket.create_connection(address, timeout=30) as connection:
            connection.sendall(request(body) + request(status_body("never begun")))
            time.sleep(0.2)
        time.sleep(0.2)
    with socket.create_connection(address, timeout=30) as connection:
        connection.sendall(request(later, "connection: close"))
        assert statuses(rest(connection)) == [204]
    kept = stored(layout)
    assert kept[-2:] == [body, later]
