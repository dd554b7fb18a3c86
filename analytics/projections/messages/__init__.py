"""`messages`: one row per message, what all its status events together say of it.

The fold is a join-semilattice: any order, batching and repetition of the events gives the same
rows. The first-ingested final status stands. A message lies in the partition of its sent_at; when
its events disagree on that, a late one may move it.
"""

from __future__ import annotations

from analytics.projections.job import Job, days_of
from analytics.projections.new_events import show_new_events
from analytics.projections.schema import MESSAGES

NAME = "messages"


def project(job: Job) -> int:
    """Fold the new status events, and commit; return how many they were."""
    table = job.tables[NAME]
    new = show_new_events(job, NAME, "status")
    if not (new.moves(table) or job.from_zero):
        return 0
    job.engine.run("messages/reported.sql")
    if job.from_zero:
        days = days_of(table)
        _fold_all(job)
    else:
        days = _touched_days(job)
        _fold_into(job, days)
    written = job.engine.write("messages/write.sql") if new.count else []
    job.commit(NAME, days, written, new.checkpoints, {})
    return new.count


def _touched_days(job: Job) -> set[str]:
    job.engine.run("messages/touched.sql")
    job.engine.show("stored", job.tables[NAME].files(), MESSAGES)
    return {day for (day,) in job.engine.run("messages/touched_days.sql")}


def _fold_into(job: Job, days: set[str]) -> None:
    job.engine.show("before", job.tables[NAME].files(days), MESSAGES)
    job.engine.run("messages/folded.sql")
    job.engine.keep("changed", "folded")
    job.engine.run("messages/unchanged.sql")


def _fold_all(job: Job) -> None:
    """Set up the same fold over nothing, so that it streams from the log to the files."""
    job.engine.show("before", [], MESSAGES)
    job.engine.show("touched", [], MESSAGES)
    job.engine.run("messages/folded.sql")
    job.engine.alias("changed", "folded")
    job.engine.alias("unchanged", "before")
