"""Whose turn it is to run the jobs: one process at a time, of however many servers.

The turn is a lock on a file. It ends with the process that holds it, however that ends.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import RawIOBase
from multiprocessing.connection import Connection
from pathlib import Path

from eventlog.durable import make_folder

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0


@contextmanager
def turn(path: Path, parent: Connection) -> Iterator[bool]:
    """Wait for the turn and hold it; give False when the parent closes the pipe before it came.

    Whose turn it is has written its process id into the file at `path`.
    """
    make_folder(path.parent)
    with path.open("a+b", buffering=0) as file:
        is_ours = _waited_for(file, path, parent)
        if is_ours:
            _sign(file)
        yield is_ours


def _sign(file: RawIOBase) -> None:
    """Say whose turn it is. The lock does not need it, so a full disk may keep it out."""
    with suppress(OSError):
        file.truncate(0)
        file.write(b"%d\n" % os.getpid())


def _waited_for(file: RawIOBase, path: Path, parent: Connection) -> bool:
    waits = False
    while not _taken(file):
        if not waits:
            log.warning("jobs wait for those of another server", extra={"holder": holder(path)})
            waits = True
        if parent.poll(LOOK_SECONDS):
            return False
    return True


def _taken(file: RawIOBase) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_taken(path: Path) -> bool:
    """Say whether somebody holds the turn now."""
    try:
        with path.open("rb", buffering=0) as file:
            return not _taken(file)
    except FileNotFoundError:
        return False


def holder(path: Path) -> int | None:
    """Return the id of the process whose turn it is, or was last; None if there never was one."""
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None
