"""Our rebuild: every projection, from zero. `messages` is the first; its time is told apart."""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter

from analytics.definitions import Definitions
from analytics.projector import rebuild
from benchmarks.folds.outcome import resources, tell
from eventlog.layout import Layout


def main() -> None:
    """Rebuild the projections of the data directory in the first argument."""
    layout = Layout(Path(sys.argv[1]).absolute())
    seconds: dict[str, float] = {}
    started = perf_counter()

    def reached(step: str) -> None:
        seconds[step] = perf_counter() - started

    rebuild(layout, Definitions(), resources(), reached)
    everything = perf_counter() - started
    messages = sorted(layout.projection("messages").glob("*/*.parquet"))
    tell(seconds["messages committed"], messages, everything, seconds)


if __name__ == "__main__":
    main()
