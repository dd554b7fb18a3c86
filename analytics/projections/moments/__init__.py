"""Moments: all that was said to a number and by it, each message and each reply at its instant.

What the projections along a number's time are computed from. They read what came and what went
since they were last computed, and look only near those moments.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from analytics.projections.changed import show_changed
from analytics.projections.engine import LASTING
from analytics.projections.job import DIFFERENCE_ROWS_MAX, Difference, Job, difference, source
from analytics.projections.schema import MESSAGES, REPLIES
from eventlog.table import Table


@dataclass(frozen=True)
class Changes:
    """What came into and went from the messages and the replies since a projection was computed."""

    messages: Difference
    replies: Difference

    def __bool__(self) -> bool:
        return bool(self.messages.days or self.replies.days)

    @property
    def digest(self) -> str:
        """Name the changes: what has the same name touches the same moments."""
        return f"{self.messages.digest}_{self.replies.digest}"


def changes(job: Job, projection: Table) -> Changes | None:
    """Return what changed; None when that cannot be told, so that all must be computed again."""
    messages = difference(job.tables["messages"], projection)
    replies = difference(job.tables["replies"], projection)
    if messages is None or replies is None:
        return None
    quarter = sum(job.tables["messages"].actions()["rows"]) // 4
    is_less_work = messages.rows <= max(DIFFERENCE_ROWS_MAX, quarter)
    if not (is_less_work and messages.is_readable and replies.is_readable):
        return None
    return Changes(messages, replies)


def versions(job: Job) -> dict[str, int]:
    """Return the checkpoints that say from which messages and replies a result was computed."""
    return {source(job.tables[name]): job.tables[name].version for name in ("messages", "replies")}


def find_touched(job: Job, found: Changes) -> None:
    """Set up `touched`: the moments that are new, gone or not what they were.

    They are found once for all projections that are computed from the same changes.
    """
    engine, name = job.engine, f"{LASTING}{found.digest}"
    if not engine.has(name):
        show_changed(engine, found.messages)
        engine.show("came_replies", found.replies.came_files, REPLIES)
        engine.show("went_replies", found.replies.went_files, REPLIES)
        engine.run("moments/touched.sql")
        engine.keep(name, "all_touched")
    engine.alias("touched", name)


def touched_hours(job: Job) -> set[int]:
    """Return the hours of `touched`, counted since 1970."""
    return {hour for (hour,) in job.engine.run("moments/touched_hours.sql")}


def show_all_moments(job: Job) -> int:
    """Set up `moments`: all of them; return how many they are."""
    tables = [job.tables[name] for name in ("messages", "replies")]
    _show(job, *(table.files() for table in tables))
    return sum(sum(table.actions()["rows"]) for table in tables)


def show_moments(job: Job, hours: Collection[int], hours_after: int = 0) -> None:
    """Set up `moments`: those of some hours, counted since 1970, and others of the same files."""
    _show(job, *(job.files_near(name, hours, 0, hours_after) for name in ("messages", "replies")))


def _show(job: Job, messages: Sequence[Path], replies: Sequence[Path]) -> None:
    job.engine.show("some_messages", messages, MESSAGES)
    job.engine.show("some_replies", replies, REPLIES)
    job.engine.run("moments/moments.sql")
