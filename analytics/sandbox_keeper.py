"""Keeps the sandbox's program loaded, and forks a process of its own for each query.

    Keeper.ask ──▶ keeper process ──fork──▶ child (analytics.sandbox_child): one query, told, gone
                    one end of a pair of sockets goes with it; the other is the asker's

To start a Python with DuckDB takes a third of a second of a processor; to fork one that is loaded
takes milliseconds, and whoever asks does not do it himself. The keeper has no environment, opens no
catalogue and reads no query: only the child does, and it ends with its query, when its time is up,
or when the asker shuts his end.
"""

from __future__ import annotations

import os
import signal
import socket
import struct
import sys
import weakref
from contextlib import suppress

SIZE = struct.Struct("!I")
PROGRAM = "from analytics.sandbox_keeper import main; main()"


class Keeper:
    """The asker's side. Needs no DuckDB. The process ends with this object."""

    def __init__(self) -> None:
        """Start the process, which takes queries as soon as it has loaded."""
        self._control, theirs = socket.socketpair()
        with theirs, open(os.devnull, "r+b") as nowhere:  # noqa: PTH123 — nobody's file
            process = os.posix_spawn(
                sys.executable,
                [sys.executable, "-P", "-s", "-c", PROGRAM],
                environment(),
                file_actions=[
                    (os.POSIX_SPAWN_DUP2, theirs.fileno(), 0),
                    (os.POSIX_SPAWN_DUP2, nowhere.fileno(), 1),
                    (os.POSIX_SPAWN_DUP2, nowhere.fileno(), 2),
                ],
                # Ctrl-C in the terminal is the server's. A session of its own would keep it out
                # too, but Linux shares the processor out between sessions, whatever the priorities
                # in them (sched_autogroup_enabled).
                setpgroup=0,
            )
        self._end = weakref.finalize(self, _end, self._control, process)

    def child(self) -> socket.socket:
        """Start a child and return the socket to it. Raises `OSError` when the process is gone."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self._control, [b"!"], [theirs.fileno()])
            except OSError:
                ours.close()
                raise
        return ours

    def close(self) -> None:
        """End the process; children that are at work end when their sockets are shut."""
        self._end()


def _end(control: socket.socket, process: int) -> None:
    control.close()
    with suppress(ChildProcessError):
        os.waitpid(process, 0)


def environment() -> dict[str, str]:
    """Return all that the process may know of its surroundings: where its program is."""
    return {"PYTHONPATH": os.pathsep.join(os.path.abspath(each) for each in sys.path)}  # noqa: PTH100


def main() -> None:
    """Fork a child for each socket that comes, until the asker is gone."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    os.chdir("/")
    control = socket.socket(fileno=0)
    from analytics.sandbox_child import serve, warm_up

    warm_up()
    while True:
        _, handles, _, _ = socket.recv_fds(control, 1, 1)
        if not handles:
            return
        if os.fork() == 0:
            control.close()
            serve(socket.socket(fileno=handles[0]))
        os.close(handles[0])
