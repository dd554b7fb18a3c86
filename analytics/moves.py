"""What became of the messages around each change of network, carried from catalogue to catalogue.

    files of messages ──▶ as the last catalogue counted them? ──yes──▶ its sums
                                   └─no─▶ those that came are added, those that went taken away

Only of moves that are new, or whose neighbours are, messages of 30 days before and after are read.
Where there is no last catalogue, or most files are others, all are counted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import duckdb

from analytics.days import partition

HERE = Path(__file__).parent
SQL = HERE / "moves"


def write(
    connection: duckdb.DuckDBPyConnection, files: Collection[str], *, there_is_a_last: bool
) -> None:
    """Make the table `internal.move_counts` from these files of messages.

    Needs `internal.change_facts`; the last catalogue is attached as `before` if there is one.
    """
    meaning = _meaning()
    _run(connection, "move_files", {"files": list(files), "meaning": meaning})
    _run(connection, "no_counts")
    before = _counted_before(connection, meaning) if there_is_a_last else set()
    came, went = set(files) - before, before - set(files)
    carries = len(came) + len(went) < len(files) and all(Path(file).exists() for file in went)
    if carries:
        _run(connection, "carried")
    _run(connection, "known")
    if carries:
        _count(connection, "known", came, 1)
        _count(connection, "known", went, -1)
    _run(connection, "fresh")
    ((first, last),) = _run(connection, "span").fetchall()
    if first is not None:
        near = (file for file in files if first <= partition(file) <= last)
        _count(connection, "fresh", near, 1)
    _run(connection, "move_counts")


def _counted_before(connection: duckdb.DuckDBPyConnection, meaning: str) -> set[str]:
    """Return the files that the last catalogue counted in the same way."""
    try:
        rows = _run(connection, "before", {"meaning": meaning})
    except duckdb.CatalogException:  # of a version that did not carry them
        return set()
    return {path for (path,) in rows.fetchall()}


def _count(
    connection: duckdb.DuckDBPyConnection, moves: str, files: Iterable[str], sign: int
) -> None:
    if not (paths := sorted(files)):
        return
    connection.table(moves).create_view("counted_moves")
    connection.read_parquet(paths, hive_partitioning=True).create_view("counted_messages")
    _run(connection, "counted", {"sign": sign})
    connection.execute("drop view counted_messages")
    connection.execute("drop view counted_moves")


def _meaning() -> str:
    statements = (path.read_text("utf-8") for path in sorted(SQL.glob("*.sql")))
    return hashlib.sha256("\n".join(statements).encode()).hexdigest()[:32]


def _run(
    connection: duckdb.DuckDBPyConnection, name: str, parameters: Mapping[str, object] | None = None
) -> duckdb.DuckDBPyConnection:
    return connection.execute((SQL / f"{name}.sql").read_text("utf-8"), dict(parameters or {}))
