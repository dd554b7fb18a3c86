"""Who goes first when the processor is short: those who take webhooks, before all other work."""

from __future__ import annotations

import os
from contextlib import suppress

NICENESS = 10


def give_way() -> None:
    """Let those who take webhooks go first, before this thread and whatever it starts.

    There is no way back: only the superuser may ask for more than it has. It is half-way to the
    last place, since whoever waits for a lock that is held here waits for the one who holds it.
    """
    os.setpriority(os.PRIO_PROCESS, 0, max(NICENESS, os.getpriority(os.PRIO_PROCESS, 0)))


def give_way_to_all() -> None:
    """Let this thread, and whatever it starts, compute only when nobody else wants to.

    For work that holds no lock that those who take webhooks wait for: on a machine that is busy
    all the time it gets next to nothing. Whoever wakes goes first at once, where one who merely
    is less nice may wait for some milliseconds.
    """
    give_way()
    with suppress(AttributeError, PermissionError):  # not Linux; a container that forbids it
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
