"""Cells that count messages: what came is added, what went is taken away.

Counts add up, so a run counts the messages that are not what they were. A projection of such cells
is a folder with two queries: `counted.sql` adds to the table `changes` what some messages count
($sign is 1 or -1), and `write.sql` writes the sums.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from analytics.projections.changed import show_changed
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
        days = days_of(table) | days_of(messages)
        _show_before(job, name, [])
        _count_files(job, name, messages.files(), meaning)
    else:
        days = since.days
        _show_before(job, name, table.files(days))
        show_changed(job.engine, since)
        for rows, sign in (("came", 1), ("went", -1)):
            job.engine.alias("counted_messages", rows)
            job.engine.run(f"{name}/counted.sql", **meaning, sign=sign)
    written = job.engine.write(f"{name}/write.sql")
    job.commit(name, days, written, {source(messages): messages.version}, meaning)


def _show_before(job: Job, name: str, files: Sequence[Path]) -> None:
    """Set up the cells as they were of the days that change, and `changes` without any row."""
    job.engine.show("cells", files, SCHEMAS[name])
    job.engine.run("shared/changes.sql")


def _count_files(job: Job, name: str, files: Sequence[Path], meaning: Mapping[str, str]) -> None:
    """Gather what the messages of these files add, some files at a time: there are many."""
    for first in range(0, len(files), FILES_AT_ONCE):
        job.engine.show("counted_messages", files[first : first + FILES_AT_ONCE], MESSAGES)
        job.engine.run(f"{name}/counted.sql", **meaning, sign=1)
