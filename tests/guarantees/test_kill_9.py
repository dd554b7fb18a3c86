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
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class Ledger:
    """A client that keeps sending, each message once, and remembers what was acknowledged."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.acknowledged: list[str] = []
        self.dead_letters = 0
        self.sent = 0
        self._stopped = False

    async def run(self, seconds: float) -> None:
        """Send on several connections, through every failure, for a while."""
        limits = httpx.Limits(max_connections=CONNECTIONS)
        async with httpx.AsyncClient(limits=limits, timeout=5) as client:
            deadline = time.monotonic() + seconds
            senders = [self._send(client, deadline) for _ in range(CONNECTIONS)]
            await asyncio.gather(*senders)

    async def _send(self, client: httpx.AsyncClient, deadline: float) -> None:
        while time.monotonic() < deadline:
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
    for _ in range(6_000):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError("the server did not start")


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
    sealing_seconds, serving_seconds = chance.uniform(0.1, 0.8), chance.uniform(0.1, 0.8)
    sending = asyncio.ensure_future(ledger.run(sealing_seconds + serving_seconds + 0.1))
    await asyncio.sleep(sealing_seconds)
    sealing.kill()
    await asyncio.sleep(serving_seconds)
    server.kill()
    await sending


def test_acknowledged_webhooks_survive_kill_9_exactly_once(layout: Layout) -> None:
    port = free_port()
    ledger = Ledger(f"http://127.0.0.1:{port}/webhooks/smso")
    chance = random.Random(1)
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
    assert len(ledger.acknowledged) > KILLS


@pytest.mark.parametrize("step", STEPS)
def test_a_sealer_killed_at_any_step_loses_and_doubles_nothing(layout: Layout, step: str) -> None:
    with Journal.open(layout.journal) as journal:
        journal.append_many([encode_record(record(number)) for number in range(1, 2_501)])
    with process("sealing", str(layout.root), step) as sealing:
        assert sealing.wait(timeout=60) == -signal.SIGKILL
    drain(layout)
    assert assert_every_seq_once(layout) == 2_500


@pytest.mark.parametrize("step", MERGE_STEPS)
def test_a_merge_killed_at_any_step_loses_and_doubles_nothing(layout: Layout, step: str) -> None:
    with Journal.open(layout.journal) as journal, Sealer(layout) as sealer:
        journal.append_many([encode_record(record(number)) for number in range(1, 101)])
        while sealer.seal(5):
            pass
    with process("sealing", str(layout.root), step) as sealing:
        assert sealing.wait(timeout=60) == -signal.SIGKILL
    drain(layout)
    assert assert_every_seq_once(layout) == 100
