"""What is counted of the conversations of each day, kept as long as the day's files are the same.

    files of a day ──▶ as the last catalogue knew them? ──yes──▶ its rows
                                                        └─no───▶ counted again, that day alone

A conversation is a row, and there are millions; whoever asks for days need not read them. A book of
its own beside the `daybook`: a message changes the day of its sending, but conversations that began
on any of eight days.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from analytics.days import Day, Files, carry, days, read_book
from analytics.definitions import Definitions
from analytics.projections.conversations import NAME
from analytics.projections.conversations.layers import is_newer

HERE = Path(__file__).parent
SQL = HERE / "conversation_book"
BOOK = "conversation_book"
TABLES = ("conversation_counts", "first_reply_times")


def write(
    connection: duckdb.DuckDBPyConnection,
    files: Files,
    definitions: Definitions,
    *,
    there_is_a_last: bool,
) -> None:
    """Make the tables of the book in the schema internal.

    Needs `internal.days`, `internal.network_codes` and `internal.layered`; the last catalogue is
    attached as `before` if there is one.
    """
    _run(connection, "spellings")
    meaning = _meaning(connection, definitions)
    found = (day for day in days(connection, files, NAME) if day.files[NAME])
    counted = {day.made_from(meaning): day for day in found}
    for name in (BOOK, *TABLES):
        _run(connection, f"tables/{name}")
    before = read_book(connection, BOOK) if there_is_a_last else {}
    for table in TABLES:
        carry(connection, table, "date", [before[name] for name in counted.keys() & before.keys()])
    for name, day in counted.items():
        if name not in before:
            _count(connection, day)
        connection.execute("insert into internal.conversation_book values (?, ?)", [day.date, name])


def _meaning(connection: duckdb.DuckDBPyConnection, definitions: Definitions) -> str:
    """Say all that the counts depend on but the files: what counts, and which spellings are one."""
    layered = HERE / "macros" / "layered.sql"
    statements = [path.read_text("utf-8") for path in (*sorted(SQL.rglob("*.sql")), layered)]
    spellings = ["-".join(row) for row in connection.table("spellings").fetchall()]
    return "\n".join([*statements, definitions.time_zone, *spellings])


def _count(connection: duckdb.DuckDBPyConnection, day: Day) -> None:
    """Count the conversations that began on a day, from its files."""
    base = [path for path in day.files[NAME] if not is_newer(path)]
    newer = [path for path in day.files[NAME] if is_newer(path)]
    connection.read_parquet(base, hive_partitioning=True).create_view("day_base")
    connection.read_parquet(newer or base[:1], hive_partitioning=True).create_view("day_newer")
    _run(connection, "show_layered" if newer else "show_base")
    span = {"date": day.date, "begins_us": day.begins_us, "ends_us": day.ends_us}
    for table in TABLES:
        _run(connection, table, span)
    for view in ("day_conversations", "day_base", "day_newer"):
        connection.execute(f"drop view {view}")


def _run(
    connection: duckdb.DuckDBPyConnection, name: str, parameters: Mapping[str, object] | None = None
) -> duckdb.DuckDBPyConnection:
    return connection.execute((SQL / f"{name}.sql").read_text("utf-8"), dict(parameters or {}))
