"""`receipt_cells`: exact, mergeable counts of when receipts came, by our clock and against SMSO's.

Made again, from `messages`, for every day whose messages changed.
"""

from __future__ import annotations

from analytics.projections.job import Job, days_of, difference, means_the_same, source
from analytics.projections.schema import MESSAGES

NAME = "receipt_cells"


def project(job: Job) -> None:
    """Count the receipts of the days that changed, and commit."""
    table, messages = job.tables[NAME], job.tables["messages"]
    meaning = {"time_zone": job.definitions.time_zone}
    since = difference(messages, table) if means_the_same(table, meaning) else None
    if not (since is None or since.days or job.from_zero):
        return
    everything = days_of(table) | days_of(messages)
    days = everything if job.from_zero or since is None else since.days
    job.engine.show("changed_messages", messages.files(days), MESSAGES)
    written = job.engine.write("receipt_cells/write.sql", **meaning)
    job.commit(NAME, days, written, {source(messages): messages.version}, meaning)
