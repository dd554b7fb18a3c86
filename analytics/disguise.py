"""Personal columns in other words, for whom they are none of their business.

A query then finds, under the name of a public view or macro, one that stands before it and
disguises its columns: what a query can reach, it can only reach in disguise.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb

from analytics.quoting import identifier, literal
from analytics.sandbox import Kind

HERE = Path(__file__).parent / "internal" / "disguise"
KINDS: tuple[Kind, ...] = ("number", "id", "text", "bytes")
SEARCH_PATH = "memory.main,analytics.main,analytics.internal"


def put_on(
    connection: duckdb.DuckDBPyConnection,
    kinds: Mapping[str, Kind],
    views: Iterable[str],
    macros: Iterable[str],
) -> None:
    """Disguise the columns named in `kinds`, wherever they are, for the rest of the connection.

    `macros` are those that stand in the place of a view, of the first and the last day.
    """
    connection.execute("create schema memory.hidden")
    key = literal(secrets.token_hex(16))
    connection.execute(f"create macro memory.hidden.key() as {key}")
    for kind in KINDS:
        connection.execute((HERE / f"{kind}.sql").read_text("utf-8"))
    for name in views:
        before = f"analytics.main.{identifier(name)}"
        if chosen := _disguised(connection, before, kinds):
            named = f"memory.main.{identifier(name)}"
            connection.execute(f"create view {named} as {chosen} from {before}")
    for name in macros:
        before = f"analytics.main.{identifier(name)}"
        if chosen := _disguised(connection, f"{before}(null, null)", kinds):
            named = f"memory.main.{identifier(name)}(from_date, to_date)"
            call = f"{before}(from_date, to_date)"
            connection.execute(f"create macro {named} as table {chosen} from {call}")
    connection.execute(f"set search_path = {literal(SEARCH_PATH)}")


def _disguised(
    connection: duckdb.DuckDBPyConnection, source: str, kinds: Mapping[str, Kind]
) -> str:
    """Return the SELECT of a source's columns in disguise; nothing when it has none of them."""
    columns = [str(row[0]) for row in connection.execute(f"describe from {source}").fetchall()]
    replaced = [
        f"memory.hidden.{kinds[name]}({identifier(name)}) as {identifier(name)}"
        for name in columns
        if name in kinds
    ]
    return f"select * replace ({', '.join(replaced)})" if replaced else ""
