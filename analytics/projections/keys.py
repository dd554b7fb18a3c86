"""Where rows lie: for every key of a projection, the hour of the rows that have it.

A set of *runs*: files of keys in order, and after them their hours, counted since 1970. A file is
mapped and searched by halving, so that to look for a key costs a few pages, whether a run has a
thousand keys or sixteen million. What is added comes as a run of its own; eight runs of about one
size are merged into one, so that there are few.

The commit of a projection names its runs. They are written before it and only ever say too much:
an hour in which a key no longer is. Whoever looks reads the files of that hour and finds nothing.
"""

from __future__ import annotations

import mmap
import uuid
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import arro3.core
import polars as pl

from eventlog.durable import make_folder, sync_file, sync_folders

SCHEMA = pl.Schema({"key": pl.Int64(), "hour": pl.Int64()})
BYTES_PER_ROW = 16
RUNS_OF_A_SIZE = 8
RUN_ROWS_MAX = 1 << 24
SEARCHES_AT_ONCE = 2
FOLDER = "_keys"
LISTED = "keys"


@dataclass(frozen=True)
class Keys:
    """The runs of a projection, in `folder`. None changes once it is written."""

    folder: Path
    names: tuple[str, ...] = ()

    @classmethod
    def listed(cls, folder: Path, names: str | None) -> Keys | None:
        """Return the runs that a commit names, as `listing` gave them; None if any is missing."""
        if names is None:
            return None
        found = cls(folder, tuple(names.split()))
        return found if all((folder / name).exists() for name in found.names) else None

    @property
    def listing(self) -> dict[str, str]:
        """What a commit says of them."""
        return {LISTED: " ".join(self.names)}

    def find(self, wanted: pl.Series) -> pl.DataFrame:
        """Return key and hour of each row that has, or had, one of the keys that are wanted."""
        wanted = wanted.drop_nulls().unique().sort()  # in order, so that neighbours share pages
        with ThreadPoolExecutor(SEARCHES_AT_ONCE) as threads:  # mostly for pages to be mapped
            found = list(threads.map(lambda name: _find(self.folder / name, wanted), self.names))
        return pl.concat([pl.DataFrame(schema=SCHEMA), *found])

    def adding(self, entries: pl.DataFrame) -> Keys:
        """Write a run of these keys and hours, merge what there are too many of; return all."""
        if entries.is_empty():
            return self
        make_folder(self.folder)
        return Keys(self.folder, (*self.names, _write(self.folder, entries)))._merged()

    def _merged(self) -> Keys:
        alike: dict[int, list[str]] = defaultdict(list)
        for name in self.names:
            alike[_size_class(self.folder / name)].append(name)
        for each in alike.values():
            names = sorted(each, key=lambda name: _rows(self.folder / name))[:RUNS_OF_A_SIZE]
            rows = sum(_rows(self.folder / name) for name in names)
            if len(names) == RUNS_OF_A_SIZE and rows <= RUN_ROWS_MAX:
                both = pl.concat(_read(self.folder / name) for name in names)
                others = tuple(name for name in self.names if name not in names)
                return Keys(self.folder, (*others, _write(self.folder, both)))._merged()
        return self

    def forget_others(self) -> None:
        """Delete the runs that are not among these: merged, or of a commit that never came."""
        for path in self.folder.glob("*.keys"):
            if path.name not in self.names:
                path.unlink()


def _rows(path: Path) -> int:
    return path.stat().st_size // BYTES_PER_ROW


def _size_class(path: Path) -> int:
    """Return a number that is the same for runs of about one size, within a factor of eight."""
    return _rows(path).bit_length() // 3


def _write(folder: Path, entries: pl.DataFrame) -> str:
    ordered = entries.select(SCHEMA.names()).cast(SCHEMA).sort("key")
    path = folder / f"{uuid.uuid4().hex}.keys"
    with path.open("wb") as file:
        for column in ordered.iter_columns():
            array: Any = arro3.core.Array.from_arrow(column.rechunk())  # its types lack `buffer`
            file.write(memoryview(array.buffer()))
    sync_file(path)
    sync_folders([folder])
    return path.name


def _read(path: Path) -> pl.DataFrame:
    """Map a run: only the pages that are looked at are read."""
    with path.open("rb") as file:
        content = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    middle = _rows(path) * 8
    columns = {"key": content[:middle].cast("q"), "hour": content[middle:].cast("q")}
    arrays = {name: arro3.core.Array.from_buffer(view) for name, view in columns.items()}
    return pl.DataFrame([pl.Series(values).alias(name) for name, values in arrays.items()])


def _find(path: Path, wanted: pl.Series) -> pl.DataFrame:
    run = _read(path)
    places = pl.DataFrame(
        {
            "first": run["key"].search_sorted(wanted, side="left"),
            "past": run["key"].search_sorted(wanted, side="right"),
        }
    ).filter(pl.col("first") < pl.col("past"))
    rows = places.select(pl.int_ranges("first", "past").alias("row")).explode("row")["row"]
    return run.select(pl.all().gather(rows))
