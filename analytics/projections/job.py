"""One run over the projections: the tables, what changed in them, and the commit of a result.

    event log ──▶ messages ──▶ delivery_cells
        │            │ ╲
        └──▶ replies ◀  ╲──▶ reply_cells
                   └─────────▶

Each projection is one commit: its new files, how far it has folded every node's events, and the
versions of the tables that it was computed from. A crash between two commits leaves a projection
behind its sources, never unaware of it: the next run compares the versions and catches up.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from analytics.definitions import Definitions
from analytics.projections.engine import Engine, Written
from analytics.projections.keys import FOLDER, LISTED, Keys
from analytics.projections.parts import StoredFile, joined
from eventlog.table import Table

DIFFERENCE_ROWS_MAX = 4_000_000
SYNCS_AT_ONCE = 8


@dataclass(frozen=True)
class Job:
    """What every projection's run needs. `from_zero` ignores what was folded before.

    `reached` is told each step's name when it is done, for progress and for fail points.
    """

    engine: Engine
    events: Table | None
    tables: Mapping[str, Table]
    definitions: Definitions
    from_zero: bool
    reached: Callable[[str], None]

    def files_near(
        self, name: str, hours: Collection[int], hours_before: int, hours_after: int
    ) -> list[Path]:
        """Return the files of a table that may hold rows of the hours around these.

        Hours are counted since 1970.
        """
        table = self.tables[name]
        spans = joined((hour - hours_before, hour + hours_after) for hour in hours)
        return [
            table.folder / file.path
            for file in stored_files(table)
            if any(file.part.is_between(first, last) for first, last in spans)
        ]

    def commit(
        self,
        name: str,
        days: Collection[str],
        written: Collection[Written],
        checkpoints: Mapping[str, int],
        meaning: Mapping[str, str],
    ) -> None:
        """Put `written` in the place of the partitions `days`, with all that it stands for."""
        paths = list(self.tables[name].actions(days)["path"])
        self.exchange(name, paths, written, checkpoints, meaning)

    def exchange(
        self,
        name: str,
        paths: Collection[str],
        written: Collection[Written],
        checkpoints: Mapping[str, int],
        meaning: Mapping[str, str],
    ) -> None:
        """Put `written` in the place of the files `paths`, with all that it stands for."""
        table = self.tables[name]
        moved = [(_moved(table, each), each.partition, each.rows) for each in written]
        with ThreadPoolExecutor(SYNCS_AT_ONCE) as threads:  # the disk puts them together
            files = list(threads.map(lambda each: table.adopt(*each), moved))
        for path in paths:
            os.utime(table.folder / path)
        self.reached(f"{name} written")
        table.exchange(paths, files, checkpoints, meaning)
        self.reached(f"{name} committed")
        table.shorten_log()


def _moved(table: Table, written: Written) -> Path:
    path = table.new_path(written.partition)
    if written.hours is not None:
        path = path.with_name(f"{written.hours}-{path.name}")
    written.path.rename(path)
    return path


def stored_files(table: Table) -> list[StoredFile]:
    """Return the files of a table."""
    return [
        StoredFile(path, day, rows)
        for path, day, rows in table.actions().select("path", "partition", "rows").rows()
    ]


def days_of(table: Table) -> set[str]:
    """Return the days that a table has a partition for."""
    return set(table.actions()["partition"])


def source(table: Table) -> str:
    """Name the checkpoint that holds the version of `table` a projection was computed from."""
    return f"source:{table.id}"


def keys_of(table: Table) -> Keys | None:
    """Return where the keys of a projection are found; None if that is not known."""
    folder = table.folder / FOLDER
    if not table.actions().height:
        return Keys(folder)
    return Keys.listed(folder, table.metadata().get(LISTED))


@dataclass(frozen=True)
class Difference:
    """What came into a table and what went, since the version a projection was computed from."""

    folder: Path
    came: pl.DataFrame
    went: pl.DataFrame

    @property
    def days(self) -> set[str]:
        return set(self.came["partition"]) | set(self.went["partition"])

    @property
    def came_files(self) -> list[Path]:
        return [self.folder / path for path in self.came["path"]]

    @property
    def went_files(self) -> list[Path]:
        return [self.folder / path for path in self.went["path"]]

    @property
    def digest(self) -> str:
        """Name the files: what has the same name is the same difference."""
        files = [sorted(map(str, each)) for each in (self.came_files, self.went_files)]
        return hashlib.sha256(repr(files).encode()).hexdigest()[:16]

    @property
    def rows(self) -> int:
        return sum(self.came["rows"]) + sum(self.went["rows"])

    @property
    def is_readable(self) -> bool:
        """Whether nothing of it was pruned."""
        return all(path.exists() for path in self.went_files)

    @property
    def is_small(self) -> bool:
        """Whether it can be read, and that is less work than to count again."""
        return self.rows <= DIFFERENCE_ROWS_MAX and self.is_readable


def difference(table: Table, projection: Table) -> Difference | None:
    """Compare `table` with what `projection` was computed from; None when that is not known."""
    version = projection.checkpoint(source(table))
    past = table.actions() if version == table.version else _past(table, version)
    if past is None:
        return None
    return compared(table, past)


def compared(table: Table, past: pl.DataFrame) -> Difference:
    """Compare `table` with the files that it had."""
    now = table.actions()
    return Difference(
        table.folder, now.join(past, on="path", how="anti"), past.join(now, on="path", how="anti")
    )


def _past(table: Table, version: int | None) -> pl.DataFrame | None:
    return None if version is None else table.past_actions(version)


def means_the_same(projection: Table, meaning: Mapping[str, str]) -> bool:
    """Say whether a projection was computed with these definitions."""
    return meaning.items() <= projection.metadata().items()
