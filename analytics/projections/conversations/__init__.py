"""`conversations`: the messages and replies of a number, in stretches without a long silence.

    touched moments ──▶ conversations near them ──┬─▶ grown: only the new moments are added
                                                  └─▶ of odd numbers: made again from all moments

A *chain* is everything between two silences; it is cut into conversations of at most seven days,
counted from its beginning. Each conversation keeps the beginning of its chain and what the next
moment must know of those before it, so that what comes after it is added without reading it again.
Only where something is gone, or came into the midst of what was known, moments are read: from the
conversation that was touched to the next silence. What changed is written beside large files
(`layers.py`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path

from analytics.projections.conversations.layers import Layers, is_newer, layers
from analytics.projections.engine import Engine, Written
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
from analytics.projections.parts import EVER_HOURS, plan
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
        _find_near(job, found)
        _cut(job)
        _join(job)
        planned = _layers(job)
        paths, written = planned.planned.paths, _write(job, planned)
    job.exchange(NAME, sorted(paths), written, versions(job), meaning)


def show_effective(engine: Engine, files: Iterable[Path]) -> None:
    """Set up `effective`: the conversations that some of the stored files hold."""
    _show_layers(engine, files)
    engine.run("conversations/effective.sql")


def _show_layers(engine: Engine, files: Iterable[Path]) -> None:
    """Set up `base` and `newer`: what was written whole, and what came beside it."""
    paths = list(files)
    engine.show("base", [path for path in paths if not is_newer(path.name)], CONVERSATIONS)
    engine.show("newer", [path for path in paths if is_newer(path.name)], CONVERSATIONS)


def _make_all(job: Job) -> list[Written]:
    """Write everything, some of the numbers at a time."""
    engine = job.engine
    limits = engine.resources
    fit = limits.events_per_pass or limits.memory_bytes // BYTES_PER_MOMENT
    shares = math.ceil(show_all_moments(job) / fit) or 1
    engine.alias("identified", "moments")
    engine.run("conversations/no_seeds.sql")
    written: list[Written] = []
    for share in range(shares):
        show_all_moments(job)
        engine.run("conversations/share.sql", shares=shares, share=share)
        _cut(job)
        show_moments(job, {hour for (hour,) in engine.run("conversations/tied_hours.sql")})
        _join(job)
        engine.run("conversations/no_rest.sql")
        landing = engine.run("conversations/landing.sql")
        show_slots(engine, plan([], [], landing, limits.rows_per_file))
        written += engine.write("conversations/write.sql")
    return written


def _find_near(job: Job, found: Changes) -> None:
    """Set up `scope`, `seeds` and `replaced` for what changed."""
    engine = job.engine
    find_touched(job, found)
    gap_hours = job.definitions.conversation_gap_hours
    reach = LONGEST_HOURS + gap_hours
    hours = touched_hours(job)
    _show_layers(engine, job.files_near(NAME, hours, reach, gap_hours))
    engine.run("conversations/stored.sql")
    engine.run("conversations/near.sql", ended_us=(min(hours, default=0) - gap_hours) * _HOUR_US)
    for query in ("odd", "grown", "adjacent"):
        engine.run(f"conversations/{query}.sql", gap_us=_gap_us(job))
    _show_layers(engine, _later(job))
    for query in ("again", "seeds", "replaced", "spans"):
        engine.run(f"conversations/{query}.sql")
    show_moments(job, {hour for (hour,) in engine.run("conversations/span_hours.sql")})
    engine.run("conversations/scope.sql")
    engine.run("conversations/identified.sql")


def _later(job: Job) -> list[Path]:
    """Return the files of the touched conversations of odd numbers, and of what follows them."""
    ((first,),) = job.engine.run("conversations/adjacent_hour.sql")
    return [] if first is None else job.files_near(NAME, [first], 1, EVER_HOURS)


def _cut(job: Job) -> None:
    """Set up `pieces`: where what is in `scope` is cut into conversations."""
    cap_us = LONGEST_HOURS * _HOUR_US
    job.engine.run("conversations/pieces.sql", gap_us=_gap_us(job), cap_us=cap_us)


def _join(job: Job) -> None:
    """Set up `made`, the conversations of these pieces; `identified` are the moments of ties."""
    job.engine.run("conversations/firsts.sql")
    job.engine.run("conversations/made.sql")


def _layers(job: Job) -> Layers:
    """Say which files to write, for what was made and what it replaces."""
    engine = job.engine
    engine.keep("made_now", "made")
    engine.alias("made", "made_now")
    return layers(
        stored_files(job.tables[NAME]),
        engine.run("conversations/landing.sql"),
        dict(engine.run("conversations/replaced_days.sql")),
        engine.resources.rows_per_file,
        engine.resources.newer_share,
    )


def _write(job: Job, planned: Layers) -> list[Written]:
    """Write `made`, and what else the files hold that are to be replaced."""
    engine, folder = job.engine, job.tables[NAME].folder
    show_effective(engine, [folder / path for path in planned.whole])
    engine.show("kept", [folder / path for path in planned.kept], CONVERSATIONS)
    show_slots(engine, planned.planned)
    engine.run("conversations/rest.sql")
    return engine.write("conversations/write.sql")


def _gap_us(job: Job) -> int:
    return job.definitions.conversation_gap_hours * _HOUR_US
