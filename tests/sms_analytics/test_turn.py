"""One process at a time runs the jobs."""

from __future__ import annotations

import os
from multiprocessing import Pipe
from pathlib import Path

from sms_analytics.turn import holder, turn


def test_whose_turn_it_is_can_be_read(tmp_path: Path) -> None:
    _, parent = Pipe()
    with turn(tmp_path / "jobs.lock", parent) as is_ours:
        assert is_ours
        assert holder(tmp_path / "jobs.lock") == os.getpid()


def test_a_full_disk_keeps_nobody_from_the_turn(tmp_path: Path) -> None:
    (tmp_path / "jobs.lock").symlink_to("/dev/full")
    _, parent = Pipe()
    with turn(tmp_path / "jobs.lock", parent) as is_ours:
        assert is_ours
