"""Run the measurements, print them, and when all ran write RESULTS.md."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import (
    beside,
    catchup,
    console,
    endpoint,
    fold,
    freshness,
    history,
    importing,
    machine,
    memory,
    overload,
    workers,
)
from benchmarks.process import ToolMissingError
from benchmarks.report import Table, markdown

HERE = Path(__file__).parent
MEASUREMENTS: dict[str, Callable[[Path], Table]] = {
    "endpoint": endpoint.measure,
    "import": importing.measure,
    "fold": fold.measure,
}
LONG_MEASUREMENTS: dict[str, Callable[[Path], Table]] = {
    "overload": overload.measure,
    "beside": beside.measure,
    "catchup": catchup.measure,
    "console": console.measure,
    "freshness": freshness.measure,
    "history": history.measure,
    "memory": memory.measure,
    "workers": workers.measure,
}
"""Those that run only when they are asked for."""


def main() -> int:
    """Run what is asked for; 1 when a program that is needed was missing."""
    known = {**MEASUREMENTS, **LONG_MEASUREMENTS}
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("measurements", nargs="*", help=f"of {', '.join(known)}")
    asked = parser.parse_args().measurements or list(MEASUREMENTS)
    if unknown := set(asked) - set(known):
        parser.error(f"no measurement is called {', '.join(sorted(unknown))}")
    work = HERE / ".work"
    work.mkdir(exist_ok=True)
    texts = [markdown(machine.describe(work))]
    missing = []
    print(texts[0], flush=True)
    for name in asked:
        print(f"measuring: {name} …", file=sys.stderr, flush=True)
        try:
            texts.append(markdown(known[name](work)))
        except ToolMissingError as error:
            missing.append(str(error))
            texts.append(f"## {name}\n\nNot measured: {error}\n")
        print(texts[-1], flush=True)
    if asked == list(MEASUREMENTS):
        (HERE / "RESULTS.md").write_text(_preface(datetime.now(UTC)) + "\n" + "\n".join(texts))
    return 1 if missing else 0


def _preface(now: datetime) -> str:
    return (
        "# Results\n\n"
        f"Measured on {now:%Y-%m-%d} with `make bench`, which wrote this page. "
        "Read the ratios: the absolute figures are this machine's.\n"
    )


if __name__ == "__main__":
    sys.exit(main())
