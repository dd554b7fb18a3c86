"""`messages`: one row per message, what all its status events together say of it.

The fold is a join-semilattice: any order, batching and repetition of the events gives the same
rows. The first-ingested final status stands. A message lies in the partition of its sent_at; when
its events disagree on that, a late one may move it.

A run writes again the files that hold a message of which it has news, and those in which new
messages belong. The first are found by `state_key` (`keys.py`), which says in which hours they were
sent. No bound in time would be right: a webhook may name any message, with a sent_at that others
contradict.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from pathlib import Path

import duckdb

from analytics.projections.changed import keep_changed
from analytics.projections.engine import Written
from analytics.projections.job import Job, compared, keys_of, means_the_same, stored_files
from analytics.projections.keys import Keys
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
    keys = keys_of(table)
    if keys is None or not means_the_same(table, meaning):
        job = dataclasses.replace(job, from_zero=True)
    new = show_new_events(job, NAME, "status")
    if not (new.moves(table) or job.from_zero):
        return 0
    if job.from_zero or keys is None:
        paths = list(table.actions()["path"])
        written, keys = fold_everything(job)
    else:
        paths, written, keys = _fold_new(job, keys)
    past = table.actions()
    job.exchange(NAME, paths, written, new.checkpoints, meaning | keys.listing)
    if not job.from_zero:
        keep_changed(job.engine, compared(table, past), "changed", "were")
    keys.forget_others()
    return new.count


def _fold_new(job: Job, keys: Keys) -> tuple[list[str], list[Written], Keys]:
    """Return the files to replace, those in their place, and where the keys are then."""
    engine = job.engine
    engine.alias("events_to_fold", "new_events")
    engine.run("messages/touched.sql")
    known = keys.find(engine.frame("touched", "state_key")["state_key"])
    planned = _plan(job, set(known["hour"]))
    _fold_into(job, planned)
    engine.alias("entered", "changed")
    engine.run("messages/entries.sql")
    entries = engine.frame("entries", "key", "hour").join(known, on=["key", "hour"], how="anti")
    written = engine.write("messages/write.sql") if planned.slots else []
    return sorted(planned.paths), written, keys.adding(entries)


def _plan(job: Job, hours: Collection[int]) -> Plan:
    """Say which files to write again: those of touched messages, and where new ones belong."""
    table = job.tables[NAME]
    job.engine.run("messages/reported.sql")
    job.engine.show("stored", job.files_near(NAME, hours, 0, 0), MESSAGES, filename=True)
    located = {
        str(Path(name).relative_to(table.folder))
        for (name,) in job.engine.run("messages/located.sql")
    }
    landing = job.engine.run("messages/landing.sql")
    return plan(stored_files(table), located, landing, job.engine.resources.rows_per_file)


def _fold_into(job: Job, planned: Plan) -> None:
    folder = job.tables[NAME].folder
    job.engine.show("before", [folder / path for path in sorted(planned.paths)], MESSAGES)
    job.engine.run("messages/were.sql")
    job.engine.run("messages/remembered.sql")
    job.engine.run("messages/folded.sql")
    job.engine.keep("changed", "folded")
    job.engine.run("messages/unchanged.sql")
    show_slots(job.engine, planned)
