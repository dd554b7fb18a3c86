"""The DuckDB connection that folds: it reads Parquet files and writes Parquet files.

Data never passes through Python. What a query needs is set up under a name that its header speaks
of; whatever does not fit in memory spills into the scratch folder.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from duckdb import ColumnExpression, ConstantExpression
from polars.exceptions import PolarsError

from analytics.priority import give_way_to_all
from analytics.quoting import identifier, literal

HERE = Path(__file__).parent
MACROS = (
    "shared/position.sql",
    "shared/place.sql",
    "shared/instant.sql",
    "shared/placed.sql",
    "shared/utc_day.sql",
    "shared/utc_hour.sql",
    "shared/hour_number.sql",
    "shared/key.sql",
    "shared/campaign.sql",
    "shared/sent_hour.sql",
    "messages/content.sql",
    "messages/expected.sql",
    "replies/reply_id.sql",
    "moments/moments_of.sql",
)
LASTING = "lasting_"
MEMORY_SHARE_OF_RAM = 0.6
MEMORY_BYTES_MAX = 16 << 30


class ProjectionError(Exception):
    """A projection could not be computed; the one before it stands."""


@dataclass(frozen=True)
class Resources:
    """What a job may use at most; None leaves memory to the machine's size, threads to DuckDB.

    A rebuild takes as many events in a pass as fit into memory, or `events_per_pass` if that is
    given. A day is divided among files of about `rows_per_file` rows. Of a day of conversations,
    newer rows lie beside it until they are more than `newer_share` of it. With
    `give_way`, DuckDB's threads compute only when nobody else wants to.
    """

    memory_bytes_max: int | None = None
    threads: int | None = None
    events_per_pass: int | None = None
    rows_per_file: int = 100_000
    newer_share: float = 0.125
    give_way: bool = False

    @property
    def memory_bytes(self) -> int:
        """How much memory a job may use."""
        return self.memory_bytes_max or min(_memory_share_bytes(), MEMORY_BYTES_MAX)

    def settings(self) -> dict[str, Any]:
        """Return them as DuckDB settings."""
        threads = {} if self.threads is None else {"threads": self.threads}
        return {"memory_limit": f"{self.memory_bytes}B", **threads}


@dataclass(frozen=True)
class Written:
    """One file that a query wrote: where, for which partition and hours of it, how many rows."""

    path: Path
    partition: str
    rows: int
    hours: str | None = None


class Engine:
    """One DuckDB connection, and the scratch folder that it may fill."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, scratch: Path, resources: Resources
    ) -> None:
        self.resources = resources
        self._connection = connection
        self._scratch = scratch
        self._writes = 0
        self._empties: dict[tuple[tuple[str, pl.DataType], ...], Path] = {}

    @classmethod
    @contextmanager
    def open(cls, scratch: Path, resources: Resources) -> Iterator[Engine]:
        """Open an engine; `scratch` is emptied before and removed after.

        Raises `ProjectionError` for whatever DuckDB or polars cannot do.
        """
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        config = {
            "temp_directory": str(scratch / "spilled"),
            "preserve_insertion_order": False,
            **resources.settings(),
        }
        try:
            with _connected(config, give_way=resources.give_way) as connection:
                connection.execute("set TimeZone = 'UTC'")
                connection.execute("set enable_progress_bar = false")
                engine = cls(connection, scratch, resources)
                for macro in MACROS:
                    engine.run(macro)
                yield engine
        except (duckdb.Error, PolarsError) as error:
            raise ProjectionError(f"cannot compute the projections: {error}") from error
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def show(
        self, name: str, files: Sequence[Path], schema: pl.Schema, *, filename: bool = False
    ) -> None:
        """Make the rows of Parquet files visible as `name`; no files give a typed empty view.

        With `filename`, a column of that name says which file a row is from.
        """
        paths = [str(path) for path in files] or [str(self._empty(schema))]
        columns = ", ".join(map(identifier, [*schema, "filename"] if filename else schema))
        listed = ", ".join(map(literal, paths))
        self._connection.execute(
            f"create or replace view {identifier(name)} as from read_parquet([{listed}],"
            f" hive_partitioning = {bool(files)}, filename = {filename}) select {columns}"
        )

    def _empty(self, schema: pl.Schema) -> Path:
        """Return a file without rows, one for each list of columns."""
        key = tuple(schema.items())
        if key not in self._empties:
            self._empties[key] = self._scratch / f"empty-{len(self._empties)}.parquet"
            pl.DataFrame(schema=schema).write_parquet(self._empties[key])
        return self._empties[key]

    def alias(self, name: str, other: str) -> None:
        """Make `name` another name of the view or table `other`."""
        self._connection.view(other).create_view(name, replace=True)

    def show_between(
        self, name: str, other: str, column: str, begins: datetime | None, ends: datetime | None
    ) -> None:
        """Make the rows of `other` with a time from `begins` up to `ends` visible as `name`.

        None is no bound. The bounds are constants, so that row groups beyond them are not read.
        """
        rows = self._connection.view(other)
        if begins is not None:
            rows = rows.filter(ColumnExpression(column) >= ConstantExpression(begins))
        if ends is not None:
            rows = rows.filter(ColumnExpression(column) < ConstantExpression(ends))
        rows.create_view(name, replace=True)

    def frame(self, name: str, *columns: str) -> pl.DataFrame:
        """Return some columns of a view or table, by way of a file: it must not have many rows."""
        path = self._scratch / f"frame-{name}.parquet"
        rows = self._connection.view(name).select(*map(ColumnExpression, columns))
        rows.write_parquet(str(path))
        return pl.read_parquet(path)

    def keep(self, name: str, other: str) -> None:
        """Compute the view `other` once, and keep its rows as the table `name`."""
        self._connection.execute(
            f"create or replace table {identifier(name)} as from {identifier(other)}"
        )

    def drop(self, *names: str) -> None:
        """Forget tables or views of these names, if there are any."""
        kinds = {name: kind for kind, name in self.run("shared/named.sql")}
        self._drop({name: kinds[name] for name in names if name in kinds})

    def _drop(self, kinds: Mapping[str, str]) -> None:
        statements = [f"drop {kind} {identifier(name)}" for name, kind in kinds.items()]
        if statements:
            self._connection.execute("; ".join(["begin", *statements, "commit"]))

    def has(self, name: str) -> bool:
        """Say whether there is a table of that name."""
        return (name,) in self.run("shared/tables.sql")

    def forget(self) -> None:
        """Forget tables and views: the next projection may use their names, and the memory.

        Those whose names begin with `LASTING` stay, for whoever comes next.
        """
        kinds = {name: kind for kind, name in self.run("shared/named.sql")}
        self._drop({name: kinds[name] for name in kinds if not name.startswith(LASTING)})

    def run(self, query: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """Run one `.sql` file, named from this folder; return its rows."""
        sql = (HERE / query).read_text("utf-8")
        return self._connection.execute(sql, parameters).fetchall()

    def write(self, query: str, **parameters: Any) -> list[Written]:
        """Run a `.sql` file that copies partitions to $folder; return the files it wrote."""
        self._writes += 1
        folder = self._scratch / f"{Path(query).parent}-{self._writes}"
        rows = self.run(query, folder=str(folder), **parameters)
        return [_written(folder, Path(path), count) for path, count, *_ in rows]


def _connected(config: dict[str, Any], *, give_way: bool) -> duckdb.DuckDBPyConnection:
    """Connect in a thread of its own: DuckDB's inherit what it has asked of the system."""
    with ThreadPoolExecutor(1, initializer=give_way_to_all if give_way else None) as thread:
        return thread.submit(duckdb.connect, config=config).result()


def _written(folder: Path, path: Path, rows: int) -> Written:
    """Take the partition from the names of its folders: DuckDB 2 tells dates as numbers."""
    partition, *hours = [part.partition("=")[2] for part in path.relative_to(folder).parts[:-1]]
    return Written(path, partition, rows, hours[0] if hours else None)


def _memory_share_bytes() -> int:
    ram = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return int(ram * MEMORY_SHARE_OF_RAM)
