"""Who goes first when the processor is short: those who take webhooks, before all other work."""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import sleep

NICENESS = 10
NICENESS_MAX = 19
SESSION = Path("/proc/self/autogroup")
CHANGE_SECONDS = 0.1
"""Linux takes no second change from a user within this time."""
TURN_NANOSECONDS = 100_000
"""The shortest turn at the processor that Linux grants."""
SCHED_SETATTR = {"x86_64": 314, "aarch64": 274}
"""The number of the system call, by machine: neither Python nor every C library has it."""


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
    is less nice may wait for some milliseconds; that goes for those of the same session, and the
    turns are short for the sake of the others.
    """
    give_way()
    take_short_turns()
    with suppress(AttributeError, PermissionError):  # not Linux; a container that forbids it
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def take_short_turns() -> None:
    """Ask for short turns at the processor, from Linux 6.12 on: who wakes waits for the turn's end.

    The request is the first version of `struct sched_attr`: its size, policy, flags, niceness,
    priority, and the turn in place of the run time of a deadline (`sched(7)`, "EEVDF").
    """
    number = SCHED_SETATTR.get(os.uname().machine)
    if number is None:
        return
    niceness, policy = os.getpriority(os.PRIO_PROCESS, 0), os.sched_getscheduler(0)
    request = struct.pack("=IIQiIQQQ", 48, policy, 0, niceness, 0, TURN_NANOSECONDS, 0, 0)
    ctypes.CDLL(None).syscall(number, 0, request, 0)  # refused, it leaves all as it is


@contextmanager
def session_gives_way() -> Iterator[None]:
    """Let this terminal's session go behind all others for a while.

    Linux shares the processor out between sessions first, and by priorities only within each
    (`sched_autogroup_enabled`): a server in another session would have no advantage else.
    """
    before = _session_niceness()
    if before is None or before >= NICENESS_MAX:
        yield
        return
    _set_session_niceness(NICENESS_MAX)
    try:
        yield
    finally:
        _set_session_niceness(before)


def _session_niceness() -> int | None:
    """Return how nice the session is; None where sessions have no niceness."""
    try:
        return int(SESSION.read_text().split()[-1])  # as in "/autogroup-12 nice 0"
    except (OSError, ValueError, IndexError):
        return None


def _set_session_niceness(niceness: int) -> None:
    while True:
        try:
            SESSION.write_text(str(niceness))
        except BlockingIOError:
            sleep(CHANGE_SECONDS)
        except OSError:  # a container that forbids it
            return
        else:
            return
