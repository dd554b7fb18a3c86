"""Storms for the real server: load with a ledger, kills, a disk that fills up, a process tree."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from analytics.door import Catalogue
from eventlog.layout import Layout
from tests.guarantees.test_kill_9 import (
    MERGE_STEPS,
    STEPS,
    Ledger,
    assert_every_seq_once,
    drain,
    process,
    rows,
)
from tests.guarantees.test_projection_equals_rebuild import STEPS as PROJECTION_STEPS
from tests.ingest.records import FORM, status_body
from tests.serving import DEADLINE_SECONDS, run, serving

BUSY = {
    "SMS_ANALYTICS_INGEST__SEAL_INTERVAL_SECONDS": "0.1",
    "SMS_ANALYTICS_JOBS__REFRESH_INTERVAL_SECONDS": "0.1",
    "SMS_ANALYTICS_JOBS__IDLE_PUBLISH_SECONDS": "0.1",
}
FILLER_BYTES = 1 << 20
PUBLISHED_SECONDS_MAX = 60


def family(pid: int) -> list[int]:
    """Return a process and all that it started, itself and through others."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue  # it has ended
        children.setdefault(parent, []).append(int(stat.parent.name))
    found = [pid]
    for each in found:
        found += children.get(each, [])
    return found


def kill_family(pid: int) -> None:
    """Stop a process and all that it started at once, and kill them."""
    members = family(pid)
    signal_all(members, signal.SIGSTOP)
    signal_all(members, signal.SIGKILL)


def signal_all(processes: Iterable[int], number: signal.Signals) -> None:
    """Send a signal to those that still run."""
    for each in processes:
        with suppress(ProcessLookupError):
            os.kill(each, number)


def read_until(layout: Layout, ending: threading.Event) -> int:
    """Open the catalogue again and again, and read it twice each time: it must not change."""
    read = 0
    while True:
        if layout.catalogue.exists():
            with Catalogue.open(layout.catalogue) as catalogue:
                counts = [
                    catalogue.frame("select count(*) as n, count(number) as m from messages").row(0)
                    for _ in range(2)
                ]
            assert counts[0] == counts[1]
            read += 1
        if ending.wait(0.05):
            return read


async def killed_while_serving(
    ledger: Ledger,
    layout: Layout,
    server: subprocess.Popen[str],
    chance: random.Random,
    left: list[int],
    *,
    when_published: bool,
) -> int:
    """Send, and read the catalogue, while the server is killed; return how often it was read."""
    ending = threading.Event()
    reading = asyncio.create_task(asyncio.to_thread(read_until, layout, ending))
    try:
        async with ledger.sending():
            await ledger.taken()
            if when_published:
                await published_anew(layout)
            await asyncio.sleep(chance.uniform(0.5, 1.5))
            if chance.random() < 0.5:
                kill_family(server.pid)
            else:
                left += family(server.pid)[1:]  # they see it, finish, and meet those of the next
                server.kill()
    finally:
        ending.set()
    return await reading


async def published_anew(layout: Layout) -> None:
    """Wait for a publication, but not for ever: who might do it may have been killed."""
    before = changed_at(layout.catalogue)
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PUBLISHED_SECONDS_MAX
    while changed_at(layout.catalogue) == before and loop.time() < deadline:
        await asyncio.sleep(0.05)


def changed_at(path: Path) -> float:
    return path.stat().st_mtime if path.exists() else 0


def kill_storm(
    layout: Layout,
    ledger: Ledger,
    chance: random.Random,
    left: list[int],
    *,
    when_published: bool = False,
) -> int:
    """Kill the real server under load, and another sealer at a step; return the readings.

    `left` learns which processes of a killed server may still be finishing their jobs. A slow
    machine is killed before it has published anything, unless that is waited for.
    """
    step = chance.choice(["", *STEPS, *MERGE_STEPS, *PROJECTION_STEPS])
    with (
        process("sealing", str(layout.root), step, "publish"),
        serving(layout.root, **BUSY) as server,
    ):
        ledger.url = f"{server.url}/webhooks/smso"
        killed = killed_while_serving(
            ledger, layout, server.process, chance, left, when_published=when_published
        )
        return asyncio.run(killed)


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """Mount a small filesystem in memory. Raises `CalledProcessError` without the right to."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(path: Path) -> None:
    """Fill the disk to its last byte."""
    with path.open("ab", buffering=0) as file:
        for size in (FILLER_BYTES, 4096, 1):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError:
                continue


def full_disk_storm(disk: Path, ledger: Ledger) -> Layout:
    """Fill the disk under the real server, and make room again; return what is left."""
    layout = Layout(disk / "data")
    filler = disk / "filler"
    with serving(layout.root, **BUSY) as server:
        ledger.url = f"{server.url}/webhooks/smso"
        asyncio.run(ledger.run(1))
        fill(filler)
        refused = posted_until(ledger, 503)
        assert int(refused.headers["retry-after"]) > 0
        assert refused.headers["content-type"] == "application/problem+json"
        filler.unlink()
        posted_until(ledger, 204)
        asyncio.run(ledger.run(1))
        assert server.stop() == 0
    return layout


def posted_until(ledger: Ledger, status: int) -> httpx.Response:
    """Post until the answer is this one; fail when that is in vain."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    with httpx.Client() as client:
        while time.monotonic() < deadline:
            ledger.sent += 1
            message_id = f"message-{ledger.sent}"
            answer = client.post(
                ledger.url, content=status_body(message_id), headers={"content-type": FORM}
            )
            assert answer.status_code in (204, 503)
            if answer.status_code == 204:
                ledger.acknowledged.append(message_id)
            if answer.status_code == status:
                return answer
            time.sleep(0.003)
    raise AssertionError(f"never answered {status}")


def settled(layout: Layout, ledger: Ledger) -> Counter[str]:
    """Seal what waits and prove the whole; return how often each message is in the log."""
    drain(layout)
    assert_every_seq_once(layout)
    proved = run("verify", "--data", layout.root)
    assert proved.returncode == 0, proved.stdout + proved.stderr
    events, dead_letters = rows(layout)
    assert dead_letters.height >= ledger.dead_letters
    return Counter(events["message_id"])
