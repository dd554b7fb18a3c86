"""A log with a long history: does a commit stay short, a table quick to open, a start quick?

The history is made by the sealer and the compactor themselves, every sync included, as a server
makes it: a seal every five seconds, merging every minute, old files deleted every hour. Only the
clock is run ahead, so that six days take an hour. It is made in stretches, and goes on from where
it was: `python -m benchmarks.history DATA COMMITS`.
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

from eventlog.event import Record, Webhook, encode_record
from eventlog.layout import Layout
from ingest.compactor import Compactor, delete_replaced
from ingest.decoder import decode
from ingest.journal import Journal
from ingest.sealer import Sealer

COMMITS = 100_000
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
                self._now = self._ends_at - SEAL_INTERVAL * (COMMITS - commit)
                journal.append_many(list(self._records(commit)))
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

    def _records(self, commit: int) -> Iterator[bytes]:
        for number in range(commit * RECORDS_PER_COMMIT, (commit + 1) * RECORDS_PER_COMMIT):
            yield encode_record(_record(number, self._now))


def _record(number: int, at: datetime) -> Record:
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


def main() -> None:
    """Lengthen the history in a data directory, and print what that took as a line of JSON."""
    layout, commits = Layout(Path(sys.argv[1]).absolute()), int(sys.argv[2])
    layout.root.mkdir(parents=True, exist_ok=True)
    end = layout.root / "history-ends-at"
    if not end.exists():
        end.write_text(datetime.now(UTC).isoformat())
    stopwatch = Stopwatch()
    made = History(layout, datetime.fromisoformat(end.read_text()), stopwatch).lengthen(commits)
    print(json.dumps({"commits": made, **stopwatch.summary()}), flush=True)


if __name__ == "__main__":
    main()
