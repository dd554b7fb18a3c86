"""One process at a time runs the jobs."""

from __future__ import annotations

import os
from multiprocessing import Pipe
from pathlib import Path

import pytest

from sms_analytics.turn import holder, is_taken, turn


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


def test_whether_a_turn_is_taken_can_be_seen(tmp_path: Path) -> None:
    path = tmp_path / "jobs.lock"
    assert not is_taken(path)
    _, parent = Pipe()
    with turn(path, parent):
        assert is_taken(path)
    assert not is_taken(path)


def test_who_waits_says_so_and_leaves_when_told_to(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "jobs.lock"
    _, parent = Pipe()
    ours, told_to_leave = Pipe()
    ours.close()
    with turn(path, parent), turn(path, told_to_leave) as is_ours:
        assert not is_ours
    (said,) = caplog.records
    assert said.message == "jobs wait for those of another server"
    assert said.__dict__["holder"] == os.getpid()
