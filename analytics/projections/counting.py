"""Cells that count messages: what came is added, what went is taken away.

Counts add up, so a run reads the files of `messages` that came and went, hours and not days. A
projection of such cells is a folder with two queries: `counted.sql` adds to the table `changes`
what the messages of some files count ($sign is 1 or -1), and `write.sql` writes the sums.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from analytics.projections.job import Job, days_of, difference, means_the_same, source
from analytics.projections.schema import MESSAGES, SCHEMAS

FILES_AT_ONCE = 100


def count_messages(job: Job, name: str, meaning: Mapping[str, str]) -> None:
    """Count the messages that came and went since the cells were counted, and commit."""
    table, messages = job.tables[name], job.tables["messages"]
    since = difference(messages, table) if means_the_same(table, meaning) else None
    if since is not None and not since.days and not job.from_zero:
        return
    if job.from_zero or since is None or not since.is_small:
        days, before = days_of(table) | days_of(messages), list[Path]()
        came, went = messages.files(), list[Path]()
    else:
        days = since.days
        before, came, went = table.files(days), since.came_files, since.went_files
    job.engine.show("cells", before, SCHEMAS[name])
    job.engine.run("shared/changes.sql")
    _count(job, name, came, meaning, 1)
    _count(job, name, went, meaning, -1)
    written = job.engine.write(f"{name}/write.sql")
    job.commit(name, days, written, {source(messages): messages.version}, meaning)


def _count(
    job: Job, name: str, files: Sequence[Path], meaning: Mapping[str, str], sign: int
) -> None:
    """Gather what the messages of these files add, some files at a time: a rebuild has many."""
    for first in range(0, len(files), FILES_AT_ONCE):
        job.engine.show("counted_messages", files[first : first + FILES_AT_ONCE], MESSAGES)
        job.engine.run(f"{name}/counted.sql", **meaning, sign=sign)
