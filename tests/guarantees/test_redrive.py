"""A redrive that is killed is finished by the next one: every dead letter becomes one event."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from eventlog.event import encode_record
from eventlog.layout import Layout
from ingest.journal import Journal
from tests.guarantees.test_kill_9 import assert_every_seq_once, drain, rows
from tests.ingest.records import record
from tests.ingest.test_redriver import BAD, dead
from tests.serving import run

ROOT = Path(__file__).parents[2]


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path / "data")
    letters = [*map(dead, range(1, 6)), dead(6, BAD)]
    with Journal.open(layout.journal) as journal:
        journal.append_many([encode_record(each) for each in [record(9), *letters]])
    return layout


def test_a_killed_redrive_loses_and_doubles_nothing(layout: Layout) -> None:
    drain(layout)
    command = [sys.executable, "-m", "tests.guarantees.redriving", str(layout.root)]
    killed = subprocess.run(command, cwd=ROOT, env=os.environ, check=False)
    assert killed.returncode == -signal.SIGKILL
    told = run("redrive", "--data", layout.root).stdout.splitlines()
    assert told[:2] == ["decoded: 3", "decoded before: 2"]
    drain(layout)
    assert assert_every_seq_once(layout) == 12
    events, dead_letters = rows(layout)
    redriven = events.filter(pl.col("source") == "redrive")
    assert sorted(redriven["message_id"]) == [f"late-{number}" for number in range(1, 6)]
    assert dead_letters.height == 6


def test_the_command_finds_dead_letters_that_were_not_sealed_yet(layout: Layout) -> None:
    told = run("redrive", "--dry-run", "--data", layout.root).stdout
    assert "would be decoded: 5" in told
    assert "  sent_at: a time that an older decoder could read: 5 would be decoded, 1 not" in told
    assert run("redrive", "--data", layout.root).stdout.startswith("decoded: 5\n")
    assert run("redrive", "--data", layout.root).stdout.startswith("decoded: 0\n")
    assert run("refresh", "--data", layout.root).returncode == 0
    asked = "select count(*) as n from messages where message_id like 'late-%'"
    assert "5" in run("sql", asked, "--data", layout.root).stdout
    assert run("verify", "--data", layout.root).returncode == 0
