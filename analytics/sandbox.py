"""Queries from strangers, each answered in a process of its own that can do nothing else.

    payload ──▶ child of a keeper (analytics.sandbox_keeper, sandbox_child) ──▶ told

Here is what whoever asks says and hears, which needs no DuckDB: `reports.console` does the asking.
"""

from __future__ import annotations

import gzip
from typing import Literal

import msgspec

from analytics.failures import CatalogueError, CatalogueMissing, QueryFailed, QueryRefused

Kind = Literal["number", "id", "text", "bytes"]
"""How a personal column is disguised: see analytics/internal/disguise."""

MIB = 1024 * 1024
SQL_CHARACTERS_MAX = 20_000
SPARE_SECONDS = 1  # of the processor: the clock comes first
START_SECONDS = 5  # for the child to start, on a busy machine


class Limits(msgspec.Struct, frozen=True):
    """What one query may take; `memory_mib` is address space, of which some 600 are the program.

    One that gives way computes only when nobody else on the machine wants to.
    """

    seconds: float = 10.0
    memory_mib: int = 1_536
    rows: int = 10_000
    answer_bytes: int = 16 * MIB
    gives_way: bool = True


LIMITS = Limits()


class Rows(msgspec.Struct, frozen=True):
    """What a query gave: column names, DuckDB type names, rows of text, None for NULL.

    Instants are in UTC. `is_cut` says that there were more rows.
    """

    columns: list[str]
    types: list[str]
    rows: list[list[str | None]]
    is_cut: bool


class Asked(msgspec.Struct, frozen=True):
    """One query, as the child is told of it, and the columns that are not shown as they are."""

    catalogue: str
    sql: str
    limits: Limits = LIMITS
    disguise: dict[str, Kind] = {}


class Told(msgspec.Struct, frozen=True):
    """What the child says: `Rows` as JSON, compressed with gzip, or why there are none."""

    rows: bytes = b""
    error: str = ""
    message: str = ""


ERRORS: dict[str, type[CatalogueError]] = {
    kind.__name__: kind for kind in (CatalogueMissing, QueryFailed, QueryRefused)
}


def payload(asked: Asked) -> bytes:
    """Return what the child is sent. Raises `QueryRefused`."""
    if len(asked.sql) > SQL_CHARACTERS_MAX:
        raise QueryRefused(f"a query has at most {SQL_CHARACTERS_MAX:,} characters")
    if "\0" in asked.sql or any("\ud800" <= each <= "\udfff" for each in asked.sql):
        raise QueryRefused("the query has a character in it that is none")
    return msgspec.msgpack.encode(asked)


def told(answer: bytes, limits: Limits) -> bytes:
    """Return the rows, as compressed JSON, of what a child told before it ended.

    Raises `CatalogueMissing`, `QueryRefused` and `QueryFailed`.
    """
    try:
        said = msgspec.msgpack.decode(answer, type=Told)
    except msgspec.DecodeError:
        needed = f"it needed more than its {limits.memory_mib:,} MiB of memory, or was ended"
        raise QueryFailed(f"the query was not answered: {needed}") from None
    if said.error:
        raise ERRORS[said.error](said.message)
    return said.rows


def stopped(limits: Limits) -> QueryFailed:
    """Return what is raised when the time is up."""
    why = "it asks for too much, or the machine is busy"
    return QueryFailed(f"the query was stopped after {limits.seconds:g} seconds: {why}")


def rows_of(compressed: bytes) -> Rows:
    """Read what `told` returns."""
    return msgspec.json.decode(gzip.decompress(compressed), type=Rows)
