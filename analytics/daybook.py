"""What is counted of each day of the report time zone, kept as long as its files are the same.

    files of a day ──▶ as the last catalogue knew them? ──yes──▶ its rows, its file of people
                                                        └─no───▶ counted again, that day alone

Replies, and who was reached, cannot be had from the cells of messages, and reading them all takes
seconds where there are millions a day. So they are counted by day when the catalogue is published:
the small counts are tables of the catalogue, carried from one to the next; people, who cannot be
added up, are sets of numbers as bits, one file a day, which any period unites.
All of it can be made again from the projections, and is when the last catalogue cannot be read.
"""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from analytics.definitions import Definitions
from analytics.quoting import identifier, literal
from eventlog.durable import make_folder, replace_file
from eventlog.layout import Layout
from eventlog.lock import held

HERE = Path(__file__).parent
SQL = HERE / "daybook"
# Each table with its column of the day in whose book a row is.
TABLES = {
    "reply_counts": "date",
    "reply_times": "date",
    "answer_counts": "received_date",
    "doubtful_answers": "received_date",
}
BEFORE = "before"
ASIDE = ".aside.parquet"

Files = Mapping[str, Sequence[str]]  # the files of a table, by its name


@dataclass(frozen=True)
class Day:
    """A day, from and to in microseconds since 1970, and the files that hold its rows."""

    date: date
    begins_us: int
    ends_us: int
    messages: list[str]
    replies: list[str]

    def made_from(self, meaning: str) -> str:
        """Name what its counts are made from: what has the same name counts the same."""
        names = sorted(Path(file).name for file in (*self.messages, *self.replies))
        return hashlib.sha256("\n".join([meaning, str(self.date), *names]).encode()).hexdigest()[
            :32
        ]


def partitions(files: Files) -> list[date]:
    """Return the partitions (UTC days) in which there are messages or replies."""
    return sorted({_partition(file) for name in ("messages", "replies") for file in files[name]})


def attach_last(connection: duckdb.DuckDBPyConnection, layout: Layout) -> bool:
    """Have the last catalogue at hand, as long as the connection lives; False if that cannot be."""
    if not layout.catalogue.exists():
        return False
    try:
        path = literal(str(layout.catalogue.absolute()))
        connection.execute(f"attach {path} as {BEFORE} (read_only)")
    except duckdb.Error:  # damaged, or of another program: all is counted again
        return False
    return True


def write(
    connection: duckdb.DuckDBPyConnection,
    layout: Layout,
    files: Files,
    definitions: Definitions,
    *,
    there_is_a_last: bool,
) -> None:
    """Make the tables of the book, and `people`, in the schema internal.

    Needs `internal.days` and what `is_opt_out` needs.
    """
    meaning = _meaning(definitions)
    days = {day.made_from(meaning): day for day in _days(connection, files)}
    for name in ("daybook", *TABLES):
        _run(connection, f"tables/{name}")
    before = _read_before(connection) if there_is_a_last else {}
    kept = {name for name in days.keys() & before.keys() if _people(layout, days[name].date, name)}
    _carry(connection, [days[name].date for name in kept])
    for name, day in days.items():
        if name not in kept:
            _count(connection, layout, day, name)
        connection.execute("insert into internal.daybook values (?, ?)", [day.date, name])
    _show(connection, [_people_path(layout, day.date, name) for name, day in days.items()])
    for name, gone in before.items():
        if name not in days and (path := _people(layout, gone, name)):
            os.utime(path)  # a catalogue named it up to now


def prune(layout: Layout, before: datetime) -> int:
    """Delete the files of people that no catalogue has named since; return how many."""
    with held(layout.job_lock), duckdb.connect() as connection:
        named = _read_before(connection) if attach_last(connection, layout) else {}
        kept = {_people_path(layout, day, name) for name, day in named.items()}
        old = [
            path
            for path in _people_folder(layout).glob("date=*/*.parquet")
            if path not in kept and path.stat().st_mtime < before.timestamp()
        ]
        for path in old:
            path.unlink()
        return len(old)


def _read_before(connection: duckdb.DuckDBPyConnection) -> dict[str, date]:
    """Return what the days of the last catalogue were made from."""
    try:
        rows = _run(connection, "before")
    except duckdb.CatalogException:  # of a version that kept no book
        return {}
    return dict(rows.fetchall())


def _meaning(definitions: Definitions) -> str:
    """Say all that the counts depend on but the files: the statements and the definitions."""
    statements = [*sorted(SQL.rglob("*.sql")), *_macros("normal_text", "is_opt_out", "number_id")]
    words = [definitions.time_zone, *definitions.opt_out_words]
    return "\n".join([*(path.read_text("utf-8") for path in statements), *words])


def _macros(*names: str) -> Iterator[Path]:
    return (HERE / "macros" / f"{name}.sql" for name in names)


def _days(connection: duckdb.DuckDBPyConnection, files: Files) -> Iterator[Day]:
    """Yield the days of the report time zone, which may lie in two days of UTC."""
    by_partition = {name: _by_partition(files[name]) for name in ("messages", "replies")}
    for day, begins_us, ends_us, utc_dates in _run(connection, "days").fetchall():
        yield Day(
            date=day,
            begins_us=begins_us,
            ends_us=ends_us,
            messages=_of(by_partition["messages"], utc_dates),
            replies=_of(by_partition["replies"], utc_dates),
        )


def _by_partition(files: Iterable[str]) -> Mapping[date, list[str]]:
    found: dict[date, list[str]] = defaultdict(list)
    for file in files:
        found[_partition(file)].append(file)
    return found


def _partition(file: str) -> date:
    return date.fromisoformat(Path(file).parent.name.partition("=")[2])


def _of(by_partition: Mapping[date, list[str]], utc_dates: Iterable[date]) -> list[str]:
    return [file for utc_date in utc_dates for file in by_partition.get(utc_date, [])]


def _carry(connection: duckdb.DuckDBPyConnection, dates: Collection[date]) -> None:
    """Take over the rows of these days from the last catalogue."""
    if not dates:
        return
    for table, column in TABLES.items():
        name = f"internal.{identifier(table)}"
        connection.execute(
            f"insert into {name} from {BEFORE}.{name}"
            f" where {identifier(column)} in (select unnest($dates::date[]))",
            {"dates": list(dates)},
        )


def _count(connection: duckdb.DuckDBPyConnection, layout: Layout, day: Day, name: str) -> None:
    """Count one day from its files."""
    _show_day(connection, "messages", day.messages)
    _show_day(connection, "replies", day.replies)
    span = {"begins_us": day.begins_us, "ends_us": day.ends_us}
    for table in TABLES:
        _run(connection, table, span | {"date": day.date})
    target = _people_path(layout, day.date, name)
    make_folder(target.parent)
    aside = target.with_name(ASIDE)
    _run(connection, "people", span | {"target": str(aside)})
    replace_file(aside, target)
    connection.execute("drop view day_messages")
    connection.execute("drop view day_replies")


def _show_day(connection: duckdb.DuckDBPyConnection, name: str, files: list[str]) -> None:
    """Show the files of one day of a table as `day_NAME`."""
    if files:
        connection.read_parquet(files, hive_partitioning=True).create_view(f"day_{name}")
    else:
        connection.execute(
            f"create view day_{name} as from internal.{identifier(name)} where false"
        )


def _show(connection: duckdb.DuckDBPyConnection, paths: list[Path]) -> None:
    if not paths:
        _run(connection, "tables/people")
        return
    connection.execute("use internal")
    files = [str(path.absolute()) for path in paths]
    connection.read_parquet(files, hive_partitioning=True).create_view("people")
    connection.execute("use main")


def _people(layout: Layout, day: date, name: str) -> Path | None:
    path = _people_path(layout, day, name)
    return path if path.exists() else None


def _people_path(layout: Layout, day: date, name: str) -> Path:
    return _people_folder(layout) / f"date={day.isoformat()}" / f"{name}.parquet"


def _people_folder(layout: Layout) -> Path:
    return layout.projection("people")


def _run(
    connection: duckdb.DuckDBPyConnection, name: str, parameters: Mapping[str, object] | None = None
) -> duckdb.DuckDBPyConnection:
    return connection.execute((SQL / f"{name}.sql").read_text("utf-8"), dict(parameters or {}))
