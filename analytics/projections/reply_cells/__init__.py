"""`reply_cells`: exact, mergeable counts of the delivered messages that were answered in time.

Replies say all that is needed of the messages that they answer. Made again for every day with
messages of which replies say something else than before.
"""

from __future__ import annotations

from analytics.projections.job import Job, days_of, difference, means_the_same, source
from analytics.projections.schema import REPLIES

NAME = "reply_cells"


def project(job: Job) -> None:
    """Count the answered messages of the days that changed, and commit."""
    table, replies = job.tables[NAME], job.tables["replies"]
    meaning = {
        "time_zone": job.definitions.time_zone,
        "reply_window_hours": str(job.definitions.reply_window_hours),
    }
    since = difference(replies, table) if means_the_same(table, meaning) else None
    if since is not None and not since.days and not job.from_zero:
        return
    if job.from_zero or since is None or not since.is_small:
        days = days_of(table)
        job.engine.show("answers", replies.files(), REPLIES)
    else:
        job.engine.show("came", since.came_files, REPLIES)
        job.engine.show("went", since.went_files, REPLIES)
        days = {day for (day,) in job.engine.run("reply_cells/touched_days.sql")}
        received = {day for day in days_of(replies) if days and day >= min(days)}
        job.engine.show("later_replies", replies.files(received), REPLIES)
        job.engine.run("reply_cells/counted_days.sql", days=sorted(days))
        job.engine.run("reply_cells/answers.sql")
    window_us = job.definitions.reply_window_hours * 3_600_000_000
    written = job.engine.write(
        "reply_cells/write.sql", time_zone=job.definitions.time_zone, window_us=window_us
    )
    job.commit(NAME, days, written, {source(replies): replies.version}, meaning)
