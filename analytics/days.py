"""The days of the report time zone, and how what was counted of each is carried on.

A day is named by what its counts are made from: files, which are immutable, and the statements and
definitions that count. What has the same name counts the same, so its rows are taken over.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from analytics.quoting import identifier, literal
from eventlog.layout import Layout

SQL = Path(__file__).parent / "days"
BEFORE = "before"

Files = Mapping[str, Sequence[str]]  # the files of a table, by its name


@dataclass(frozen=True)
class Day:
    """A day, from and to in microseconds since 1970, and the files that hold its rows, by table."""

    date: date
    begins_us: int
    ends_us: int
    files: Mapping[str, list[str]]

    def made_from(self, meaning: str) -> str:
        """Name what its counts are made from: what has the same name counts the same."""
        names = sorted(Path(file).name for files in self.files.values() for file in files)
        return hashlib.sha256("\n".join([meaning, str(self.date), *names]).encode()).hexdigest()[
            :32
        ]


def partition(file: str) -> date:
    """Return the day (of UTC) in whose folder a file lies."""
    return date.fromisoformat(Path(file).parent.name.partition("=")[2])


def partitions(files: Files) -> list[date]:
    """Return the partitions (UTC days) in which there are messages or replies."""
    return sorted({partition(file) for name in ("messages", "replies") for file in files[name]})


def days(connection: duckdb.DuckDBPyConnection, files: Files, *tables: str) -> Iterator[Day]:
    """Yield the days of the report time zone, which may lie in two days of UTC.

    Needs `internal.days`.
    """
    by_partition = {name: _by_partition(files[name]) for name in tables}
    for day, begins_us, ends_us, utc_dates in connection.execute(_spans()).fetchall():
        yield Day(
            date=day,
            begins_us=begins_us,
            ends_us=ends_us,
            files={name: _of(found, utc_dates) for name, found in by_partition.items()},
        )


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


def read_book(connection: duckdb.DuckDBPyConnection, book: str) -> dict[str, date]:
    """Return what the days in a book of the last catalogue were made from."""
    try:
        rows = connection.table(f"{BEFORE}.internal.{identifier(book)}").select("made_from", "date")
        return dict(rows.fetchall())
    except duckdb.CatalogException:  # of a version that kept no such book
        return {}


def carry(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, dates: Collection[date]
) -> None:
    """Take over the rows of a table, of these days by that column, from the last catalogue."""
    if not dates:
        return
    name = f"internal.{identifier(table)}"
    connection.execute(
        f"insert into {name} from {BEFORE}.{name}"
        f" where {identifier(column)} in (select unnest($dates::date[]))",
        {"dates": list(dates)},
    )


def _spans() -> str:
    return (SQL / "days.sql").read_text("utf-8")


def _by_partition(files: Iterable[str]) -> Mapping[date, list[str]]:
    found: dict[date, list[str]] = defaultdict(list)
    for file in files:
        found[partition(file)].append(file)
    return found


def _of(by_partition: Mapping[date, list[str]], utc_dates: Iterable[date]) -> list[str]:
    return [file for utc_date in utc_dates for file in by_partition.get(utc_date, [])]
