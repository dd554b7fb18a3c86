"""A log with a long history: does a commit stay short, a table quick to open, a start quick?

The last fifth is made by the sealer and the compactor themselves, every sync included, as a server
makes it: a seal every five seconds, merging every minute, old files deleted every hour; only the
clock is run ahead. That is more than a day, and what lies before it is merged: see `past`. It is
made in stretches, and goes on from where it was: `python -m benchmarks.history DATA COMMITS`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.past import Commit, found
from benchmarks.report import Table
from eventlog.event import Record, Webhook, encode_record
from eventlog.layout import Layout
from eventlog.schema import EVENTS
from ingest.compactor import Compactor, delete_replaced
from ingest.decoder import decode
from ingest.journal import Journal
from ingest.recovery import open_table
from ingest.sealer import Sealer
from ingest.verify import verify_log

COMMITS = 100_000
COMMITS_FOUNDED = 80_000
STRETCH = 5_000
MEASURED_COMMITS = 1_000
OPENINGS = 20
RECORDS_PER_COMMIT = 10
SEAL_INTERVAL = timedelta(seconds=5)
MERGE_EVERY_COMMITS = 12
TIDY_EVERY_COMMITS = 720
GRACE = timedelta(hours=24)
FILE_ROWS = 1_000_000
RECORDS_PER_DEAD_LETTER = 997

_BEGINNINGS = {
    "events written": "seal commit",
    "dead_letters written": "seal commit",
    "merged file in place": "merge commit",
}
_ENDS = {"events committed", "dead_letters committed", "merge committed"}


@dataclass
class Stopwatch:
    """The milliseconds of what was done, by what it was; told of steps as they are reached."""

    took: dict[str, list[float]] = field(default_factory=dict)
    _began: tuple[str, float] = ("", 0.0)

    def reached(self, step: str) -> None:
        """Take note of a step of the sealer or the compactor."""
        if step in _BEGINNINGS:
            self._began = (_BEGINNINGS[step], perf_counter())
        elif step in _ENDS:
            name, began = self._began
            self.add(name, began)

    def add(self, name: str, began: float) -> None:
        """Take note of something that began then and has ended."""
        self.took.setdefault(name, []).append((perf_counter() - began) * 1000)

    def summary(self) -> dict[str, dict[str, float]]:
        """Return for each: how many, and the median, the 99th percentile and the most, in ms."""
        return {name: _spread(sorted(times)) for name, times in sorted(self.took.items())}


def _spread(times: list[float]) -> dict[str, float]:
    return {
        "n": len(times),
        "p50": round(times[len(times) // 2], 1),
        "p99": round(times[len(times) * 99 // 100], 1),
        "max": round(times[-1], 1),
    }


class History:
    """Makes history in one data directory, which ends `ends_at` once it has `COMMITS` commits."""

    def __init__(self, layout: Layout, ends_at: datetime, stopwatch: Stopwatch) -> None:
        self._layout = layout
        self._ends_at = ends_at
        self._stopwatch = stopwatch
        self._now = ends_at

    def lengthen(self, commits: int) -> int:
        """Make so many commits more; return how many there are."""
        with ExitStack() as closing:
            journal = closing.enter_context(Journal.open(self._layout.journal))
            reached = self._stopwatch.reached
            sealer = closing.enter_context(Sealer(self._layout, self._clock, reached))
            compactor = closing.enter_context(
                Compactor(self._layout, FILE_ROWS, self._clock, reached)
            )
            first = journal.sealed_upto() // RECORDS_PER_COMMIT
            for commit in range(first, first + commits):
                self._now = self._at(commit)
                records = [encode_record(record) for _, record in self._records(commit)]
                journal.append_many(records)
                began = perf_counter()
                sealer.seal(RECORDS_PER_COMMIT)
                self._stopwatch.add("seal", began)
                if commit % MERGE_EVERY_COMMITS == 0:
                    self._merge(compactor)
                if commit % TIDY_EVERY_COMMITS == 0:
                    delete_replaced(self._layout, self._now - GRACE)
        return first + commits

    def _clock(self) -> datetime:
        return self._now

    def _merge(self, compactor: Compactor) -> None:
        began = perf_counter()
        while compactor.compact():
            self._stopwatch.add("merge", began)
            began = perf_counter()

    def past(self, commits: int) -> Iterator[Commit]:
        """Return what the first so many commits held."""
        for commit in range(commits):
            yield Commit(self._at(commit), list(self._records(commit)))

    def _at(self, commit: int) -> datetime:
        return self._ends_at - SEAL_INTERVAL * (COMMITS - commit)

    def _records(self, commit: int) -> Iterator[tuple[int, Record]]:
        for number in range(commit * RECORDS_PER_COMMIT, (commit + 1) * RECORDS_PER_COMMIT):
            yield number + 1, record(number, self._at(commit))


def record(number: int, at: datetime) -> Record:
    """Return a numbered webhook as it came at a time: a receipt, or now and then a dead letter."""
    is_bad = number % RECORDS_PER_DEAD_LETTER == 0
    raw = b"hello=%d" % number if is_bad else _receipt(number, at)
    webhook = Webhook(raw=raw, content_type="application/x-www-form-urlencoded")
    return Record(
        event_id=f"01935000-0000-7000-8000-{number:012x}",
        source="webhook",
        ingested_at=at,
        webhook=webhook,
        outcome=decode(webhook),
    )


def _receipt(number: int, at: datetime) -> bytes:
    sent_at = at - timedelta(seconds=5)
    return (
        f"uuid={number:08x}-0000-4000-a000-{number:012x}&status=delivered"
        f"&sent_at={sent_at:%Y-%m-%d %H:%M:%S}&delivered_at={at:%Y-%m-%d %H:%M:%S}"
        "&receiver[number]=%2B40700123456&receiver[mcc]=226&receiver[mnc]=01"
    ).encode()


def measure(work: Path) -> Table:
    """Make the history, once, and measure what it may have made slow."""
    data = work / "history-data"
    layout = Layout(data)
    while _lengthened(layout, 0)["commits"] < COMMITS - MEASURED_COMMITS:
        _lengthened(layout, STRETCH)
    took = _lengthened(layout, MEASURED_COMMITS)
    rows = [_row(name, spread) for name, spread in took.items() if name != "commits"]
    opening = [_opening(layout) for _ in range(OPENINGS)]
    rows.append(_row("opening the table", _spread(sorted(opening))))
    began = perf_counter()
    faults = verify_log(layout, lambda _done, _total: None)
    rows.append(("verifying the log", "1", f"{perf_counter() - began:.1f} s", "", ""))
    return Table(
        title=f"After {COMMITS:,} commits",
        method=(
            f"{COMMITS_FOUNDED:,} merged commits founded at once, the others sealed one by one; "
            f"the last {MEASURED_COMMITS} are measured, with what they merge."
        ),
        columns=("what", "times", "p50", "p99", "most"),
        rows=rows,
        remarks=[f"Faults of the log: {len(faults)}."],
    )


def _row(name: str, spread: dict[str, float]) -> tuple[str, ...]:
    return name, f"{spread['n']:.0f}", *(f"{spread[key]} ms" for key in ("p50", "p99", "max"))


def _opening(layout: Layout) -> float:
    began = perf_counter()
    open_table(layout.events, EVENTS).files()
    return (perf_counter() - began) * 1000


def _lengthened(layout: Layout, commits: int) -> dict[str, Any]:
    """Lengthen the history by so many commits; return how many there are, and what that took."""
    layout.root.mkdir(parents=True, exist_ok=True)
    end = layout.root / "history-ends-at"
    stopwatch = Stopwatch()
    if not end.exists():
        end.write_text(datetime.now(UTC).isoformat())
        history = History(layout, datetime.fromisoformat(end.read_text()), stopwatch)
        found(layout, history.past(COMMITS_FOUNDED))
    made = History(layout, datetime.fromisoformat(end.read_text()), stopwatch).lengthen(commits)
    return {"commits": made, **stopwatch.summary()}


def main() -> None:
    """Lengthen the history in a data directory, and print what that took as a line of JSON."""
    print(json.dumps(_lengthened(Layout(Path(sys.argv[1]).absolute()), int(sys.argv[2]))))


if __name__ == "__main__":
    main()
