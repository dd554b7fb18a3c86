"""`replies`: one row per distinct reply, with the message that it answers.

A reply answers the known message that it names (explicit), else the latest message to its number
within the reply window before it (inferred), else none (unsolicited). A message that becomes known
later, or changes, may change that, so the replies that name it or may follow it are attributed
again.

The message that a reply names is found by `state_key`, and the replies that name a message by
`state_replied_key` (`keys.py`). Those that may follow a message are looked for in the reply window
after it, and the messages that a reply may follow in the window before it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import duckdb
import polars as pl

from analytics.projections.changed import show_changed
from analytics.projections.job import (
    Difference,
    Job,
    difference,
    keys_of,
    means_the_same,
    source,
    stored_files,
)
from analytics.projections.keys import FOLDER, Keys
from analytics.projections.new_events import show_new_events
from analytics.projections.parts import Plan, plan
from analytics.projections.schema import MESSAGES, REPLIES
from analytics.projections.slots import show_slots

NAME = "replies"


def project(job: Job) -> int:
    """Fold the new reply events, attribute, and commit; return how many events they were."""
    table, messages = job.tables[NAME], job.tables["messages"]
    meaning = {
        "reply_window_hours": str(job.definitions.reply_window_hours),
        "hashed_by": f"duckdb {duckdb.__version__}",
    }
    keys = keys_of(table)
    since = difference(messages, table) if means_the_same(table, meaning) else None
    if job.from_zero or keys is None or since is None or not since.is_small:
        job, since, keys = dataclasses.replace(job, from_zero=True), None, None
    new = show_new_events(job, NAME, "reply")
    if since is not None and not (since.days or new.moves(table)):
        return 0
    job.engine.run("replies/received.sql")
    known = keys or Keys(table.folder / FOLDER)
    planned = _all_again(job) if since is None else _some_again(job, since, known)
    _attribute(job)
    known = known.adding(_entries(job, known))
    show_slots(job.engine, planned)
    written = job.engine.write("replies/write.sql", window_us=_window_us(job))
    job.engine.drop("folded_replies", "referred", "unnamed", "latest", "affected")
    checkpoints = new.checkpoints | {source(messages): messages.version}
    job.exchange(NAME, sorted(planned.paths), written, checkpoints, meaning | known.listing)
    known.forget_others()
    return new.count


def _entries(job: Job, known: Keys) -> pl.DataFrame:
    """Return the keys and hours of the folded replies that are not known already."""
    job.engine.run("replies/entries.sql")
    entries = job.engine.frame("entries", "key", "hour")
    if not known.names:
        return entries
    return entries.join(known.find(entries["key"]), on=["key", "hour"], how="anti")


def _all_again(job: Job) -> Plan:
    """Fold every reply of the log."""
    engine = job.engine
    engine.drop("affected", "unchanged")
    engine.show("affected", [], REPLIES)
    engine.show("unchanged", [], REPLIES)
    engine.run("replies/folded.sql")
    planned = plan([], [], engine.run("replies/spread.sql"), engine.resources.rows_per_file)
    return dataclasses.replace(planned, paths=set(job.tables[NAME].actions()["path"]))


def _some_again(job: Job, since: Difference, keys: Keys) -> Plan:
    """Fold the new replies into the files that they belong in, and what changed messages affect."""
    engine, table = job.engine, job.tables[NAME]
    show_changed(engine, since)
    engine.run("replies/changed_messages.sql")
    touched = _naming(job, keys) | _following(job)
    landing = engine.run("replies/landing.sql")
    planned = plan(stored_files(table), touched, landing, engine.resources.rows_per_file)
    engine.drop("affected")
    engine.show("before", [table.folder / path for path in sorted(planned.paths)], REPLIES)
    engine.run("replies/affected.sql", window_us=_window_us(job))
    engine.drop("unchanged")
    engine.run("replies/unchanged.sql")
    engine.run("replies/folded.sql")
    return planned


def _naming(job: Job, keys: Keys) -> set[str]:
    table = job.tables[NAME]
    hours = set(keys.find(job.engine.frame("changed_messages", "state_key")["state_key"])["hour"])
    job.engine.show("stored", job.files_near(NAME, hours, 0, 0), REPLIES, filename=True)
    found = job.engine.run("replies/naming.sql")
    return {str(Path(name).relative_to(table.folder)) for (name,) in found}


def _following(job: Job) -> set[str]:
    table = job.tables[NAME]
    ((first, last),) = job.engine.run("replies/change_span.sql")
    if first is None:
        return set()
    paths = _between(job, NAME, first, last + job.definitions.reply_window_hours + 1)
    job.engine.show("stored", paths, REPLIES, filename=True)
    found = job.engine.run("replies/following.sql", window_us=_window_us(job)) if paths else []
    return {str(Path(name).relative_to(table.folder)) for (name,) in found}


def _attribute(job: Job) -> None:
    """Find the messages that the folded replies name, then those that the others may follow."""
    engine, messages = job.engine, job.tables["messages"]
    engine.show("searched", [], MESSAGES)
    engine.run("replies/no_referred.sql")
    engine.run("replies/wanted.sql")
    _find_named(job, messages.files() if job.from_zero else _located(job))
    engine.run("replies/unnamed.sql")
    engine.show("searched", _near(job, "replies/span.sql"), MESSAGES)
    engine.run("replies/latest.sql")


def _find_named(job: Job, files: Sequence[Path]) -> None:
    """Put the named messages that these files hold into `referred`."""
    job.engine.show("searched", files, MESSAGES)
    job.engine.run("replies/referred.sql")


def _located(job: Job) -> list[Path]:
    """Return the files that hold a message that is wanted."""
    keys = keys_of(job.tables["messages"])
    if keys is None:
        return job.tables["messages"].files()
    hours = set(keys.find(job.engine.frame("wanted", "state_key")["state_key"])["hour"])
    job.engine.show("searched", job.files_near("messages", hours, 0, 0), MESSAGES, filename=True)
    return [Path(name) for (name,) in job.engine.run("replies/located.sql")]


def _near(job: Job, span: str) -> list[Path]:
    """Return the files of the messages that the replies in a span may follow."""
    ((first, last),) = job.engine.run(span)
    if first is None:
        return []
    return _between(job, "messages", first - job.definitions.reply_window_hours - 1, last)


def _between(job: Job, name: str, first_hour: int, last_hour: int) -> list[Path]:
    """Return the files of a table with rows of these hours, counted since 1970."""
    table = job.tables[name]
    return [
        table.folder / file.path
        for file in stored_files(table)
        if file.part.is_between(first_hour, last_hour)
    ]


def _window_us(job: Job) -> int:
    return job.definitions.reply_window_hours * 3_600_000_000
