"""One process at a time: a lock on a file, which ends with the process that holds it."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from eventlog.durable import make_folder


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock file at `path`, waiting for whoever holds it now. Raises `OSError`."""
    make_folder(path.parent)
    with path.open("ab") as file, locked(file):
        yield


@contextmanager
def locked(file: IO[Any]) -> Iterator[None]:
    """Hold the lock of an open file, waiting for whoever has opened and holds it too."""
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)
