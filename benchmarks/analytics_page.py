"""ANALYTICS.md, of the runs that are remembered. Pure, but for today's date."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from benchmarks.analytics_postgres import MILLIONS_MAX, QUESTIONS, SETTINGS
from benchmarks.folds.outcome import MEMORY_BYTES, THREADS
from benchmarks.folds.running import Ran
from benchmarks.remembered import Remembered
from benchmarks.report import Table, markdown, ratio

OURS, BARE, PROJECT, VIEWS = "ours_rebuild", "duckdb_lean", "ours_project", "ours_views"
POSTGRES = "postgres"
PEERS = {
    "DuckDB, bare GROUP BY": "duckdb_group",
    "polars, bare group_by": "polars_group",
    "chdb, bare GROUP BY": "chdb_group",
}
FOLDS = {"DuckDB, bare GROUP BY, no duplicates counted": BARE, **PEERS, "sms-analytics": OURS}
CELLS_DONE, MESSAGES_DONE = "receipt_cells committed", "messages committed"


def page(machine: str, sizes: Sequence[int], runs: Remembered, missing: Sequence[str]) -> str:
    """Write the page; `missing` says what could not be measured."""
    tables = [_rebuild(sizes, runs), _project(sizes, runs), _views(sizes, runs)]
    tables += [_postgres(size, runs) for size in sizes if runs.of(POSTGRES, size)]
    texts = [
        _preface(datetime.now(UTC)),
        machine,
        *(markdown(table) for table in tables if table.rows),
    ]
    return "\n".join([*texts, *(f"Not measured: {each}\n" for each in missing)])


def _preface(now: datetime) -> str:
    return (
        "# What the figures cost\n\n"
        f"Written on {now:%Y-%m-%d} by `make bench-analytics`, of the runs that it remembers. Read "
        "the ratios: the absolute figures are this machine's.\n"
    )


def _rebuild(sizes: Sequence[int], runs: Remembered) -> Table:
    rows: list[tuple[str, ...]] = []
    remarks: list[str] = []
    for millions in sizes:
        base = runs.of(BARE, millions)
        for name, module in FOLDS.items():
            if done := runs.of(module, millions):
                rows += _rebuild_rows(millions, name, done, base)
        remarks += _disagreement(millions, runs)
    return Table(
        title="From zero",
        method=(
            "An invented log of 30 days, a file a day, to one row a message. A process each, "
            f"{THREADS} threads, DuckDB (bare and ours) with a memory limit of "
            f"{MEMORY_BYTES >> 30} GiB; medians of the rounds, in turns. Imports not counted in "
            "seconds."
        ),
        columns=(
            "million events",
            "fold",
            "rounds",
            "seconds",
            "of bare DuckDB",
            "CPU seconds",
            "CPU of bare DuckDB",
            "peak memory",
        ),
        rows=rows,
        remarks=[
            *remarks,
            "All that count duplicates gave the same counts unless it says otherwise: messages, "
            "receipts, duplicates, out of order, campaigns.",
            "Ours writes files by day and hours, synced and committed, with the state that a later "
            "run needs; the others write one file and no state. CPU seconds and memory are of the "
            "whole process, for ours of all projections.",
        ],
    )


def _rebuild_rows(
    millions: int, name: str, runs: list[Ran], base: list[Ran]
) -> Iterator[tuple[str, ...]]:
    bare = _median(run.printed["seconds"] for run in base)
    cpu = _median(run.cpu_seconds for run in runs)
    used = (
        f"{cpu:.1f}",
        ratio(cpu, _median(run.cpu_seconds for run in base)),
        f"{max(run.peak_bytes for run in runs) / 2**30:.1f} GiB",
    )
    steps = {name: [run.printed["seconds"] for run in runs]}
    if runs[0].printed["everything"]:
        steps = {
            f"{name}, `messages`": [run.printed["seconds"] for run in runs],
            f"{name}, with replies and cells": [run.printed["steps"][CELLS_DONE] for run in runs],
            f"{name}, every projection": [run.printed["everything"] for run in runs],
        }
    for step, each in steps.items():
        seconds = _median(each)
        told = used if step == list(steps)[-1] else ("", "", "")
        yield f"{millions}", step, f"{len(each)}", f"{seconds:.1f}", ratio(seconds, bare), *told


def _disagreement(millions: int, runs: Remembered) -> list[str]:
    counts = {
        tuple(run.printed["counts"])
        for module in (*PEERS.values(), OURS)
        for run in runs.of(module, millions)
    }
    return [f"{millions} million: THE COUNTS DIFFER: {counts}"] if len(counts) > 1 else []


def _project(sizes: Sequence[int], runs: Remembered) -> Table:
    rows: list[tuple[str, ...]] = []
    base = 0.0
    for millions in sizes:
        if not (done := runs.of(PROJECT, millions)):
            continue
        seconds = _median(run.printed["seconds"] for run in done)
        base = base or seconds
        rows.append(
            (
                f"{millions}",
                f"{len(done)}",
                f"{seconds:.2f}",
                ratio(seconds, base),
                f"{_median(run.printed['steps'][MESSAGES_DONE] for run in done):.2f}",
                f"{_median(run.printed['steps'][CELLS_DONE] for run in done):.2f}",
                f"{_median(run.cpu_seconds for run in done):.2f}",
                f"{max(run.peak_bytes for run in done) / 2**30:.2f} GiB",
            )
        )
    return Table(
        title="10,000 new events",
        method=(
            "The events that come next, folded into every projection, in a new process (imports "
            "not counted in seconds); medians of the rounds, each on a fresh copy."
        ),
        columns=(
            "million events",
            "rounds",
            "seconds",
            "of the first",
            "until messages",
            "until cells",
            "CPU seconds",
            "peak memory",
        ),
        rows=rows,
        remarks=[
            "Every reply of this log names its message, and these are found nearby.",
            "Each is the first run after a rebuild: no newer rows lie beside conversations yet. "
            "Later ones: [decision 13](../docs/decisions/0013-beside-large-files.md).",
        ],
    )


def _views(sizes: Sequence[int], runs: Remembered) -> Table:
    asked = {millions: runs.of(VIEWS, millions) for millions in sizes}
    seconds = {millions: done[0].printed for millions, done in asked.items() if done}
    names = dict.fromkeys(name for each in seconds.values() for name in each)
    return Table(
        title="Views over 30 days",
        method="Milliseconds, all columns and rows fetched, the fastest of three; 2 threads.",
        columns=("view", *(f"{millions} million" for millions in seconds)),
        rows=[
            (name, *(_milliseconds(each.get(name)) for each in seconds.values())) for name in names
        ],
        remarks=[
            "`publish, first` counts every day; `publish` again finds the same files and carries "
            "what was counted; `publish, one day` counts one day again.",
            "`events`, `messages`, `replies` and `conversations` have one row of each: who adds "
            "these up reads as many.",
        ],
    )


def _postgres(millions: int, runs: Remembered) -> Table:
    (theirs,) = (run.printed for run in runs.of(POSTGRES, millions))
    views = runs.of(VIEWS, millions)
    ours = views[0].printed if views else {}
    return Table(
        title=f"PostgreSQL, {millions} million events",
        method=(
            f"One row a message, indexed; 30 days each, the fastest of three, all in memory. Up to "
            f"{MILLIONS_MAX} million."
        ),
        columns=("question", "PostgreSQL", "sms-analytics", "PostgreSQL of ours"),
        rows=[
            (
                name,
                f"{theirs[name] * 1000:,.0f} ms",
                f"{ours[view] * 1000:,.0f} ms" if ours else "–",
                ratio(theirs[name], ours.get(view, 0)),
            )
            for name, view in QUESTIONS.items()
        ],
        remarks=[
            f"Loading the events took {theirs['load']:.0f} s (COPY), one row a message "
            f"{theirs['fold']:.0f} s, indexes and VACUUM ANALYZE {theirs['indexes']:.0f} s. The "
            f"table takes {theirs['bytes'] / 1e6:,.0f} MB.",
            f"Settings: {', '.join(SETTINGS)}. Our answers have more columns: intervals, within "
            "N seconds, reply rates.",
        ],
    )


def _milliseconds(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds * 1000:,.0f}"


def _median(values: Iterable[float]) -> float:
    return statistics.median(list(values) or [0.0])
