"""A child is started again when it dies, and ends when it is told to."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from analytics.priority import (
    NICENESS,
    NICENESS_MAX,
    SESSION,
    TURN_NANOSECONDS,
    give_way,
    give_way_to_all,
    session_gives_way,
    take_short_turns,
)
from sms_analytics.children import Child, wait_for_close
from tests.serving import wait_until


def write_and_wait(folder: Path, parent: Connection) -> None:
    """Leave a file for each start and each orderly end."""
    (folder / f"{os.getpid()}.started").touch()
    wait_for_close(parent)
    (folder / f"{os.getpid()}.ended").touch()


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Child]:
    child = Child("child", write_and_wait, tmp_path)
    child.start()
    wait_until(lambda: len(list(tmp_path.glob("*.started"))) == 1, "the child is up")
    yield child
    child.stop()


def test_a_child_that_dies_is_started_again(child: Child, tmp_path: Path) -> None:
    before = child.pulse.process_id
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: len(list(tmp_path.glob("*.started"))) == 2, "it was started again")
    assert child.pulse.process_id != before
    assert child.pulse.is_there()


def test_a_child_finishes_when_it_is_told_to_stop(child: Child, tmp_path: Path) -> None:
    assert child.pulse.is_there()
    child.stop()
    assert (tmp_path / f"{child.pulse.process_id}.ended").exists()
    assert not child.pulse.is_there()


def kernel() -> tuple[int, ...]:
    """Return the first two numbers of the system's version."""
    return tuple(int(part) for part in os.uname().release.split(".")[:2])


def give_way_and_tell(give_way: Callable[[], None], folder: Path, parent: Connection) -> None:
    """Leave a file that says how nice a thread of this process is, and by which policy it runs."""
    give_way()

    def tell() -> None:
        told = f"{os.getpriority(os.PRIO_PROCESS, 0)} {os.sched_getscheduler(0)}"
        (folder / "told").write_text(told)

    thread = threading.Thread(target=tell)
    thread.start()
    thread.join()
    wait_for_close(parent)


@pytest.mark.parametrize(
    ("gives_way", "policy"),
    [(give_way, os.sched_getscheduler(0)), (give_way_to_all, os.SCHED_IDLE)],
    ids=["to those who take webhooks", "to all"],
)
def test_a_child_that_gives_way_does_so_in_every_thread(
    gives_way: Callable[[], None], policy: int, tmp_path: Path
) -> None:
    child = Child("child", give_way_and_tell, gives_way, tmp_path)
    child.start()
    told = tmp_path / "told"
    wait_until(lambda: told.exists() and told.read_text() != "", "the child told its niceness")
    child.stop()
    niceness, found = map(int, told.read_text().split())
    assert niceness >= NICENESS
    assert found == policy


def take_short_turns_and_tell(folder: Path, parent: Connection) -> None:
    """Leave a file that says how long the turns of this process's other threads are."""
    take_short_turns()

    def tell() -> None:
        lines = Path("/proc/thread-self/sched").read_text().splitlines()
        told = [line.split(":")[1].strip() for line in lines if line.startswith("se.slice")]
        (folder / "telling").write_text(" ".join(told))
        (folder / "telling").rename(folder / "told")

    thread = threading.Thread(target=tell)
    thread.start()
    thread.join()
    wait_for_close(parent)


@pytest.mark.skipif(
    not Path("/proc/self/sched").exists() or kernel() < (6, 12),
    reason="this system does not grant short turns, or does not tell of them",
)
def test_turns_are_short_in_every_thread(tmp_path: Path) -> None:
    child = Child("child", take_short_turns_and_tell, tmp_path)
    child.start()
    wait_until((tmp_path / "told").exists, "it told")
    child.stop()
    assert (tmp_path / "told").read_text() == str(TURN_NANOSECONDS)


def session_gives_way_and_tells(folder: Path, parent: Connection) -> None:
    """Leave a file that says how nice a session of this process's own was, meanwhile and after."""
    os.setsid()
    try:
        SESSION.write_text("3")
    except OSError:
        told = "forbidden"
    else:
        with session_gives_way():
            meanwhile = SESSION.read_text().split()[-1]
        told = f"{meanwhile} {SESSION.read_text().split()[-1]}"
    (folder / "telling").write_text(told)
    (folder / "telling").rename(folder / "told")
    wait_for_close(parent)


def test_a_session_goes_behind_others_for_a_while(tmp_path: Path) -> None:
    child = Child("child", session_gives_way_and_tells, tmp_path)
    child.start()
    wait_until((tmp_path / "told").exists, "it told")
    child.stop()
    told = (tmp_path / "told").read_text()
    if told == "forbidden":
        pytest.skip("a session's niceness cannot be set here")
    assert told == f"{NICENESS_MAX} 3"
