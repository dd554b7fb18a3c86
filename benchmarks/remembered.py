"""Results of single runs, remembered in a file, so that a long measurement can be done in pieces.

One line of JSON a run: what was run, on how many million events, in which round, and what came of
it. Whoever measures other code begins a new file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.folds.running import Ran


@dataclass(frozen=True)
class Key:
    """One run of one program."""

    module: str
    millions: int
    round: int


class Remembered:
    """The runs done so far, and leave to do some more: so many, of these programs only."""

    def __init__(
        self, path: Path, runs_max: int | None = None, only: Collection[str] | None = None
    ) -> None:
        self.path = path
        self.only = only
        self.runs_left = runs_max
        self._runs = dict(_read(path)) if path.exists() else {}

    def run(self, key: Key, work: Callable[[], Ran]) -> None:
        """Do a run that was not done yet, if more may be done."""
        if key in self._runs or self.runs_left == 0:
            return
        if self.only is not None and key.module not in self.only:
            return
        print(f"measuring: {key.module}, {key.millions} million, round {key.round} …", flush=True)
        self._runs[key] = work()
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({**asdict(key), "ran": asdict(self._runs[key])}) + "\n")
        if self.runs_left is not None:
            self.runs_left -= 1

    def of(self, module: str, millions: int) -> list[Ran]:
        """Return the runs of a program on a log of that size, in the order of their rounds."""
        found = [key for key in self._runs if (key.module, key.millions) == (module, millions)]
        return [self._runs[key] for key in sorted(found, key=lambda key: key.round)]


def _read(path: Path) -> Iterator[tuple[Key, Ran]]:
    for line in path.read_text("utf-8").splitlines():
        said = json.loads(line)
        ran = said.pop("ran")
        yield Key(**said), Ran(**ran)
