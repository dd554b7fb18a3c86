"""An acknowledged webhook survives kill -9, and is in the event log exactly once."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx
import polars as pl
import pytest

from eventlog.event import encode_record
from eventlog.layout import Layout
from eventlog.schema import DEAD_LETTERS, EVENTS, PARTITION_COLUMN
from eventlog.table import Table
from ingest.journal import Journal
from ingest.sealer import Sealer
from ingest.verify import verify_log
from tests.ingest.records import FORM, record, status_body
from tests.serving import DEADLINE_SECONDS, wait_until

ROOT = Path(__file__).parents[2]
CONNECTIONS = 12
KILLS = 5
STEPS = [
    "intent recorded",
    "events written",
    "events committed",
    "dead_letters written",
    "dead_letters committed",
    "seal recorded",
    "trim step",
]
MERGE_STEPS = [
    "merged aside",
    "merge intended",
    "merged file in place",
    "merge committed",
    "merge recorded",
]


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(tmp_path / "data")


@contextmanager
def process(
    module: str, *arguments: str, variables: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a module in a process of its own, and kill it at the end."""
    command = [sys.executable, "-m", f"tests.guarantees.{module}", *arguments]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | (variables or {})) as running:
        try:
            yield running
        finally:
            running.kill()


@contextmanager
def reserved_port() -> Iterator[int]:
    """Yield a port that a server may listen on, also one after the other, and nobody else has.

    It is bound meanwhile. A port that was only looked for may be another test's a moment later, or
    that of the very connection that is made to see whether the server listens.
    """
    with socket.socket() as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(("127.0.0.1", 0))
        yield int(bound.getsockname()[1])


class Ledger:
    """A client that keeps sending, each message once, and remembers what was acknowledged."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.acknowledged: list[str] = []
        self.dead_letters = 0
        self.sent = 0

    async def run(self, seconds: float) -> None:
        """Send for a while, which begins when the first webhook has been acknowledged."""
        async with self.sending():
            await self.taken()
            await asyncio.sleep(seconds)

    @asynccontextmanager
    async def sending(self) -> AsyncIterator[None]:
        """Send on several connections, through every failure, while in the context."""
        limits, ending = httpx.Limits(max_connections=CONNECTIONS), asyncio.Event()
        async with httpx.AsyncClient(limits=limits, timeout=30) as client:
            senders = [asyncio.create_task(self._send(client, ending)) for _ in range(CONNECTIONS)]
            try:
                yield
            finally:
                ending.set()
                await asyncio.gather(*senders)

    async def taken(self) -> None:
        """Wait until a webhook more has been acknowledged; fail when that is in vain."""
        before, deadline = len(self.acknowledged), time.monotonic() + DEADLINE_SECONDS
        while len(self.acknowledged) == before:
            assert time.monotonic() < deadline, "nothing is acknowledged"
            await asyncio.sleep(0.01)

    async def _send(self, client: httpx.AsyncClient, ending: asyncio.Event) -> None:
        while not ending.is_set():
            self.sent += 1
            message_id = f"message-{self.sent}"
            is_bad = self.sent % 10 == 0
            raw = b"hello=world" if is_bad else status_body(message_id)
            try:
                headers = {"content-type": FORM}
                response = await client.post(self.url, content=raw, headers=headers)
            except httpx.TransportError:
                await asyncio.sleep(0.02)
                continue
            if is_bad and response.status_code == 422:
                self.dead_letters += 1
            elif response.status_code == 204:
                self.acknowledged.append(message_id)


def wait_for(port: int) -> None:
    """Wait until a server listens on a port."""
    wait_until(lambda: listens(port), "the server has started")


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return False
    return True


def rows(layout: Layout) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows of the events and the dead-letters table."""
    events = Table.open(layout.events, EVENTS, PARTITION_COLUMN).files()
    dead_letters = Table.open(layout.dead_letters, DEAD_LETTERS, PARTITION_COLUMN).files()
    return (
        pl.read_parquet(events, hive_partitioning=True),
        pl.read_parquet(dead_letters, hive_partitioning=True),
    )


def drain(layout: Layout) -> None:
    with Sealer(layout) as sealer:
        while sealer.seal(10_000):
            pass


def assert_every_seq_once(layout: Layout) -> int:
    """Check the whole log; return how many records it has."""
    events, dead_letters = rows(layout)
    seqs = [*events["seq"], *dead_letters["seq"]]
    assert sorted(seqs) == list(range(1, len(seqs) + 1))
    with Journal.open(layout.journal) as journal:
        assert journal.last_seq() == len(seqs)
    assert verify_log(layout, lambda _done, _total: None) == []
    return len(seqs)


async def killed_under_load(
    ledger: Ledger,
    server: subprocess.Popen[bytes],
    sealing: subprocess.Popen[bytes],
    chance: random.Random,
) -> None:
    """Kill the sealer and the server at random moments while the ledger's client sends."""
    async with ledger.sending():
        await ledger.taken()
        await asyncio.sleep(chance.uniform(0.1, 0.8))
        sealing.kill()
        await asyncio.sleep(chance.uniform(0.1, 0.8))
        server.kill()


def test_acknowledged_webhooks_survive_kill_9_exactly_once(layout: Layout) -> None:
    ledger, chance = Ledger(""), random.Random(1)
    with reserved_port() as port:
        ledger.url = f"http://127.0.0.1:{port}/webhooks/smso"
        for _ in range(KILLS):
            with (
                process("endpoint", str(layout.root), str(port)) as server,
                process("sealing", str(layout.root)) as sealing,
            ):
                wait_for(port)
                asyncio.run(killed_under_load(ledger, server, sealing, chance))
    drain(layout)
    assert_every_seq_once(layout)
    events, dead_letters = rows(layout)
    assert events["message_id"].is_unique().all()
    assert set(ledger.acknowledged) <= set(events["message_id"])
    assert dead_letters.height >= ledger.dead_letters
    assert len(ledger.acknowledged) >= KILLS


@pytest.mark.parametrize("step", STEPS)
def test_a_sealer_killed_at_any_step_loses_and_doubles_nothing(layout: Layout, step: str) -> None:
    with Journal.open(layout.journal) as journal:
        journal.append_many([encode_record(record(number)) for number in range(1, 2_501)])
    with process("sealing", str(layout.root), step) as sealing:
        assert sealing.wait(DEADLINE_SECONDS) == -signal.SIGKILL
    drain(layout)
    assert assert_every_seq_once(layout) == 2_500


@pytest.mark.parametrize("step", MERGE_STEPS)
def test_a_merge_killed_at_any_step_loses_and_doubles_nothing(layout: Layout, step: str) -> None:
    with Journal.open(layout.journal) as journal, Sealer(layout) as sealer:
        journal.append_many([encode_record(record(number)) for number in range(1, 101)])
        while sealer.seal(5):
            pass
    with process("sealing", str(layout.root), step) as sealing:
        assert sealing.wait(DEADLINE_SECONDS) == -signal.SIGKILL
    drain(layout)
    assert assert_every_seq_once(layout) == 100
