"""What a disk does to us: failing operations, and power that goes."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from eventlog.layout import Layout
from eventlog.table import Table
from tests.guarantees import disk
from tests.guarantees.checkpointing import SCHEMA
from tests.guarantees.test_kill_9 import (
    ROOT,
    Ledger,
    assert_every_seq_once,
    drain,
    process,
    reserved_port,
    rows,
    wait_for,
)

pytestmark = pytest.mark.skipif(disk.COMPILER is None, reason="no C compiler")

POWER_CUTS = 4


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return disk.build(tmp_path_factory.mktemp("disk"))


def told_by(module: str, library: Path, tmp_path: Path, *arguments: object) -> int:
    """Run a module under the disk; return the number that it prints."""
    with disk.fast_folder(tmp_path) as folder:
        command = [sys.executable, "-m", f"tests.guarantees.{module}", library, folder, *arguments]
        variables = os.environ | disk.environment(library, folder)
        done = subprocess.run(
            [str(each) for each in command], cwd=ROOT, env=variables, capture_output=True, text=True
        )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


EVERY = (1, 1, 1, 1)


@pytest.mark.parametrize(
    ("work", "strides", "faults"),
    [
        ("create", EVERY, 30),
        ("append", EVERY, 30),
        ("seal", (1, 3, 7, 1), 70),
        ("merge", (1, 3, 5, 1), 30),
        ("token", EVERY, 16),
        ("trim", EVERY, 30),
        ("project", (7, 13, 211, 7), 10),
        ("first", (13, 13, 131, 7), 10),
        ("publish", (2, 23, 61, 1), 12),
        pytest.param("seal", EVERY, 200, marks=pytest.mark.soak),
        pytest.param("merge", EVERY, 100, marks=pytest.mark.soak),
        pytest.param("project", EVERY, 200, marks=pytest.mark.soak),
        pytest.param("first", EVERY, 1_000, marks=pytest.mark.soak),
        pytest.param("publish", EVERY, 200, marks=pytest.mark.soak),
    ],
)
def test_a_failing_disk_costs_nothing_that_was_told(
    library: Path, tmp_path: Path, work: str, strides: tuple[int, ...], faults: int
) -> None:
    """Fail the N-th sync, write, open and rename, with EIO and with ENOSPC."""
    assert told_by("faulty_disk", library, tmp_path, work, *strides) >= faults


@pytest.mark.parametrize(
    ("life", "first", "stride", "ends"), [("writing", 3, 41, 10), ("reading", 40, 97, 2)]
)
def test_whatever_step_was_the_last_all_that_was_told_is_there(
    library: Path, tmp_path: Path, life: str, first: int, stride: int, ends: int
) -> None:
    """Kill at a step, also with the power going, dropping what was not synced or a part of it.

    Each end is tried in one of the ways, in turn; the soak tries all of each.
    """
    assert told_by("crashes", library, tmp_path, life, first, stride, "in-turn") >= ends


async def power_cut_under_load(ledger: Ledger, *running: subprocess.Popen[bytes]) -> None:
    """Stop every process in the middle of its work, and then kill them."""
    async with ledger.sending():
        await ledger.taken()
        await asyncio.sleep(random.Random(ledger.sent).uniform(0.5, 1.5))
        for each in running:
            each.send_signal(signal.SIGSTOP)
        for each in running:
            each.kill()


def test_acknowledged_webhooks_survive_power_cuts_exactly_once(
    library: Path, tmp_path: Path
) -> None:
    """Whatever was not synced is gone after each cut, and the next start goes on from the rest."""
    ledger = Ledger("")
    root = tmp_path / "0"
    root.mkdir()
    for cut in range(POWER_CUTS):
        shadow = tmp_path / f"shadow-{cut}"
        shadow.mkdir()
        variables = disk.environment(library, root, shadow)
        disk.sync_all(root, variables)
        with (
            reserved_port() as port,
            process("sealing", str(root), variables=variables) as sealing,
            process("endpoint", str(root), str(port), variables=variables) as server,
        ):
            wait_for(port)
            ledger.url = f"http://127.0.0.1:{port}/webhooks/smso"
            asyncio.run(power_cut_under_load(ledger, sealing, server))
        left = tmp_path / f"{cut + 1}"
        disk.after_power_cut(shadow, root, left)
        root = left
    layout = Layout(root)
    drain(layout)
    assert_every_seq_once(layout)
    events, dead_letters = rows(layout)
    assert set(ledger.acknowledged) <= set(events["message_id"])
    assert dead_letters.height >= ledger.dead_letters
    assert len(ledger.acknowledged) >= POWER_CUTS


@pytest.mark.parametrize("commits", [5, 11, 18, 25])
def test_no_power_cut_tears_the_log_of_a_table(library: Path, tmp_path: Path, commits: int) -> None:
    """Every commit that was told of is there after the cut, also in the middle of a checkpoint."""
    root, shadow = tmp_path / "data", tmp_path / "shadow"
    root.mkdir()
    shadow.mkdir()
    variables = disk.environment(library, root, shadow)
    disk.sync_all(root, variables)
    command = [sys.executable, "-m", "tests.guarantees.checkpointing", str(root / "table")]
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | variables, stdout=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        for line in running.stdout:
            if int(line) >= commits:
                time.sleep(random.Random(commits).uniform(0, 0.03))
                break
        running.send_signal(signal.SIGSTOP)
        running.kill()
        told = [int(line) for line in running.stdout] or [commits]
    disk.after_power_cut(shadow, root, tmp_path / "left")
    table = Table.open(tmp_path / "left" / "table", SCHEMA, "day")
    seqs = sorted(seq for path in table.files() for seq in pl.read_parquet(path)["seq"])
    assert seqs == list(range(1, len(seqs) + 1))
    assert len(seqs) >= told[-1]
    assert table.checkpoint("node") == len(seqs)
