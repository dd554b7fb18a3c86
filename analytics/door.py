"""The door to the published catalogue: the only way that anything asks it.

    Catalogue.open ─▶ .frame      our own queries, as a polars frame
                      .copy       our own queries, into Parquet files of a folder
                      .ask        anybody's query: one SELECT, read-only, rows as they stream
                      .save       anybody's query, into a Parquet file
                      .about      what the catalogue was published from
                      .described  what can be asked, in words

The catalogue is attached to a database in memory that can read the files which the catalogue
names and nothing else: no other file, no network, no extension, no setting to change that. A
catalogue that is published while one is open does not change it; open again to see the new one.

DuckDB's limits are soft: whoever takes queries from strangers runs `ask` in a process of its own,
with hard limits on memory and time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import duckdb

from analytics import fence
from analytics.described import Described, described
from analytics.disguise import put_on
from analytics.explained import explain
from analytics.failures import CatalogueError as CatalogueError
from analytics.failures import CatalogueMissing as CatalogueMissing
from analytics.failures import QueryFailed as QueryFailed
from analytics.failures import QueryRefused as QueryRefused
from analytics.quoting import identifier, literal
from analytics.sandbox import Kind
from eventlog.layout import Layout

if TYPE_CHECKING:
    import polars as pl

CONFIG: dict[str, Any] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
    "temp_directory": "",
}
ROWS_A_FETCH = 1_000
PARAMETER = re.compile(r"\$([a-z_]\w*)")
SPILL_FOLDER = "spill"
SPILL_GIB_MAX = 64
COPY_MIB_MAX = 256
COPY_THREADS = 1
COPY_ROW_GROUP = 20_480
# How DuckDB 1.5 and 2.0 say that a query is something else, or holds something else in a CTE.
NOT_A_SELECT = (
    "Expected a single SELECT",
    "A CTE needs a SELECT",
    "a data-modifying statement must be at the top level",
    "a COPY statement must be at the top level",
)
INTERNAL = Path(__file__).parent / "internal"
READ_ONLY = "only one SELECT is answered: nothing can be changed, copied, attached or set"


@dataclass(frozen=True)
class CatalogueInfo:
    """What a catalogue was published from and with; `last_event_at` is None for an empty log."""

    as_of: datetime
    published_at: datetime
    time_zone: str
    horizon_hours: int
    reply_window_hours: int
    last_event_at: datetime | None
    events: int
    dead_letters: int
    replies: int

    @property
    def today(self) -> date:
        """The day of `as_of` in the report time zone."""
        return self.as_of.astimezone(ZoneInfo(self.time_zone)).date()


@dataclass(frozen=True)
class Answer:
    """What a query gave: column names, DuckDB type names, and the rows, which stream once."""

    columns: list[str]
    types: list[str]
    rows: Iterator[tuple[Any, ...]]


class Catalogue:
    """A consistent snapshot of the published views. Not for use by several threads at once."""

    def __init__(self, path: Path, connection: duckdb.DuckDBPyConnection) -> None:
        self._path = path
        self._connection = connection

    @classmethod
    def open(
        cls, path: Path, memory_mib: int | None = None, copies: Path | None = None
    ) -> Catalogue:
        """Open the catalogue at `path` read-only. Raises `CatalogueMissing`.

        With `memory_mib` DuckDB takes one thread, and about so much memory for a query. With
        `copies` answers can be written into that folder, and what is large is sorted there.
        """
        return cls(path, _connect(path, writable=copies, memory_mib=memory_mib))

    @classmethod
    def open_twice(cls, path: Path) -> tuple[Catalogue, Catalogue]:
        """Open the catalogue at `path` for two threads, which share what is read of files.

        Raises `CatalogueMissing`.
        """
        connection = _connect(path)
        second = connection.cursor()
        second.execute("use analytics")
        return cls(path, connection), cls(path, second)

    def __enter__(self) -> Catalogue:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the catalogue's files."""
        self._connection.close()

    def frame(self, sql: str, **parameters: Any) -> pl.DataFrame:
        """Return the answer to one of our own queries, with the parameters bound as $name.

        Empty answers keep their types; instants are in UTC. Raises `QueryFailed`.
        """
        import polars as pl  # a third of a second, which a stranger's query has no use for

        with _explained():
            for name, value in parameters.items():
                statement = f"set variable {identifier(name)} = $value"
                self._connection.execute(statement, {"value": value})
            return pl.DataFrame(self._connection.sql(_by_variables(sql, parameters)))

    def copy(self, sql: str, target: Path, **parameters: Any) -> None:
        """Write the answer to one of our own queries into the Parquet file `target`.

        It lies in the folder that the catalogue was opened with as `copies`. Raises `QueryFailed`.
        """
        with _explained():
            statement = (
                f"copy (\n{sql}\n) to $target (format parquet, row_group_size {COPY_ROW_GROUP})"
            )
            self._connection.execute(statement, parameters | {"target": str(target.absolute())})

    def ask(self, sql: str, limit: int | None = None) -> Answer:
        """Answer anybody's query, at most `limit` rows of it.

        The rows are read as they are iterated, which may raise what `ask` may: `QueryRefused` and
        `QueryFailed`.
        """
        statement = "from query($sql)" if limit is None else "from query($sql) limit $limit"
        parameters = {"sql": sql} if limit is None else {"sql": sql, "limit": limit}
        with _explained(self._columns):
            result = self._connection.execute(statement, parameters)
            described = result.description or []
        return Answer(
            columns=[str(column[0]) for column in described],
            types=[str(column[1]) for column in described],
            rows=_rows(result),
        )

    def save(self, sql: str, target: Path) -> None:
        """Write the answer to anybody's query into the Parquet file `target`.

        Raises `QueryRefused` and `QueryFailed`.
        """
        with (
            _explained(self._columns),
            _connect(self._path, writable=target.parent) as connection,
        ):
            statement = "copy (from query($sql)) to $target (format parquet)"
            connection.execute(statement, {"sql": sql, "target": str(target.absolute())})

    def check(self, sql: str) -> frozenset[str]:
        """Refuse a query that names more than the public views: see `analytics.fence`.

        Returns the views and macros that it names. Raises `QueryRefused` and `QueryFailed`.
        """
        with _explained():
            query = "select json_serialize_sql($sql)"
            (parsed,) = self._connection.execute(query, {"sql": sql}).fetchall()[0]
        return fence.check(parsed, self._names())

    def disguise(self, kinds: Mapping[str, Kind], named: Iterable[str]) -> None:
        """Show the columns of `kinds` in disguise in the views and macros that are `named`."""
        with _explained():
            names = self._names()
            put_on(self._connection, kinds, names.views & set(named), names.macros & set(named))

    def _columns(self) -> list[str]:
        rows = self._connection.execute(_internal("public_columns")).fetchall()
        return [str(name) for (name,) in rows]

    def _names(self) -> fence.Names:
        rows = self._connection.execute(_internal("public_names")).fetchall()
        named: dict[str, set[str]] = {"view": set(), "macro": set(), "hidden": set()}
        for name, kind in rows:
            named[kind].add(name.lower())
        return fence.Names(*(frozenset(named[kind]) for kind in ("view", "macro", "hidden")))

    def interrupt(self) -> None:
        """Stop the query that is being answered, from a signal handler or another thread."""
        self._connection.interrupt()

    def about(self) -> CatalogueInfo:
        """Say what the catalogue was published from."""
        row = self.frame("from internal.catalogue").row(0, named=True)
        return CatalogueInfo(**{name: row[name] for name in CatalogueInfo.__dataclass_fields__})

    def described(self) -> Described:
        """Say what can be asked: views, columns and macros, with what they mean."""
        columns = self.frame(_internal("described_columns"))
        macros = self.frame(_internal("described_macros"))
        return described(columns.rows(named=True), macros.rows(named=True))


def _internal(name: str) -> str:
    return (INTERNAL / f"{name}.sql").read_text("utf-8")


def _by_variables(sql: str, parameters: Mapping[str, Any]) -> str:
    """Let a query take its values from variables; one that is null has no type, as there."""
    # With parameters DuckDB hands its answer over value by value: twenty times as slow.
    named = {
        name: "null" if value is None else f"getvariable({literal(name)})"
        for name, value in parameters.items()
    }
    return PARAMETER.sub(lambda found: named.get(found[1], found[0]), sql)


def _rows(result: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while True:
        with _explained():
            rows = result.fetchmany(ROWS_A_FETCH)
        if not rows:
            return
        yield from rows


def _connect(
    path: Path, writable: Path | None = None, memory_mib: int | None = None
) -> duckdb.DuckDBPyConnection:
    if not path.exists():
        raise CatalogueMissing(
            f"there is no catalogue at {path} yet; `sms-analytics refresh` publishes one"
        )
    connection = duckdb.connect(config=CONFIG)
    try:
        connection.execute(f"attach {literal(str(path.absolute()))} as analytics (read_only)")
        connection.execute("use analytics")
        _check_place(connection, path)
        connection.execute("set global timezone = 'UTC'")
        connection.execute("set enable_progress_bar = false")  # it would stand among the rows
        connection.execute("set parquet_metadata_cache = true")  # the files never change
        if memory_mib is not None:
            connection.execute(f"set memory_limit = '{memory_mib}MiB'")
            connection.execute("set threads = 1")
        if writable is not None:
            _sort_on_disk(connection, writable.absolute() / SPILL_FOLDER)
        folders = [*_folders(path), *([writable.absolute()] if writable else [])]
        _confine(connection, folders, _files(path))
    except duckdb.Error as error:
        connection.close()
        raise CatalogueMissing(f"cannot read the catalogue at {path}: {_line(error)}") from error
    return connection


def _check_place(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """See that the files which the catalogue names are those beside it."""
    try:
        (named,) = connection.execute("select internal.data_folder()").fetchall()[0]
    except duckdb.CatalogException:
        return  # it was published by an earlier version, which did not say
    if Path(named).resolve() != path.parent.resolve():
        connection.close()
        raise CatalogueMissing(
            f"the catalogue at {path} is of the data folder {named}: if that was moved or copied,"
            f" `sms-analytics refresh --data {path.parent}` publishes it anew"
        )


def _sort_on_disk(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Let a copy take little memory, however much it copies."""
    connection.execute(f"set temp_directory = {literal(str(folder))}")
    connection.execute(f"set max_temp_directory_size = '{SPILL_GIB_MAX}GiB'")
    connection.execute(f"set memory_limit = '{COPY_MIB_MAX}MiB'")
    connection.execute(f"set threads = {COPY_THREADS}")


def _folders(path: Path) -> list[Path]:
    """Return the folders that the catalogue's views read, also by their real names."""
    layout = Layout(path.parent.absolute())
    folders = [layout.events, layout.dead_letters, layout.projections]
    return [*folders, *(folder.resolve() for folder in folders)]


def _files(path: Path) -> list[Path]:
    """Return the single files that the catalogue's views read, also by their real names."""
    layout = Layout(path.parent.absolute())
    return [each for file in (layout.job_runs, layout.alerts) for each in (file, file.resolve())]


def _confine(connection: duckdb.DuckDBPyConnection, folders: list[Path], files: list[Path]) -> None:
    """Allow the folders and files and nothing else, for good. The order matters to DuckDB."""
    connection.execute(f"set allowed_directories = [{_listed(folders)}]")
    connection.execute(f"set allowed_paths = [{_listed(files)}]")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")


def _listed(paths: list[Path]) -> str:
    return ", ".join(literal(str(path)) for path in paths)


def _no_columns() -> list[str]:
    return []


@contextmanager
def _explained(columns: Callable[[], Iterable[str]] = _no_columns) -> Iterator[None]:
    """Turn what DuckDB raises into one line of ours; `columns` gives the names that there are."""
    try:
        yield
    except (duckdb.ParserException, duckdb.BinderException) as error:
        refused = any(words in str(error) for words in NOT_A_SELECT)
        kind = QueryRefused if refused else QueryFailed
        raise kind(READ_ONLY if refused else explain(str(error), columns)) from error
    except duckdb.PermissionException as error:
        raise QueryRefused("only the views of the catalogue can be read") from error
    except duckdb.Error as error:
        raise QueryFailed(explain(str(error), columns)) from error


def _line(error: duckdb.Error) -> str:
    """Return the first line of what DuckDB says, without the caret under our own statement."""
    return str(error).partition("\n")[0]
