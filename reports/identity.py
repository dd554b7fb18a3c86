"""Which catalogue is published: a new one is a new file, renamed into place."""

from __future__ import annotations

from pathlib import Path

Identity = tuple[int, int, int]


def identity(path: Path) -> Identity | None:
    """Return what differs between any two published catalogues; None while there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
