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

import os
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

import duckdb

from analytics.days import Day, Files, attach_last, carry, days, read_book
from analytics.definitions import Definitions
from analytics.quoting import identifier
from eventlog.durable import make_folder, replace_file
from eventlog.layout import Layout
from eventlog.lock import held

HERE = Path(__file__).parent
SQL = HERE / "daybook"
# Each table with its column of the day in whose book a row is: counted from the day's messages and
# replies, but for people_counts, which is from its people.
OF_ROWS = {
    "reply_counts": "date",
    "reply_times": "date",
    "restated": "date",
    "answer_counts": "received_date",
    "doubtful_answers": "received_date",
}
PEOPLE_COUNTS = "people_counts"
TABLES = {**OF_ROWS, PEOPLE_COUNTS: "date"}
BOOK = "daybook"
ASIDE = ".aside.parquet"


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
    found = days(connection, files, "messages", "replies")
    counted = {day.made_from(meaning): day for day in found}
    for name in (BOOK, *TABLES):
        _run(connection, f"tables/{name}")
    before = read_book(connection, BOOK) if there_is_a_last else {}
    same = counted.keys() & before.keys()
    kept = {name for name in same if _people(layout, counted[name].date, name)}
    for table, column in TABLES.items():
        carry(connection, table, column, [counted[name].date for name in kept])
    for name, day in counted.items():
        if name not in kept:
            _count(connection, layout, day, name)
        connection.execute("insert into internal.daybook values (?, ?)", [day.date, name])
    _show(connection, [_people_path(layout, day.date, name) for name, day in counted.items()])
    for name, gone in before.items():
        if name not in counted and (path := _people(layout, gone, name)):
            os.utime(path)  # a catalogue named it up to now


def prune(layout: Layout, before: datetime) -> int:
    """Delete the files of people that no catalogue has named since; return how many."""
    with held(layout.job_lock), duckdb.connect() as connection:
        named = read_book(connection, BOOK) if attach_last(connection, layout) else {}
        kept = {_people_path(layout, day, name) for name, day in named.items()}
        old = [
            path
            for path in _people_folder(layout).glob("date=*/*.parquet")
            if path not in kept and path.stat().st_mtime < before.timestamp()
        ]
        for path in old:
            path.unlink()
        return len(old)


def _meaning(definitions: Definitions) -> str:
    """Say all that the counts depend on but the files: the statements and the definitions."""
    statements = [*sorted(SQL.rglob("*.sql")), *_macros("normal_text", "is_opt_out", "number_id")]
    words = [definitions.time_zone, *definitions.opt_out_words]
    return "\n".join([*(path.read_text("utf-8") for path in statements), *words])


def _macros(*names: str) -> Iterator[Path]:
    return (HERE / "macros" / f"{name}.sql" for name in names)


def _count(connection: duckdb.DuckDBPyConnection, layout: Layout, day: Day, name: str) -> None:
    """Count one day from its files."""
    for table, files in day.files.items():
        _show_day(connection, table, files)
    span = {"begins_us": day.begins_us, "ends_us": day.ends_us}
    for table in OF_ROWS:
        _run(connection, table, span | {"date": day.date})
    target = _people_path(layout, day.date, name)
    make_folder(target.parent)
    aside = target.with_name(ASIDE)
    _run(connection, "people", span | {"target": str(aside)})
    replace_file(aside, target)
    connection.read_parquet(str(target)).create_view("day_people")
    _run(connection, PEOPLE_COUNTS, {"date": day.date})
    for view in ("day_messages", "day_replies", "day_people"):
        connection.execute(f"drop view {view}")


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
