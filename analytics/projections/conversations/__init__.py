"""`conversations`: the messages and replies of a number, in stretches without a long silence.

    touched moments ──▶ conversations near them ──▶ what they replace ──▶ days to read ──▶ new ones

A *chain* is everything between two silences; it is cut into conversations of at most seven days,
counted from its beginning. Each conversation keeps the beginning of its chain, so that a chain
which goes on for months need not be read from there: only from the conversation that was touched
to the next silence.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from datetime import date

from analytics.projections.job import Job, days_of, means_the_same
from analytics.projections.moments import (
    Changes,
    changes,
    days_between,
    find_touched,
    show_moments,
    versions,
)
from analytics.projections.schema import CONVERSATIONS

NAME = "conversations"
LONGEST_DAYS = 7
_HOUR_US = 3_600_000_000


def project(job: Job) -> None:
    """Make the conversations near what changed again, and commit."""
    table = job.tables[NAME]
    meaning = {"conversation_gap_hours": str(job.definitions.conversation_gap_hours)}
    found = changes(job, table) if means_the_same(table, meaning) and not job.from_zero else None
    if found is not None and not found:
        return
    days = _make_all(job) if found is None else _make_near(job, found)
    job.engine.show("before", [] if found is None else table.files(days), CONVERSATIONS)
    written = job.engine.write("conversations/write.sql")
    job.commit(NAME, days, written, versions(job), meaning)


def _make_all(job: Job) -> set[str]:
    """Set up `made` from everything; return the days to replace."""
    job.engine.run("conversations/nothing_replaced.sql")
    show_moments(job, None)
    job.engine.alias("scope", "moments")
    _make(job)
    return days_of(job.tables[NAME])


def _make_near(job: Job, found: Changes) -> set[str]:
    """Set up `made` from what is near the changes; return the days to replace."""
    find_touched(job, found)
    _show_stored(job, _near(job))
    job.engine.run("conversations/adjacent.sql", gap_us=_gap_us(job))
    _show_stored(job, _later(job))
    job.engine.run("conversations/replaced.sql")
    job.engine.run("conversations/spans.sql")
    show_moments(job, _days(job, "conversations/days_to_read.sql"))
    job.engine.run("conversations/scope.sql")
    _make(job)
    return _days(job, "conversations/days_to_write.sql")


def _make(job: Job) -> None:
    cap_us = LONGEST_DAYS * 24 * _HOUR_US
    job.engine.run("conversations/made.sql", gap_us=_gap_us(job), cap_us=cap_us)


def _show_stored(job: Job, days: Collection[str]) -> None:
    job.engine.show("stored", job.tables[NAME].files(days), CONVERSATIONS)


def _near(job: Job) -> set[str]:
    """Return the days on which a conversation may have begun that a touched moment is near."""
    gap_days = math.ceil(job.definitions.conversation_gap_hours / 24)
    around = {
        near
        for day in _days(job, "conversations/touched_days.sql")
        for near in _around(day, LONGEST_DAYS + gap_days, gap_days)
    }
    return around & days_of(job.tables[NAME])


def _around(day: str, before: int, after: int) -> set[str]:
    middle = date.fromisoformat(day).toordinal()
    first, last = max(middle - before, 1), min(middle + after, date.max.toordinal())
    return days_between(date.fromordinal(first), date.fromordinal(last))


def _later(job: Job) -> set[str]:
    """Return the days on which what follows the touched conversations may have begun."""
    ((first,),) = job.engine.run("conversations/first_adjacent.sql")
    return {day for day in days_of(job.tables[NAME]) if first is not None and day >= first}


def _days(job: Job, query: str) -> set[str]:
    return {day for (day,) in job.engine.run(query)}


def _gap_us(job: Job) -> int:
    return job.definitions.conversation_gap_hours * _HOUR_US
