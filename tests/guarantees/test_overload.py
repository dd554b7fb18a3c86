"""While the disk stands still a bounded number waits; the others are told when to come back."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from eventlog.layout import Layout
from ingest.counters import Counters, totals
from ingest.endpoint import Endpoint
from ingest.journal import Journal
from ingest.writer import JournalWriter
from tests.guarantees.test_kill_9 import rows
from tests.ingest.live import live
from tests.ingest.records import FORM, status_body
from tests.serving import serving, wait_until

WAITING_MAX = 5
WAITING_BYTES_MAX = 1024 * 1024
POSTED = 40
LARGE = b"x" * 60_000
PATIENCE_SECONDS = 60
"""Longer than a slow machine takes to post all: nobody is refused for having waited."""


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(tmp_path)


@contextmanager
def service(
    layout: Layout, queue_records_max: int = 1_000, queue_bytes_max: int = WAITING_BYTES_MAX
) -> Iterator[tuple[JournalWriter, str]]:
    """Serve an endpoint with little room; yield its writer and its URL."""
    with (
        JournalWriter(
            layout.journal, queue_records_max, queue_bytes_max, PATIENCE_SECONDS
        ) as writer,
        Counters.claim(layout.counters, writer.waiting) as counters,
        live(Endpoint(writer, lambda: datetime.now(UTC), counters=counters)) as url,
    ):
        yield writer, f"{url}/webhooks/smso"


def test_a_disk_that_stands_still_keeps_few_waiting_and_loses_none(layout: Layout) -> None:
    bodies = [status_body(f"message-{number}") for number in range(POSTED)]
    with service(layout, queue_records_max=WAITING_MAX) as (writer, url):
        answers = asyncio.run(_posted_while_it_stands(layout, writer, url, bodies, WAITING_MAX))
    codes = Counter(answer.status_code for answer in answers)
    assert codes == {204: WAITING_MAX, 503: POSTED - WAITING_MAX}
    assert all(int(each.headers["retry-after"]) > 0 for each in answers if each.status_code == 503)
    with Journal.open(layout.journal) as journal:
        assert journal.seqs() == list(range(1, WAITING_MAX + 1))
    counted = totals(layout.counters)
    assert counted.taken["status"] == WAITING_MAX
    assert counted.refused["overload"] == POSTED - WAITING_MAX
    assert (counted.waiting_records, counted.waiting_bytes) == (0, 0)


def test_large_bodies_fill_the_queue_by_their_bytes(layout: Layout) -> None:
    room = WAITING_BYTES_MAX // len(LARGE)
    with service(layout) as (writer, url):
        answers = asyncio.run(_posted_while_it_stands(layout, writer, url, [LARGE] * POSTED, room))
    codes = Counter(answer.status_code for answer in answers)
    assert codes == {422: room, 503: POSTED - room}
    with Journal.open(layout.journal) as journal:
        assert len(journal.seqs()) == room


def test_who_comes_when_all_is_full_need_not_send_the_body(layout: Layout) -> None:
    with service(layout, queue_records_max=1) as (writer, url):
        assert asyncio.run(_head_alone(layout, writer, url)).startswith(b"HTTP/1.1 503")
        assert httpx.post(url, content=status_body("a")).status_code == 204


STOPPED_IN_ITS_TURN = """
import os, signal, sys
from pathlib import Path
from ingest.journal import Journal
with Journal.open(Path(sys.argv[1])) as journal, journal._turn():
    os.kill(os.getpid(), signal.SIGSTOP)
"""


@contextmanager
def a_process_stopped_while_it_writes(layout: Layout) -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-c", STOPPED_IN_ITS_TURN, str(layout.journal)])
    try:
        _, status = os.waitpid(process.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)
        yield
    finally:
        process.kill()
        process.wait()


def test_a_process_stopped_while_it_writes_makes_nobody_wait_for_ever(layout: Layout) -> None:
    with serving(layout.root) as server:
        url = f"{server.url}/webhooks/smso"
        with a_process_stopped_while_it_writes(layout):
            refused = httpx.post(url, content=status_body("refused"), timeout=PATIENCE_SECONDS)
            ready = httpx.get(f"{server.url}/readyz", timeout=PATIENCE_SECONDS)
        assert refused.status_code == ready.status_code == 503
        assert int(refused.headers["retry-after"]) > 0
        assert not ready.json()["journal"]["ok"]
        wait_until(lambda: _is_taken(url, status_body("taken")), "it goes on")
        assert httpx.post(url, timeout=PATIENCE_SECONDS).status_code == 422
        assert server.stop() == 0
    events, dead_letters = rows(layout)
    assert set(events["message_id"]) == {"taken"}
    assert dead_letters.height == 1


def _is_taken(url: str, body: bytes) -> bool:
    return httpx.post(url, content=body, timeout=PATIENCE_SECONDS).status_code == 204


async def _posted_while_it_stands(
    layout: Layout, writer: JournalWriter, url: str, bodies: list[bytes], room: int
) -> list[httpx.Response]:
    """Post while another holds the journal, until all that may wait do; return the answers."""
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
        with Journal.open(layout.journal) as other, other._transaction():
            posts = [asyncio.ensure_future(_post(client, url, body)) for body in bodies]
            while sum(post.done() for post in posts) < len(bodies) - room:
                assert writer.waiting().records <= room
                assert writer.waiting().bytes <= WAITING_BYTES_MAX
                await asyncio.sleep(0.01)
            while totals(layout.counters).waiting_records != room:
                await asyncio.sleep(0.05)  # the counters are written each second
        return await asyncio.gather(*posts)


async def _post(client: httpx.AsyncClient, url: str, body: bytes) -> httpx.Response:
    return await client.post(url, content=body, headers={"content-type": FORM})


async def _head_alone(layout: Layout, writer: JournalWriter, url: str) -> bytes:
    """Fill the queue, send the head of one more request, and return its answer."""
    address = urlsplit(url)
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
        with Journal.open(layout.journal) as other, other._transaction():
            first = asyncio.ensure_future(_post(client, url, status_body("first")))
            while not writer.is_full():
                await asyncio.sleep(0.01)
            reading, writing = await asyncio.open_connection(address.hostname, address.port)
            writing.write(f"POST {address.path} HTTP/1.1\r\nhost: x\r\n".encode())
            writing.write(b"content-length: 60000\r\n\r\n")
            answer = await reading.readuntil(b"\r\n\r\n")
            writing.close()
            await writing.wait_closed()
        assert (await first).status_code == 204
    return answer
