"""One job at a time, across processes: a lock that ends with the process that holds it."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from eventlog.durable import make_folder
from eventlog.layout import Layout


@contextmanager
def job_lock(layout: Layout) -> Iterator[None]:
    """Hold the lock of the jobs, waiting for whoever holds it now."""
    make_folder(layout.job_lock.parent)
    with layout.job_lock.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
