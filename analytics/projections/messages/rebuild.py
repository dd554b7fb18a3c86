"""All messages from the whole log, a few days of sending at a time.

    log ──pass──▶ fragments ──▶ usual ones ───────────────────▶ files ──▶ those of doubled keys,
                         └───▶ unusual ones ──event by event──▶          joined, written again

A pass joins the events that agree on all fields of a message, which is nearly always all of a
message, and so cheap. What is unusual is folded as an incremental run does. A message whose events
disagree ends up with several rows, perhaps in files of different passes: in the end the keys that
occur more than once are looked for, and their rows are joined.
"""

from __future__ import annotations

import math
from pathlib import Path

import polars as pl

from analytics.projections.engine import Written
from analytics.projections.job import Job
from analytics.projections.keys import FOLDER, Keys
from analytics.projections.parts import StoredFile, plan
from analytics.projections.passes import Pass, Span, passes
from analytics.projections.schema import MESSAGES
from analytics.projections.slots import show_slots
from eventlog.schema import EVENTS

BYTES_PER_EVENT = 1_000  # of memory, in a pass
BYTES_PER_KEY = 200  # of memory, when doubled keys are looked for


def fold_everything(job: Job) -> tuple[list[Written], Keys]:
    """Write the messages of the whole log; return the files, and where the keys are."""
    keys = Keys(job.tables["messages"].folder / FOLDER)
    written: list[Written] = []
    for each in _passes(job):
        more = _fold(job, each)
        keys = keys.adding(_entries(job, more))
        written += more
    return _joined(job, written), keys


def _entries(job: Job, written: list[Written]) -> pl.DataFrame:
    """Return keys and hours; where rows are joined later, they are in one of these hours."""
    job.engine.show("entered", [each.path for each in written], MESSAGES)
    job.engine.run("messages/entries.sql")
    return job.engine.frame("entries", "key", "hour")


def _passes(job: Job) -> list[Pass]:
    files = [str(path) for path in job.events.files()] if job.events else []
    if not files:
        return []
    spans = [
        Span(file, rows, None if first is None else (first, last))
        for file, rows, is_without, first, last in job.engine.run("shared/spans.sql", files=files)
        if not is_without
    ]
    limits = job.engine.resources
    fit = limits.events_per_pass or limits.memory_bytes // BYTES_PER_EVENT
    return passes(spans, fit)


def _fold(job: Job, each: Pass) -> list[Written]:
    engine = job.engine
    engine.show("log_files", [Path(file) for file in each.files], EVENTS)
    engine.show_between("events_to_fold", "log_files", "sent_at", each.begins, each.ends)
    engine.run("messages/fragments.sql")
    engine.run("messages/unusual.sql")
    engine.show("before", [], MESSAGES)
    engine.run("messages/reported.sql")
    engine.run("messages/were.sql")
    engine.run("messages/remembered.sql")
    engine.run("messages/folded.sql")
    engine.keep("changed", "folded")
    engine.run("messages/usual.sql")
    planned = plan([], [], engine.run("messages/spread.sql"), engine.resources.rows_per_file)
    show_slots(engine, planned)
    written = engine.write("messages/write.sql")
    engine.drop("fragments", "changed")
    return written


def _joined(job: Job, written: list[Written]) -> list[Written]:
    """Join the rows of each message that has several, and write their files again."""
    engine = job.engine
    files = {str(each.path): each for each in written}
    engine.show("stored", [each.path for each in written], MESSAGES, filename=True)
    engine.run("messages/no_doubled.sql")
    bytes_needed = sum(each.rows for each in written) * BYTES_PER_KEY
    shares = math.ceil(bytes_needed / engine.resources.memory_bytes) or 1
    for share in range(shares):
        engine.run("messages/doubled.sql", shares=shares, share=share)
    engine.run("messages/torn.sql")
    touched = {name for (name,) in engine.run("messages/located.sql")}
    if not touched:
        return written
    stored = [StoredFile(path, each.partition, each.rows) for path, each in files.items()]
    engine.show("before", [files[path].path for path in sorted(touched)], MESSAGES)
    engine.run("messages/were.sql")
    engine.run("messages/remembered.sql")
    engine.show("no_events", [], EVENTS)
    engine.alias("events_to_fold", "no_events")
    engine.run("messages/reported.sql")
    engine.run("messages/folded.sql")
    engine.keep("changed", "folded")
    engine.run("messages/unchanged.sql")
    show_slots(engine, plan(stored, touched, [], engine.resources.rows_per_file))
    again = engine.write("messages/write.sql")
    return [each for path, each in files.items() if path not in touched] + again
