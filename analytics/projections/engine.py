"""The DuckDB connection that folds: it reads Parquet files and writes Parquet files.

Data never passes through Python. What a query needs is set up under a name that its header speaks
of; whatever does not fit in memory spills into the scratch folder.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

HERE = Path(__file__).parent
MACROS = ("shared/position.sql", "shared/campaign.sql", "shared/sent_hour.sql")
MEMORY_SHARE_OF_RAM = 0.6
MEMORY_BYTES_MAX = 16 << 30


class ProjectionError(Exception):
    """A projection could not be computed; the one before it stands."""


@dataclass(frozen=True)
class Resources:
    """What a job may use at most; None leaves memory to the machine's size, threads to DuckDB."""

    memory_bytes_max: int | None = None
    threads: int | None = None

    def settings(self) -> dict[str, Any]:
        """Return them as DuckDB settings."""
        memory = self.memory_bytes_max or min(_memory_share_bytes(), MEMORY_BYTES_MAX)
        threads = {} if self.threads is None else {"threads": self.threads}
        return {"memory_limit": f"{memory}B", **threads}


@dataclass(frozen=True)
class Written:
    """One file that a query wrote: where, for which partition, and how many rows."""

    path: Path
    partition: str
    rows: int


class Engine:
    """One DuckDB connection, and the scratch folder that it may fill."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, scratch: Path) -> None:
        self._connection = connection
        self._scratch = scratch

    @classmethod
    @contextmanager
    def open(cls, scratch: Path, resources: Resources) -> Iterator[Engine]:
        """Open an engine; `scratch` is emptied before and removed after.

        Raises `ProjectionError` for whatever DuckDB cannot do.
        """
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        config = {
            "temp_directory": str(scratch / "spilled"),
            "preserve_insertion_order": False,
            **resources.settings(),
        }
        try:
            with duckdb.connect(config=config) as connection:
                connection.execute("set TimeZone = 'UTC'")
                engine = cls(connection, scratch)
                for macro in MACROS:
                    engine.run(macro)
                yield engine
        except duckdb.Error as error:
            raise ProjectionError(f"cannot compute the projections: {error}") from error
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def show(self, name: str, files: Sequence[Path], schema: pl.Schema) -> None:
        """Make the rows of Parquet files visible as `name`; no files give a typed empty view."""
        paths = [str(path) for path in files] or [str(self._empty(name, schema))]
        rows = self._connection.read_parquet(paths, hive_partitioning=bool(files))
        rows.create_view(name, replace=True)

    def _empty(self, name: str, schema: pl.Schema) -> Path:
        path = self._scratch / f"no-{name}.parquet"
        pl.DataFrame(schema=schema).write_parquet(path)
        return path

    def alias(self, name: str, other: str) -> None:
        """Make `name` another name of the view or table `other`."""
        self._connection.view(other).create_view(name, replace=True)

    def keep(self, name: str, other: str) -> None:
        """Compute the view `other` once, and keep its rows as `name`."""
        self._connection.view(other).create(name)

    def run(self, query: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """Run one `.sql` file, named from this folder; return its rows."""
        sql = (HERE / query).read_text("utf-8")
        return self._connection.execute(sql, parameters).fetchall()

    def write(self, query: str, **parameters: Any) -> list[Written]:
        """Run a `.sql` file that copies partitions to $folder; return the files it wrote."""
        folder = self._scratch / Path(query).parent
        rows = self.run(query, folder=str(folder), **parameters)
        return [Written(Path(path), _partition(Path(path)), count) for path, count, *_ in rows]


def _partition(path: Path) -> str:
    """Return the value that a file's folder is named for: DuckDB 2 tells dates as numbers."""
    return path.parent.name.partition("=")[2]


def _memory_share_bytes() -> int:
    ram = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return int(ram * MEMORY_SHARE_OF_RAM)
