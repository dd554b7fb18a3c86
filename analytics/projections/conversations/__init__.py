"""`conversations`: the messages and replies of a number, in stretches without a long silence.

    touched moments ──▶ conversations near them ──┬─▶ grown: only the new moments are added
                                                  └─▶ of odd numbers: made again from all moments

A *chain* is everything between two silences; it is cut into conversations of at most seven days,
counted from its beginning. Each conversation keeps the beginning of its chain and what the next
moment must know of those before it, so that what comes after it is added without reading it again.
Only where something is gone, or came into the midst of what was known, moments are read: from the
conversation that was touched to the next silence.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from pathlib import Path

from analytics.projections.engine import Written
from analytics.projections.job import Job, means_the_same, stored_files
from analytics.projections.moments import (
    Changes,
    changes,
    find_touched,
    show_all_moments,
    show_moments,
    touched_hours,
    versions,
)
from analytics.projections.parts import EVER_HOURS, Plan, StoredFile, plan
from analytics.projections.schema import CONVERSATIONS
from analytics.projections.slots import show_slots

NAME = "conversations"
LONGEST_HOURS = 7 * 24
BYTES_PER_MOMENT = 250  # of memory, when all are put in order
_HOUR_US = 3_600_000_000


def project(job: Job) -> None:
    """Add what is new to the conversations, make again what changed otherwise, and commit."""
    table = job.tables[NAME]
    meaning = {"conversation_gap_hours": str(job.definitions.conversation_gap_hours)}
    found = changes(job, table) if means_the_same(table, meaning) and not job.from_zero else None
    if found is not None and not found:
        return
    if found is None:
        paths, written = set(table.actions()["path"]), _make_all(job)
    else:
        planned = _plan(job, stored_files(table), _find_near(job, found))
        paths, written = planned.paths, _write(job, planned)
    job.exchange(NAME, sorted(paths), written, versions(job), meaning)


def _make_all(job: Job) -> list[Written]:
    """Write everything, some of the numbers at a time."""
    engine = job.engine
    limits = engine.resources
    fit = limits.events_per_pass or limits.memory_bytes // BYTES_PER_MOMENT
    shares = math.ceil(show_all_moments(job) / fit) or 1
    engine.alias("identified", "moments")
    engine.run("conversations/no_seeds.sql")
    engine.run("conversations/no_replaced.sql")
    written: list[Written] = []
    for share in range(shares):
        engine.run("conversations/share.sql", shares=shares, share=share)
        written += _write(job, _plan(job, [], set()))
    return written


def _find_near(job: Job, found: Changes) -> set[str]:
    """Set up `scope`, `seeds` and `replaced` for what changed; return the files with the last."""
    engine = job.engine
    find_touched(job, found)
    gap_hours = job.definitions.conversation_gap_hours
    reach = LONGEST_HOURS + gap_hours
    _show_stored(job, job.files_near(NAME, touched_hours(job), reach, gap_hours))
    engine.run("conversations/near.sql")
    for query in ("odd", "grown", "adjacent"):
        engine.run(f"conversations/{query}.sql", gap_us=_gap_us(job))
    _show_stored(job, _later(job))
    for query in ("again", "seeds", "replaced", "spans"):
        engine.run(f"conversations/{query}.sql")
    show_moments(job, {hour for (hour,) in engine.run("conversations/span_hours.sql")})
    engine.run("conversations/scope.sql")
    engine.run("conversations/identified.sql")
    folder = job.tables[NAME].folder
    files = engine.run("conversations/replaced_files.sql")
    return {str(Path(name).relative_to(folder)) for (name,) in files}


def _show_stored(job: Job, files: Sequence[Path]) -> None:
    job.engine.show("stored", files, CONVERSATIONS, filename=True)


def _later(job: Job) -> list[Path]:
    """Return the files of the touched conversations of odd numbers, and of what follows them."""
    ((first,),) = job.engine.run("conversations/adjacent_hour.sql")
    return [] if first is None else job.files_near(NAME, [first], 1, EVER_HOURS)


def _plan(job: Job, stored: Sequence[StoredFile], touched: Collection[str]) -> Plan:
    """Set up `made` from `scope`; say which of the stored files to write again."""
    engine = job.engine
    cap_us = LONGEST_HOURS * _HOUR_US
    engine.run("conversations/pieces.sql", gap_us=_gap_us(job), cap_us=cap_us)
    engine.run("conversations/firsts.sql")
    engine.run("conversations/made.sql")
    landing = engine.run("conversations/landing.sql")
    return plan(stored, touched, landing, engine.resources.rows_per_file)


def _write(job: Job, planned: Plan) -> list[Written]:
    """Write `made`, and what else the files hold that are to be replaced."""
    folder = job.tables[NAME].folder
    before = [folder / path for path in sorted(planned.paths)]
    job.engine.show("before", before, CONVERSATIONS)
    show_slots(job.engine, planned)
    return job.engine.write("conversations/write.sql")


def _gap_us(job: Job) -> int:
    return job.definitions.conversation_gap_hours * _HOUR_US
