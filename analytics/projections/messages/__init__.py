"""`messages`: one row per message, what all its status events together say of it.

The fold is a join-semilattice: any order, batching and repetition of the events gives the same
rows. The first-ingested final status stands. A message lies in the partition of its sent_at; when
its events disagree on that, a late one may move it.

A run writes again the files that hold a message of which it has news, and those in which new
messages belong. To find the first it reads one number a message, `state_key`, of all messages:
eight bytes each, 0.3 s for 47 million, and nothing else (`located.sql`). No bound in time would be
right: a webhook may name any message, with a sent_at that others contradict.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import duckdb

from analytics.projections.job import Job, means_the_same, stored_files
from analytics.projections.messages.rebuild import fold_everything
from analytics.projections.new_events import show_new_events
from analytics.projections.parts import Plan, plan
from analytics.projections.schema import MESSAGES
from analytics.projections.slots import show_slots

NAME = "messages"


def project(job: Job) -> int:
    """Fold the new status events, and commit; return how many they were."""
    table = job.tables[NAME]
    meaning = {"hashed_by": f"duckdb {duckdb.__version__}"}
    if not means_the_same(table, meaning):
        job = dataclasses.replace(job, from_zero=True)
    new = show_new_events(job, NAME, "status")
    if not (new.moves(table) or job.from_zero):
        return 0
    if job.from_zero:
        paths = list(table.actions()["path"])
        written = fold_everything(job)
    else:
        planned = _plan(job)
        paths = sorted(planned.paths)
        _fold_into(job, planned)
        written = job.engine.write("messages/write.sql") if new.count else []
    job.exchange(NAME, paths, written, new.checkpoints, meaning)
    return new.count


def _plan(job: Job) -> Plan:
    """Say which files to write again: those of touched messages, and where new ones belong."""
    table = job.tables[NAME]
    job.engine.alias("events_to_fold", "new_events")
    job.engine.run("messages/touched.sql")
    job.engine.run("messages/reported.sql")
    job.engine.show("stored", table.files(), MESSAGES, filename=True)
    located = {
        str(Path(name).relative_to(table.folder))
        for (name,) in job.engine.run("messages/located.sql")
    }
    landing = job.engine.run("messages/landing.sql")
    return plan(stored_files(table), located, landing, job.engine.resources.rows_per_file)


def _fold_into(job: Job, planned: Plan) -> None:
    folder = job.tables[NAME].folder
    job.engine.show("before", [folder / path for path in sorted(planned.paths)], MESSAGES)
    job.engine.run("messages/remembered.sql")
    job.engine.run("messages/folded.sql")
    job.engine.keep("changed", "folded")
    job.engine.run("messages/unchanged.sql")
    show_slots(job.engine, planned)
