"""`replies`: one row per distinct reply, with the message that it answers.

A reply answers the known message that it names (explicit), else the latest message to its number
within the reply window before it (inferred), else none (unsolicited). A message that becomes known
later may change that, so the partitions near a changed message are attributed again.
"""

from __future__ import annotations

import math
from datetime import date, timedelta

from analytics.projections.job import Difference, Job, days_of, difference, means_the_same, source
from analytics.projections.new_events import show_new_events
from analytics.projections.schema import MESSAGES, REPLIES

NAME = "replies"


def project(job: Job) -> int:
    """Fold the new reply events, attribute, and commit; return how many events they were."""
    table, messages = job.tables[NAME], job.tables["messages"]
    meaning = {"reply_window_hours": str(job.definitions.reply_window_hours)}
    since = difference(messages, table) if means_the_same(table, meaning) else None
    new = show_new_events(job, NAME, "reply")
    if not (new.moves(table) or since is None or since.days or job.from_zero):
        return 0
    job.engine.run("replies/received.sql")
    days = days_of(table) if job.from_zero or since is None else _touched_days(job, since)
    job.engine.show("before", [] if job.from_zero else table.files(days), REPLIES)
    job.engine.run("replies/folded.sql")
    _find_messages(job)
    window_us = job.definitions.reply_window_hours * 3_600_000_000
    written = job.engine.write("replies/write.sql", window_us=window_us)
    job.commit(NAME, days, written, new.checkpoints | {source(messages): messages.version}, meaning)
    return new.count


def _touched_days(job: Job, since: Difference) -> set[str]:
    table, messages = job.tables[NAME], job.tables["messages"]
    job.engine.show("stored", table.files(), REPLIES)
    job.engine.show("changed_messages", messages.files(since.days), MESSAGES)
    named = {day for (day,) in job.engine.run("replies/touched_days.sql")}
    return named | (days_of(table) & _followed_by(since.days, _window_days(job)))


def _followed_by(days: set[str], more_days: int) -> set[str]:
    return {
        str(date.fromisoformat(day) + timedelta(days=more))
        for day in days
        for more in range(more_days + 1)
    }


def _find_messages(job: Job) -> None:
    messages = job.tables["messages"]
    ((first, last),) = job.engine.run("replies/span.sql")
    near = set() if first is None else _between(job, first, last)
    job.engine.show("messages", [] if first is None else messages.files(), MESSAGES)
    job.engine.run("replies/referred.sql")
    job.engine.show("near_messages", messages.files(near), MESSAGES)
    job.engine.run("replies/latest.sql")


def _between(job: Job, first: date, last: date) -> set[str]:
    """Return the days of messages that a reply received between two days may follow."""
    earliest = first.toordinal() - _window_days(job)
    return {
        day
        for day in days_of(job.tables["messages"])
        if earliest <= date.fromisoformat(day).toordinal() <= last.toordinal()
    }


def _window_days(job: Job) -> int:
    return math.ceil(job.definitions.reply_window_hours / 24)
