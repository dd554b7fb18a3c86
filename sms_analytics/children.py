"""The server's child processes: started again when they die, stopped by closing a pipe to them.

A child lives as long as the pipe: when its parent closes it, or dies, the child ends by itself.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

log = logging.getLogger(__name__)

RESTART_DELAY_SECONDS = 1.0
STOP_SECONDS_MAX = 60.0


class Child:
    """One child process, and the thread that watches it."""

    def __init__(self, name: str, target: Callable[..., None], *arguments: Any) -> None:
        """Run `target(*arguments, pipe)` in the child, where `pipe` ends when it shall stop."""
        self._name = name
        self._target = target
        self._arguments = arguments
        self._context = multiprocessing.get_context("spawn")
        self._stopping = threading.Event()
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._watch = threading.Thread(target=self._keep_alive, name=f"{name}-watch", daemon=True)
        self.pulse = Pulse(self._context.RawValue("i", 0))

    def start(self) -> None:
        """Start the child and the thread that watches it."""
        self._spawn()
        self._watch.start()

    def ask_to_stop(self) -> None:
        """Let the child finish what it does and end, without waiting for it."""
        self._stopping.set()
        if self._pipe is not None:
            self._pipe.close()

    def stop(self) -> None:
        """Let the child finish what it does and end."""
        self.ask_to_stop()
        self._watch.join()

    def _spawn(self) -> None:
        ours, theirs = self._context.Pipe()
        self._process = self._context.Process(
            target=self._target, args=(*self._arguments, theirs), name=self._name
        )
        self._process.start()
        theirs.close()
        self._pipe = ours
        self.pulse.process_id = self._process.pid or 0

    def _keep_alive(self) -> None:
        while True:
            assert self._process is not None
            if self._stopping.is_set():
                self._end(self._process)
                return
            self._process.join(RESTART_DELAY_SECONDS)
            if not self._process.is_alive() and not self._stopping.wait(RESTART_DELAY_SECONDS):
                code = self._process.exitcode
                log.error("child died", extra={"child": self._name, "exit_code": code})
                self._spawn()

    def _end(self, process: SpawnProcess) -> None:
        process.join(STOP_SECONDS_MAX)
        if process.is_alive():
            log.error("child did not stop in time", extra={"child": self._name})
            process.kill()
            process.join()


class Pulse:
    """Tells in any process of the server whether a child lives."""

    def __init__(self, shared: Any) -> None:
        """Keep the child's process id in an integer that the processes share."""
        self._shared = shared

    @property
    def process_id(self) -> int:
        return int(self._shared.value)

    @process_id.setter
    def process_id(self, process_id: int) -> None:
        self._shared.value = process_id

    def is_there(self) -> bool:
        """Tell whether the child runs."""
        try:
            os.kill(self.process_id, 0)
        except ProcessLookupError:
            return False
        return self.process_id > 0


def wait_for_close(parent: Connection) -> None:
    """Wait until the parent closes its end of the pipe, or dies. The pipe carries nothing."""
    with suppress(EOFError, OSError):
        parent.recv()


def leave_signals_to_the_parent() -> None:
    """Ignore what a terminal sends to every process at once: the parent says when to stop."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
