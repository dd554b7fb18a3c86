"""The storms of the other tests, long and at random: `make soak`.

SOAK_MINUTES says how long, SOAK_SEED repeats a choice of storms. An epoch is one data directory,
through some storms of kills, power cuts and failing disks, with a recording imported meanwhile; at
its end the whole is proved and every acknowledged webhook counted. One line tells the sum.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path

import pytest

from eventlog.layout import Layout
from tests.guarantees import disk
from tests.guarantees.storm import (
    full_disk_storm,
    kill_storm,
    settled,
    signal_all,
    small_disk,
)
from tests.guarantees.test_disk import library, power_cut_under_load, told_by
from tests.guarantees.test_kill_9 import ROOT, Ledger, process, reserved_port, wait_for
from tests.ingest.mutations import fuzz
from tests.ingest.records import FORM, status_body
from tests.serving import COMMAND, run

__all__ = ["library"]  # the fixture

pytestmark = [
    pytest.mark.soak,
    pytest.mark.timeout(0),
    pytest.mark.skipif(disk.COMPILER is None, reason="no C compiler"),
]
MINUTES = float(os.environ.get("SOAK_MINUTES", "60"))
SEED = int(os.environ.get("SOAK_SEED", secrets.randbelow(1_000_000)))
MUTATIONS = 1_000_000
STORMS_AN_EPOCH = 6
IMPORTED_LINES = 3_000
ONE_OPERATION_IN = 300
MAY_END_A_PROCESS = {
    "JournalUnavailableError",
    "OSError",
    "ProjectionError",
    "PublishError",
    "TableError",
}
WORKS = ("create", "append", "seal", "trim", "merge", "token", "first", "project", "publish")
LONG_WORKS = ("first", "project", "publish")
RAISED = re.compile(r"^(?:\w+\.)*(\w+Error)(?:: .*)?$")
DISK_LETTERS = {"s": "syncs", "w": "writes", "o": "opens", "r": "renames", "u": "unlinks"}


class Soak:
    """What has happened so far, and the data directory of this epoch."""

    def __init__(self, library: Path, folder: Path, chance: random.Random) -> None:
        self.library = library
        self.folder = folder
        self.chance = chance
        self.left: list[int] = []
        self.faults: Counter[str] = Counter()
        self.acknowledged = self.lost = self.doubled = self.imported = self.read = 0

    def line(self, seconds: float) -> str:
        """Sum up."""
        faults = ", ".join(f"{count:,} {kind}" for kind, count in sorted(self.faults.items()))
        return (
            f"soak: {seconds / 60:.1f} min, seed {SEED}; webhooks acknowledged"
            f" {self.acknowledged:,}, imported {self.imported:,}, catalogues read {self.read:,};"
            f" faults injected: {faults}; acknowledged webhooks lost {self.lost},"
            f" doubled {self.doubled}"
        )

    def epoch(self, until: float) -> None:
        """Let storms come over one data directory, then prove it."""
        shutil.rmtree(self.folder / "epoch", ignore_errors=True)
        layout, ledger = Layout(self.folder / "epoch" / "data"), Ledger("")
        layout.root.mkdir(parents=True)
        recording = self._recording()
        storms: list[Callable[[Layout, Ledger], None]] = [self._kill, self._cut, self._disk]
        for number in range(STORMS_AN_EPOCH):
            if time.monotonic() > until and number:
                break
            storm = self.chance.choice(storms)
            if storm == self._cut:
                self._end_what_is_left()
            # What is not under that disk must not write to it while its power is cut.
            with nullcontext() if storm == self._cut else self._importing(layout, recording):
                storm(layout, ledger)
        self._end_what_is_left()
        imported = run("import", recording, "--data", layout.root)
        assert imported.returncode == 0, imported.stderr
        self._count(ledger, settled(layout, ledger))
        self.chance.choice([self._full, self._ends, self._each_operation])()

    def _count(self, ledger: Ledger, kept: Counter[str]) -> None:
        imported = {name for name in kept if name.startswith("import-")}
        if imported:
            assert len(imported) == IMPORTED_LINES
            self.imported += len(imported)
        self.acknowledged += len(ledger.acknowledged) + ledger.dead_letters
        self.lost += len(set(ledger.acknowledged) - kept.keys())
        self.doubled += sum(count > 1 for count in kept.values())

    def _recording(self) -> Path:
        path = self.folder / "recording.ndjson"
        with path.open("w") as file:
            for number in range(IMPORTED_LINES):
                body = status_body(f"import-{number}").decode()
                file.write(json.dumps({"content_type": FORM, "body": body}) + "\n")
        return path

    @contextmanager
    def _importing(self, layout: Layout, recording: Path) -> Iterator[None]:
        """Import meanwhile, if chance has it so; at the end it is killed."""
        if self.chance.random() < 0.5:
            yield
            return
        command = [*COMMAND, "import", str(recording), "--data", str(layout.root)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as importing:
            try:
                yield
            finally:
                if importing.poll() is None:
                    self.faults["killed imports"] += 1
                importing.kill()

    def _end_what_is_left(self) -> None:
        """End the jobs that killed servers have left behind."""
        signal_all(self.left, signal.SIGKILL)
        self.left.clear()

    def _kill(self, layout: Layout, ledger: Ledger) -> None:
        patient = self.chance.random() < 0.5
        self.read += kill_storm(layout, ledger, self.chance, self.left, when_published=patient)
        self.faults["kills"] += 2

    def _cut(self, layout: Layout, ledger: Ledger) -> None:
        """Cut the power: drop what was not synced, or a part of it."""
        shadow, left = self.folder / "shadow", self.folder / "left"
        shutil.rmtree(shadow, ignore_errors=True)
        shadow.mkdir()
        variables = disk.environment(self.library, layout.root, shadow)
        disk.sync_all(layout.root, variables)
        with (
            reserved_port() as port,
            process("sealing", str(layout.root), "", "publish", variables=variables) as sealing,
            process("endpoint", str(layout.root), str(port), variables=variables) as server,
        ):
            wait_for(port)
            ledger.url = f"http://127.0.0.1:{port}/webhooks/smso"
            asyncio.run(power_cut_under_load(ledger, sealing, server))
        partly = self.chance if self.chance.random() < 0.5 else None
        disk.after_power_cut(shadow, layout.root, left, partly)
        shutil.rmtree(layout.root)
        left.rename(layout.root)
        self.faults["power cuts"] += 1

    def _disk(self, layout: Layout, ledger: Ledger) -> None:
        """Let operations of the disk fail at random, and start again whatever that ends."""
        tally = self.folder / "tally"
        tally.write_text("")
        variables = disk.environment(self.library, layout.root) | {
            "DISK_CHANCE": str(ONE_OPERATION_IN),
            "DISK_TALLY": str(tally),
        }
        with (
            reserved_port() as port,
            kept_alive(variables, "sealing", str(layout.root), "", "publish") as sealing,
            kept_alive(variables, "endpoint", str(layout.root), str(port)) as server,
        ):
            wait_for(port)
            ledger.url = f"http://127.0.0.1:{port}/webhooks/smso"
            asyncio.run(ledger.run(self.chance.uniform(2, 6)))
        assert {*map(ended_by, sealing + server)} <= MAY_END_A_PROCESS, sealing + server
        for letter, count in Counter(tally.read_text()).items():
            self.faults[f"failed {DISK_LETTERS[letter]}"] += count

    def _full(self) -> None:
        folder, ledger = self.folder / f"disk-{self.faults.total()}", Ledger("")
        with ExitStack() as mounted:
            try:
                small = mounted.enter_context(small_disk(folder, "64m"))
            except subprocess.CalledProcessError:
                return
            self._count(ledger, settled(full_disk_storm(small, ledger), ledger))
            self.faults["full disks"] += 1

    def _ends(self) -> None:
        life, stride = self.chance.choice([("writing", 37), ("reading", 71)])
        first = self.chance.randint(1, stride)
        ends = told_by("crashes", self.library, self.folder, life, first, stride, "all")
        self.faults["ends at a step, four ways each"] += ends

    def _each_operation(self) -> None:
        work = self.chance.choice(WORKS)
        strides = (11, 29, 173, 4) if work in LONG_WORKS else (1, 1, 1, 1)
        self.faults["single failing operations"] += told_by(
            "faulty_disk", self.library, self.folder, work, *strides
        )


def ended_by(told: str) -> str:
    """Return the kind of the error that ended a process, from what it told at last."""
    kinds = [found[1] for line in told.splitlines() if (found := RAISED.match(line))]
    return kinds[-1] if kinds else told


@contextmanager
def kept_alive(variables: dict[str, str], module: str, *arguments: str) -> Iterator[list[str]]:
    """Run a module again whenever it ends; kill it at the end.

    Yields what each told that ended by itself.
    """
    command = [sys.executable, "-m", f"tests.guarantees.{module}", *arguments]
    ending = threading.Event()
    running: list[subprocess.Popen[str]] = []
    told: list[str] = []

    def run_again() -> None:
        while not ending.is_set():
            running.append(
                subprocess.Popen(
                    command,
                    cwd=ROOT,
                    env=os.environ | variables,
                    stderr=subprocess.PIPE,
                    text=True,
                )
            )
            _, errors = running[-1].communicate()
            if running[-1].returncode != -signal.SIGKILL:
                told.append(errors)

    thread = threading.Thread(target=run_again)
    thread.start()
    try:
        yield told
    finally:
        ending.set()
        while thread.is_alive():
            for each in running:
                each.kill()
            thread.join(0.05)


def test_nothing_that_was_acknowledged_is_lost_or_doubled_in_any_storm(
    library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with capsys.disabled():
        print(f"\nsoak: {MINUTES:g} minutes, SOAK_SEED={SEED}", flush=True)
    soak = Soak(library, tmp_path, random.Random(SEED))
    begun = time.monotonic()
    while time.monotonic() < begun + MINUTES * 60:
        soak.epoch(begun + MINUTES * 60)
    with capsys.disabled():
        print(soak.line(time.monotonic() - begun), flush=True)
    assert soak.acknowledged
    assert (soak.lost, soak.doubled) == (0, 0)


def test_a_million_mutated_webhooks_become_events_or_dead_letters(
    capsys: pytest.CaptureFixture[str],
) -> None:
    kinds = fuzz(SEED, MUTATIONS)
    assert sum(kinds.values()) == MUTATIONS
    with capsys.disabled():
        told = ", ".join(f"{count:,} {kind}" for kind, count in sorted(kinds.items()))
        print(f"\nfuzz: seed {SEED}; {MUTATIONS:,} mutated webhooks, no exception: {told}")
