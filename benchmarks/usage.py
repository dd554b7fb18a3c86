"""What processes use, as Linux tells it under /proc: processor time and memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_AFTER_THE_NAME = 2  # the fields of /proc/N/stat are counted from here, less one
_TIMES = slice(14 - 1 - _AFTER_THE_NAME, 17 - _AFTER_THE_NAME)


def family(process_id: int) -> Iterator[int]:
    """Yield a process and all its descendants that live."""
    yield process_id
    for children in Path(f"/proc/{process_id}/task").glob("*/children"):
        with suppress(OSError):
            for child in children.read_text().split():
                yield from family(int(child))


def processor_seconds(process_id: int) -> float:
    """Return what a process and its descendants have computed, those that have ended too."""
    return sum(map(_processor_seconds, family(process_id)))


def _processor_seconds(process_id: int) -> float:
    try:
        stat = Path(f"/proc/{process_id}/stat").read_text()
    except OSError:  # it has just ended, and counts with its parent
        return 0
    fields = stat.rpartition(")")[2].split()
    return sum(map(int, fields[_TIMES])) / _TICKS_PER_SECOND


def resident_bytes(process_id: int) -> int:
    """Return the memory that a process has now, none if it has ended."""
    try:
        pages = Path(f"/proc/{process_id}/statm").read_text().split()[1]
    except OSError:
        return 0
    return int(pages) * _PAGE_BYTES
