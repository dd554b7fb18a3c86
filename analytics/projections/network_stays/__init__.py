"""`network_stays`: since when a number is on a network, and on which it was before.

A stay begins with the first moment of a number on a network other than the one before; it has no
end, so that a number which stays where it is changes nothing. Only of numbers that are seen
elsewhere than where they were moments are read: those since the first such moment. What a run
searches through is one row a number, and one more for each time that it moved.
"""

from __future__ import annotations

from analytics.projections.job import Job, days_of
from analytics.projections.moments import (
    Changes,
    changes,
    find_touched,
    show_all_moments,
    show_moments,
    versions,
)
from analytics.projections.parts import EVER_HOURS
from analytics.projections.schema import NETWORK_STAYS

NAME = "network_stays"


def project(job: Job) -> None:
    """Make the stays of numbers that are new or elsewhere again, and commit."""
    table = job.tables[NAME]
    found = None if job.from_zero else changes(job, table)
    if found is not None and not found:
        return
    days = _make_all(job) if found is None else _make_moved(job, found)
    job.engine.show("before", [] if found is None else table.files(days), NETWORK_STAYS)
    written = job.engine.write("network_stays/write.sql")
    job.commit(NAME, days, written, versions(job), {})


def _make_all(job: Job) -> set[str]:
    job.engine.run("network_stays/nobody_moved.sql")
    show_all_moments(job)
    job.engine.alias("scope", "moments")
    _make(job)
    return days_of(job.tables[NAME])


def _make_moved(job: Job, found: Changes) -> set[str]:
    """Set up `made` for the numbers that are not where they were; return the days to replace."""
    engine = job.engine
    find_touched(job, found)
    engine.show("stored", job.tables[NAME].files(), NETWORK_STAYS)
    engine.run("network_stays/near.sql")
    engine.run("network_stays/moved.sql")
    ((first,),) = engine.run("network_stays/first_moved.sql")
    show_moments(job, [] if first is None else [first], EVER_HOURS)
    engine.run("network_stays/scope.sql")
    _make(job)
    return {day for (day,) in engine.run("network_stays/days_to_write.sql")}


def _make(job: Job) -> None:
    job.engine.run("network_stays/counted.sql")
    job.engine.run("network_stays/made.sql")
