"""The connection that folds."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from analytics.projections.engine import Engine, Resources
from tests.serving import wait_until


def which_give_way() -> int:
    """Return how many threads of this process compute only when nobody else wants to."""
    policies = []
    for task in Path("/proc/self/task").iterdir():
        with suppress(ProcessLookupError):  # it has ended meanwhile
            policies.append(os.sched_getscheduler(int(task.name)))
    return policies.count(os.SCHED_IDLE)


def test_duckdbs_threads_give_way_and_the_one_that_asks_does_not(tmp_path: Path) -> None:
    here, before = os.sched_getscheduler(0), which_give_way()
    with Engine.open(tmp_path / "scratch", Resources(threads=3, give_way=True)):
        # The one that connected is there, too, until the system has ended it.
        wait_until(lambda: which_give_way() == before + 2, "DuckDB's two threads give way")
        assert os.sched_getscheduler(0) == here
