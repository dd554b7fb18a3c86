"""Who goes first when the processor is short: those who take webhooks, before all other work."""

from __future__ import annotations

import os

NICENESS = 10


def give_way() -> None:
    """Let those who take webhooks go first, before this thread and whatever it starts.

    There is no way back: only the superuser may ask for more than it has. It is half-way to the
    last place, since whoever waits for a lock that is held here waits for the one who holds it.
    """
    os.setpriority(os.PRIO_PROCESS, 0, max(NICENESS, os.getpriority(os.PRIO_PROCESS, 0)))
