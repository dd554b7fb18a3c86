"""Our run over what came since the last: prints the seconds until each step was done."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import perf_counter

import duckdb

from analytics.definitions import Definitions
from analytics.projector import project
from benchmarks.folds.outcome import resources
from eventlog.layout import Layout


def main() -> None:
    """Bring the projections of the data directory in the first argument up to date."""
    layout = Layout(Path(sys.argv[1]).absolute())
    seconds: dict[str, float] = {}
    duckdb.execute("select ?", [1])  # imports what parameters need, as the jobs did long ago
    started = perf_counter()

    def reached(step: str) -> None:
        seconds[step] = perf_counter() - started

    events = project(layout, Definitions(), resources(), reached)
    print(json.dumps({"seconds": perf_counter() - started, "events": events, "steps": seconds}))


if __name__ == "__main__":
    main()
