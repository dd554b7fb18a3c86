"""Moments: all that was said to a number and by it, each message and each reply at its instant.

What the projections along a number's time are computed from. They read what came and what went
since they were last computed, and look only near those moments.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from analytics.projections.job import Difference, Job, difference, source
from analytics.projections.schema import MESSAGES, REPLIES
from eventlog.table import Table


@dataclass(frozen=True)
class Changes:
    """What came into and went from the messages and the replies since a projection was computed."""

    messages: Difference
    replies: Difference

    def __bool__(self) -> bool:
        return bool(self.messages.days or self.replies.days)


def changes(job: Job, projection: Table) -> Changes | None:
    """Return what changed; None when that cannot be told, so that all must be computed again."""
    messages = difference(job.tables["messages"], projection)
    replies = difference(job.tables["replies"], projection)
    if messages is None or replies is None:
        return None
    found = Changes(messages, replies)
    gone = (*_paths(job, "messages", messages, "went"), *_paths(job, "replies", replies, "went"))
    return found if all(path.exists() for path in gone) else None


def versions(job: Job) -> dict[str, int]:
    """Return the checkpoints that say from which messages and replies a result was computed."""
    return {source(job.tables[name]): job.tables[name].version for name in ("messages", "replies")}


def find_touched(job: Job, found: Changes) -> None:
    """Set up `touched`: the moments that are new, gone or not what they were."""
    for side in ("came", "went"):
        job.engine.show("some_messages", _paths(job, "messages", found.messages, side), MESSAGES)
        job.engine.show("some_replies", _paths(job, "replies", found.replies, side), REPLIES)
        job.engine.run("moments/moments.sql")
        job.engine.keep(side, "moments")
    job.engine.run("moments/touched.sql")


def show_moments(job: Job, days: Collection[str] | None) -> None:
    """Set up `moments`: those of some days (UTC), or all."""
    for name, schema in (("messages", MESSAGES), ("replies", REPLIES)):
        job.engine.show(f"some_{name}", job.tables[name].files(days), schema)
    job.engine.run("moments/moments.sql")


def days_between(first: date, last: date) -> set[str]:
    """Return the days from `first` to `last`, both included."""
    return {str(first + timedelta(days=more)) for more in range((last - first).days + 1)}


def _paths(job: Job, name: str, found: Difference, side: str) -> list[Path]:
    folder = job.tables[name].folder
    return [folder / path for path in getattr(found, side)["path"]]
