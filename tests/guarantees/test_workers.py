"""Several processes take webhooks into one journal, and any of them may die."""

from __future__ import annotations

import asyncio
import fcntl
import os
import random
import signal
from contextlib import suppress
from pathlib import Path

import httpx

from eventlog.layout import Layout
from ingest.journal import Journal
from tests.guarantees.test_kill_9 import Ledger, assert_every_seq_once, drain, rows
from tests.serving import Server, serving, wait_until

KILLS = 4


def children(process_id: int) -> list[int]:
    """Return the workers and the jobs of a server, without the tracker of its resources."""
    by_thread = Path(f"/proc/{process_id}/task").glob("*/children")
    found = [int(child) for children in by_thread for child in children.read_text().split()]
    return [child for child in found if b"spawn_main" in command(child)]


def command(process_id: int) -> bytes:
    """Return the command line of a process, nothing when it has ended."""
    try:
        return Path(f"/proc/{process_id}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


async def sent(ledger: Ledger, server: Server, chance: random.Random) -> None:
    """Send, while one child after the other is killed as it may come."""
    async with ledger.sending():
        for _ in range(KILLS):
            await ledger.taken()
            await asyncio.sleep(chance.uniform(0.5, 1.5))
            with suppress(ProcessLookupError, IndexError):
                os.kill(chance.choice(children(server.process.pid)), signal.SIGKILL)


def test_acknowledged_webhooks_survive_kill_9_of_any_worker(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "data")
    with serving(layout.root, "--workers", "2") as server:
        ledger = Ledger(f"{server.url}/webhooks/smso")
        asyncio.run(sent(ledger, server, random.Random(2)))
        wait_until(lambda: len(children(server.process.pid)) == 2, "what died is back")
        wait_until(
            lambda: httpx.get(f"{server.url}/readyz").status_code == 200, "the server is ready"
        )
        assert httpx.post(f"{server.url}/webhooks/smso").status_code == 422
        server.kill()
    wait_until(lambda: not claimed(layout), "the workers have ended with the server")
    drain(layout)
    assert_every_seq_once(layout)
    events, dead_letters = rows(layout)
    assert events["message_id"].is_unique().all()
    assert set(ledger.acknowledged) <= set(events["message_id"])
    assert dead_letters.height >= ledger.dead_letters + 1
    assert ledger.acknowledged


def claimed(layout: Layout) -> list[Path]:
    """Return the files of counts that a process still holds."""
    held = []
    for path in layout.counters.glob("*"):
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                held.append(path)
    return held


def test_sigterm_lets_every_worker_finish_and_the_jobs_seal_what_they_took(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "data")
    with serving(layout.root, "--workers", "2") as server:
        wait_until(lambda: len(list(layout.counters.glob("*"))) == 2, "both workers serve")
        ledger = Ledger(f"{server.url}/webhooks/smso")
        asyncio.run(ledger.run(1))
        workers = children(server.process.pid)
        assert server.stop() == 0
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)
    with Journal.open(layout.journal) as journal:
        assert journal.depth() == 0
    assert_every_seq_once(layout)
    assert set(ledger.acknowledged) <= set(rows(layout)[0]["message_id"])
