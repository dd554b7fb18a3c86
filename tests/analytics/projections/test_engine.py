"""The connection that folds."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from analytics.projections.engine import Engine, Resources


def threads() -> set[int]:
    """Return the system's ids of this process's threads."""
    return {int(task.name) for task in Path("/proc/self/task").iterdir()}


def test_duckdbs_threads_give_way_and_the_one_that_asks_does_not(tmp_path: Path) -> None:
    here, before = os.sched_getscheduler(0), threads()

    def give_way() -> None:
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))

    with Engine.open(tmp_path / "scratch", Resources(threads=3, give_way=give_way)):
        begun = threads() - before
        policies = [os.sched_getscheduler(each) for each in begun]
    assert policies == [os.SCHED_BATCH] * 2
    assert os.sched_getscheduler(threading.get_native_id()) == here
