"""The latest runs of the jobs, in one small file that the view `job_runs` reads.

One line of JSON a run. The file is written whole and renamed into place, so a reader never sees a
part of it; it is synced whenever a run has ended that did something or failed. Of each job it keeps
the last RUNS_KEPT runs; of those that found nothing to do, only the last.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from eventlog.durable import replace_file

RUNS_KEPT = 100

Outcome = Literal["running", "succeeded", "idle", "failed", "interrupted"]


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One run of one job: the columns of the view `job_runs`.

    `idle` found nothing to do; `interrupted` ended with its process, nobody knows when.
    """

    job: str
    started_at: datetime
    ended_at: datetime | None = None
    duration_seconds: float | None = None
    outcome: Outcome = "running"
    error: str | None = None
    events: int | None = None


_decoder = msgspec.json.Decoder(Run)


class JobRuns:
    """The file and its one writer. Not for several threads at once."""

    def __init__(self, path: Path) -> None:
        """Go on from what the file at `path` says; what ran there was interrupted."""
        self._path = path
        self._runs: dict[str, list[Run]] = {}
        for run in read(path):
            was_cut = run.outcome == "running"
            self.put(msgspec.structs.replace(run, outcome="interrupted") if was_cut else run)

    def put(self, run: Run) -> None:
        """Take in a run; it replaces what is known of the same one."""
        others = [each for each in self._runs.get(run.job, []) if not _gives_way(each, run)]
        self._runs[run.job] = [*others, run][-RUNS_KEPT:]

    def all(self) -> list[Run]:
        """Return the runs that are remembered, by job and in order."""
        return [run for _, each in sorted(self._runs.items()) for run in each]

    def write(self, *, synced: bool) -> None:
        """Put the file in place. Raises `OSError`."""
        runs = self.all()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        aside = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        aside.write_bytes(_lines(runs))
        if synced:
            replace_file(aside, self._path)
        else:
            aside.replace(self._path)


def _gives_way(known: Run, new: Run) -> bool:
    """Tell whether a run is the new one, earlier, or an idle one before one that has ended."""
    ended = new.outcome != "running"
    return known.started_at == new.started_at or (known.outcome == "idle" and ended)


def _lines(runs: Iterable[Run]) -> bytes:
    return b"".join(msgspec.json.encode(run) + b"\n" for run in runs)


def read(path: Path) -> list[Run]:
    """Return the runs that the file tells of, up to what cannot be read; none if there is none."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError:
        return []
    runs: list[Run] = []
    for line in lines:
        try:
            runs.append(_decoder.decode(line))
        except msgspec.DecodeError:
            break
    return runs
