"""`delivery_cells`: exact, mergeable counts of messages, so that a report costs the same for a
thousand messages as for a hundred million.

Made again, from `messages`, for every day whose messages changed.
"""

from __future__ import annotations

from analytics.projections.job import Job, days_of, difference, means_the_same, source
from analytics.projections.schema import MESSAGES

NAME = "delivery_cells"


def project(job: Job) -> None:
    """Count the messages of the days that changed, and commit."""
    table, messages = job.tables[NAME], job.tables["messages"]
    meaning = {"time_zone": job.definitions.time_zone}
    since = difference(messages, table) if means_the_same(table, meaning) else None
    if not (since is None or since.days or job.from_zero):
        return
    everything = days_of(table) | days_of(messages)
    days = everything if job.from_zero or since is None else since.days
    job.engine.show("changed_messages", messages.files(days), MESSAGES)
    written = job.engine.write("delivery_cells/write.sql", **meaning)
    job.commit(NAME, days, written, {source(messages): messages.version}, meaning)
