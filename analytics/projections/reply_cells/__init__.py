"""`reply_cells`: exact, mergeable counts of the delivered messages that were answered in time.

Made again, from `messages` and `replies`, for every day whose messages changed, or whose messages
were, or are now, answered by a reply that changed.
"""

from __future__ import annotations

from analytics.projections.job import Difference, Job, days_of, difference, means_the_same, source
from analytics.projections.schema import MESSAGES, REPLIES

NAME = "reply_cells"


def project(job: Job) -> None:
    """Count the answered messages of the days that changed, and commit."""
    table, messages, replies = (job.tables[name] for name in (NAME, "messages", "replies"))
    meaning = _meaning(job)
    days = _touched_days(job) if means_the_same(table, meaning) and not job.from_zero else None
    if days is not None and not days:
        return
    if days is None:
        days = days_of(table) | days_of(messages)
    _show_inputs(job, days)
    window_us = job.definitions.reply_window_hours * 3_600_000_000
    written = job.engine.write(
        "reply_cells/write.sql", time_zone=job.definitions.time_zone, window_us=window_us
    )
    versions = {source(messages): messages.version, source(replies): replies.version}
    job.commit(NAME, days, written, versions, meaning)


def _meaning(job: Job) -> dict[str, str]:
    return {
        "time_zone": job.definitions.time_zone,
        "reply_window_hours": str(job.definitions.reply_window_hours),
    }


def _touched_days(job: Job) -> set[str] | None:
    """Return the days to count again; None for all, when what changed cannot be told."""
    table = job.tables[NAME]
    in_messages = difference(job.tables["messages"], table)
    in_replies = difference(job.tables["replies"], table)
    if in_messages is None or in_replies is None:
        return None
    answered = _answered_days(job, in_replies)
    return None if answered is None else answered | in_messages.days


def _answered_days(job: Job, in_replies: Difference) -> set[str] | None:
    """Read the files that came and those that went, which are kept for a while."""
    folder = job.tables["replies"].folder
    paths = [folder / path for path in (*in_replies.came["path"], *in_replies.went["path"])]
    if not all(path.exists() for path in paths):
        return None
    job.engine.show("changed_replies", paths, REPLIES)
    return {day for (day,) in job.engine.run("reply_cells/touched_days.sql")}


def _show_inputs(job: Job, days: set[str]) -> None:
    """Show the messages of those days, and the replies received since the first of them."""
    replies = job.tables["replies"]
    received = {day for day in days_of(replies) if days and day >= min(days)}
    job.engine.show("answered_messages", job.tables["messages"].files(days), MESSAGES)
    job.engine.show("later_replies", replies.files(received), REPLIES)
