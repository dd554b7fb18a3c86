"""Which files of the event log to merge next. Pure.

The files of one day follow each other by seq, and only neighbours are merged, so a merged file
has its rows in order as well. Neighbours smaller than 10, 100, … rows are merged when together
they reach that many: a merge lifts each of its rows to the next power of ten, so a row is
rewritten once for each power at most. What is left of a day that is over is merged further, as
long as that rewrites no more than ten rows for each that lay in a smaller file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from ingest.journal import SealedFile

GROWTH = 10
MERGED_FILES_MAX = 500
FILE_BYTES_MAX = 256 << 20

Run = list[SealedFile]


def partition_of(file: SealedFile) -> str:
    """Return the day whose folder a file lies in."""
    return file.path.partition("/")[0].partition("=")[2]


def next_merge(files: Sequence[SealedFile], today: date, file_rows: int) -> Run:
    """Return the files to merge next, in order of seq; none when all is well.

    A file of `file_rows` rows, or of 256 MiB, is large enough and stays as it is.
    """
    for partition, same_day in groupby(sorted(files, key=_place), key=_partition):
        neighbours = list(same_day)
        if run := _grown(neighbours, file_rows) or (
            _left(neighbours, file_rows) if partition[1] < today.isoformat() else []
        ):
            return run
    return []


def _partition(file: SealedFile) -> tuple[str, str]:
    return file.table_name, partition_of(file)


def _place(file: SealedFile) -> tuple[str, str, int]:
    return *_partition(file), file.seq_first


def _grown(neighbours: Run, file_rows: int) -> Run:
    """Return a run that reaches a power of ten; the highest first, which spares the steps to it."""
    goal = file_rows
    while goal >= GROWTH:
        for run, is_enough in _runs(neighbours, goal):
            if is_enough:
                return run
        goal //= GROWTH
    return []


def _left(neighbours: Run, file_rows: int) -> Run:
    """Return a run of a day that is over; none that is not worth it."""
    for run, _ in _runs(neighbours, file_rows):
        if worthwhile := _worthwhile(run):
            return worthwhile
    return []


def _worthwhile(run: Run) -> Run:
    """Return the run, or the part of it to one side of its largest file."""
    if len(run) < 2:
        return []
    sizes = [file.rows for file in run]
    largest = max(sizes)
    if largest <= GROWTH * (sum(sizes) - largest):
        return run
    at = sizes.index(largest)
    return _worthwhile(run[:at]) or _worthwhile(run[at + 1 :])


def _runs(neighbours: Run, goal: int) -> Iterator[tuple[Run, bool]]:
    """Split neighbours into runs of files below the goal; say of each whether it is enough."""
    run: Run = []
    for file in neighbours:
        if file.rows >= goal or file.size_bytes >= FILE_BYTES_MAX:
            yield run, False
            run = []
            continue
        run.append(file)
        if _is_enough(run, goal):
            yield run, True
            run = []
    yield run, False


def _is_enough(run: Run, goal: int) -> bool:
    return (
        sum(file.rows for file in run) >= goal
        or sum(file.size_bytes for file in run) >= FILE_BYTES_MAX
        or len(run) >= MERGED_FILES_MAX
    )
