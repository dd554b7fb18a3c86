"""The real server in a storm: what it acknowledged is in the log once, and the proof holds."""

from __future__ import annotations

import os
import random
import subprocess
from pathlib import Path

import pytest

from eventlog.layout import Layout
from tests.guarantees.storm import full_disk_storm, kill_storm, settled, small_disk
from tests.guarantees.test_kill_9 import Ledger
from tests.serving import run

KILLS = 4
# It chooses one step of a seal, one of a merge, one of a projection, and the last of a seal.
SEED = 22377


def test_a_killed_server_has_kept_all_that_it_acknowledged_once(tmp_path: Path) -> None:
    """Kill it again and again under load, while it seals, merges, projects and publishes."""
    layout, ledger, chance = Layout(tmp_path / "data"), Ledger(""), random.Random(SEED)
    assert run("refresh", "--data", layout.root).returncode == 0  # there is one to read from now on
    readings = [kill_storm(layout, ledger, chance, []) for _ in range(KILLS)]
    kept = settled(layout, ledger)
    assert set(ledger.acknowledged) <= kept.keys()
    assert max(kept.values()) == 1
    assert len(ledger.acknowledged) >= KILLS
    assert all(readings)


def test_a_full_disk_refuses_and_the_server_goes_on_when_there_is_room(tmp_path: Path) -> None:
    ledger = Ledger("")
    try:
        with small_disk(tmp_path / "disk", "48m") as disk:
            kept = settled(full_disk_storm(disk, ledger), ledger)
    except subprocess.CalledProcessError as error:
        assert "CI" not in os.environ, error.stderr
        pytest.skip("no right to mount a small filesystem")
    assert set(ledger.acknowledged) <= kept.keys()
    assert max(kept.values()) == 1
