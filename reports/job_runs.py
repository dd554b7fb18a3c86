"""The page of the jobs: how the last run of each ended, what went wrong, and what was done last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl

from analytics.door import Catalogue
from analytics.failures import CatalogueError
from reports import words
from reports.query import Query
from reports.tables import Cell, Table

ROWS_MAX = 20
GONE = "The file of the jobs' runs is not there; the next job that runs writes it again."
FAULTS = ("failed", "interrupted")
DONE = ("succeeded", "running")
DOES = {
    "seal": "moves webhooks from the journal into the event log",
    "refresh": "folds new events into the projections and publishes the catalogue",
    "report": "writes the static report",
    "compact": "merges small files of the event log",
    "export": "writes the daily files of exports",
    "alerts": "looks whether anything is wrong, and tells who is to be told",
    "tidy": "deletes files that were replaced long enough ago",
}
TOLD = {
    "succeeded": Cell("ended well", tone="good"),
    "idle": Cell("nothing to do", tone="mute"),
    "running": Cell("is running"),
    "failed": Cell("failed", tone="bad"),
    "interrupted": Cell("was cut short", tone="bad"),
}


@dataclass(frozen=True)
class JobRuns:
    """Everything on the page; before the first run the tables are empty."""

    headline: str
    second: str
    jobs: Table
    faults: Table
    latest: Table
    is_gone: bool = False


def job_runs(catalogue: Catalogue) -> JobRuns:
    """Put the page together."""
    time_zone = catalogue.about().time_zone
    try:
        jobs = Query("job_last").run(catalogue)
    except CatalogueError:
        none = Table("", (), [])
        return JobRuns(GONE, "", none, none, none, is_gone=True)
    faults = _latest(catalogue, FAULTS)
    return JobRuns(
        headline=_headline(jobs),
        second=_second(faults, time_zone),
        jobs=_jobs(jobs, time_zone),
        faults=_runs("Runs that went wrong", faults, time_zone),
        latest=_runs("The latest runs", _latest(catalogue, DONE), time_zone),
    )


def _latest(catalogue: Catalogue, outcomes: tuple[str, ...]) -> pl.DataFrame:
    return Query("job_latest", {"outcomes": list(outcomes), "rows": ROWS_MAX}).run(catalogue)


def _headline(jobs: pl.DataFrame) -> str:
    if jobs.is_empty():
        return "No job has run yet."
    wrong = [row["job"] for row in jobs.iter_rows(named=True) if row["outcome"] in FAULTS]
    if wrong:
        return f"The last run of {words.listed(wrong)} went wrong; it is tried again at its time."
    if jobs.height == 1:
        return "The only job that has run yet went well the last time."
    return f"All {words.number(jobs.height)} jobs went well the last time they ran."


def _second(faults: pl.DataFrame, time_zone: str) -> str:
    if faults.is_empty():
        return "None of the runs that are remembered went wrong."
    return f"A run last went wrong on {_moment(faults['started_at'][0], time_zone)}."


def _jobs(jobs: pl.DataFrame, time_zone: str) -> Table:
    return Table(
        "Jobs and their last run",
        ("Job", "Last run", "Began", "Took", "Last went well", "Went wrong", "What it does"),
        [
            [
                Cell(row["job"]),
                _outcome(row["outcome"], row["error"]),
                Cell(_moment(row["started_at"], time_zone)),
                Cell(_seconds(row["seconds"])),
                Cell(_moment(row["well_at"], time_zone)),
                Cell(
                    f"{words.number(row['faults'])} of {words.number(row['runs'])}",
                    tone="bad" if row["faults"] else "mute",
                ),
                Cell(DOES.get(row["job"], words.NONE), tone="mute"),
            ]
            for row in jobs.iter_rows(named=True)
        ],
    )


def _runs(caption: str, runs: pl.DataFrame, time_zone: str) -> Table:
    return Table(
        caption,
        ("Job", "Outcome", "Began", "Took", "Events"),
        [
            [
                Cell(row["job"]),
                _outcome(row["outcome"], row["error"]),
                Cell(_moment(row["started_at"], time_zone)),
                Cell(_seconds(row["duration_seconds"])),
                Cell(words.NONE if row["events"] is None else words.number(row["events"])),
            ]
            for row in runs.iter_rows(named=True)
        ],
    )


def _outcome(outcome: str, error: str | None) -> Cell:
    told = TOLD[outcome]
    return Cell(told.text, quiet=error or "", tone=told.tone)


def _moment(instant: datetime | None, time_zone: str) -> str:
    """Tell a moment to the second, without the year: runs of so long ago are forgotten."""
    if instant is None:
        return words.NONE
    local = instant.astimezone(ZoneInfo(time_zone))
    return f"{words.day(local.date())} {local:%H:%M:%S}".replace(" ", words.SPACE)


def _seconds(value: float | None) -> str:
    """Tell a duration; that of a job may be far below the tenth of a second."""
    if value is not None and value < 1:
        return f"{words.number(value * 1000)}{words.SPACE}ms"
    return words.seconds(value)
