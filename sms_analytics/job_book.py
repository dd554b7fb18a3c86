"""Who ran when, for how long, and how it ended: kept by the jobs process, read by the server.

The book is one small file, written whole after each step and renamed into place. It is not
synced: after a power cut it may be the one before. Beside the sums, which are for the server, it
keeps the latest runs, which are for people: see `job_runs`.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from sms_analytics.job_runs import JobRuns, Run

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
Job = Callable[[], int | None]
"""Returns how many events it handled, None where it counts none; 0: there was nothing to do."""


class JobState(msgspec.Struct, kw_only=True):
    """What is known of one job; `error` is the kind of its last run's failure, if it failed."""

    runs: int = 0
    failures: int = 0
    seconds: float = 0.0
    running: bool = False
    began_at: datetime | None = None
    ended_at: datetime | None = None
    succeeded_at: datetime | None = None
    error: str = ""


_decoder = msgspec.json.Decoder(dict[str, JobState])


class JobBook:
    """The one who writes the book. Threads may share it."""

    def __init__(self, path: Path, clock: Clock, runs: JobRuns) -> None:
        """Go on from what the book at `path` says; whatever ran there runs no more."""
        self._path = path
        self._clock = clock
        self._runs = runs
        self._lock = threading.Lock()
        self._jobs = read(path)
        self._fault = ""
        for name, state in self._jobs.items():
            if state.running:
                log.warning("job was interrupted", extra={"job": name})
            state.running = False

    def kept(self, name: str, job: Job) -> Callable[[], None]:
        """Return the job so that each run is in the book. What it raises is logged, not raised."""

        def run() -> None:
            began_at = self._begin(name)
            events, error = None, ""
            try:
                events = job()
            except Exception as failure:
                error = _told(failure)
                log.exception("job failed", extra={"job": name})
            finally:
                self._end(name, began_at, events, error)

        return run

    def seen(self) -> tuple[list[Run], dict[str, JobState]]:
        """Return the runs that are remembered and what is known of each job, on disk or not."""
        with self._lock:
            states = {name: msgspec.structs.replace(state) for name, state in self._jobs.items()}
            return self._runs.all(), states

    def _begin(self, name: str) -> datetime:
        with self._lock:
            state = self._jobs.setdefault(name, JobState())
            began_at = state.began_at = self._clock()
            state.running = True
            self._runs.put(Run(job=name, started_at=began_at))
            self._write(synced=False)
            return began_at

    def _end(self, name: str, began_at: datetime, events: int | None, error: str) -> None:
        with self._lock:
            state = self._jobs[name]
            ended_at = state.ended_at = self._clock()
            state.running = False
            seconds = (ended_at - began_at).total_seconds()
            state.runs += 1
            state.failures += bool(error)
            state.seconds += seconds
            state.error = error
            if not error:
                state.succeeded_at = ended_at
            run = Run(
                job=name,
                started_at=began_at,
                ended_at=ended_at,
                duration_seconds=seconds,
                outcome="failed" if error else "idle" if events == 0 else "succeeded",
                error=error or None,
                events=events,
            )
            self._runs.put(run)
            self._write(synced=run.outcome != "idle")

    def _write(self, *, synced: bool) -> None:
        """Write the runs and the book. A full disk must not stop the jobs that make room on it.

        The runs come first: a job that the book says is running is among them, whoever dies now.
        """
        fault = ""
        aside = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._runs.write(synced=synced)
            aside.write_bytes(msgspec.json.encode(self._jobs))
            aside.replace(self._path)
        except OSError as error:
            fault = str(error.strerror)
        if fault and fault != self._fault:
            log.warning("job book not written", extra={"error": fault})
        self._fault = fault


def _told(failure: Exception) -> str:
    """Say what failed, by its kind alone: what a message holds may be somebody's data."""
    kind = type(failure).__name__
    if isinstance(failure, OSError) and failure.strerror:
        return f"{kind}: {failure.strerror}"
    return kind


def read(path: Path) -> dict[str, JobState]:
    """Return what the book says of each job; nothing if there is none, or none that is whole."""
    try:
        return _decoder.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError):
        return {}
