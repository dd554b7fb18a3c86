"""Queries from strangers, each answered in a process of its own that can do nothing else.

    ask ──▶ child: hard limits on memory, processor time and files ──▶ fence ──▶ door ──▶ rows
      └── past the time limit: killed

What the child can reach is the catalogue and the files that it names. It has no environment, no
network by DuckDB, no folder to write to, and writes no file at all (RLIMIT_FSIZE is 0). DuckDB's
own limits on memory and time are soft, so they are only there to fail sooner and say it better.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from analytics.door import Catalogue
from analytics.failures import CatalogueError, CatalogueMissing, QueryFailed, QueryRefused

MIB = 1024 * 1024
SQL_CHARACTERS_MAX = 20_000
FILES_MAX = 256


@dataclass(frozen=True)
class Limits:
    """What one query may take; `memory_mib` is address space, of which some 600 are the program."""

    seconds: float = 10.0
    memory_mib: int = 1_536
    rows: int = 10_000
    answer_bytes: int = 16 * MIB


LIMITS = Limits()


class Rows(msgspec.Struct, frozen=True):
    """What a query gave: column names, DuckDB type names, rows of plain values.

    Instants are in UTC; days and decimals are text. `is_cut` says that there were more rows.
    """

    columns: list[str]
    types: list[str]
    rows: list[list[Any]]
    is_cut: bool


class _Asked(msgspec.Struct, frozen=True):
    catalogue: str
    sql: str
    limits: Limits


class _Told(msgspec.Struct, frozen=True):
    rows: Rows | None = None
    error: str = ""
    message: str = ""


ERRORS: dict[str, type[CatalogueError]] = {
    kind.__name__: kind for kind in (CatalogueMissing, QueryFailed, QueryRefused)
}


def ask(catalogue: Path, sql: str, limits: Limits = LIMITS) -> Rows:
    """Answer anybody's query. Raises `CatalogueMissing`, `QueryRefused` and `QueryFailed`."""
    if len(sql) > SQL_CHARACTERS_MAX:
        raise QueryRefused(f"a query has at most {SQL_CHARACTERS_MAX:,} characters")
    if "\0" in sql or any("\ud800" <= each <= "\udfff" for each in sql):
        raise QueryRefused("the query has a character in it that is none")
    asked = _Asked(str(catalogue.absolute()), sql, limits)
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-s", "-c", "from analytics.sandbox import main; main()"],
            input=msgspec.msgpack.encode(asked),
            capture_output=True,
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            cwd="/",
            timeout=limits.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise QueryFailed(f"the query was stopped after {limits.seconds:g} seconds") from None
    return _told(done.stdout, done.returncode, limits)


def _told(answer: bytes, code: int, limits: Limits) -> Rows:
    try:
        told = msgspec.msgpack.decode(answer, type=_Told)
    except msgspec.DecodeError:
        needed = f"the query needed more than its {limits.memory_mib:,} MiB of memory, or too long"
        raise QueryFailed(f"{needed} (exit code {code})") from None
    if told.rows is None:
        raise ERRORS[told.error](told.message)
    return told.rows


def main() -> None:
    """Answer the query on standard input, on standard output. The entry of the child."""
    asked = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=_Asked)
    _confine(asked.limits)
    try:
        answer = msgspec.msgpack.encode(_Told(rows=_rows(asked)), enc_hook=str)
        if len(answer) > asked.limits.answer_bytes:
            told = f"the answer has more than {asked.limits.answer_bytes // MIB} MiB: ask for less"
            answer = msgspec.msgpack.encode(_Told(error="QueryFailed", message=told))
    except CatalogueError as error:
        answer = msgspec.msgpack.encode(_Told(error=type(error).__name__, message=str(error)))
    except (MemoryError, RecursionError):
        told = "the query or its answer needs too much memory"
        answer = msgspec.msgpack.encode(_Told(error="QueryFailed", message=told))
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    os._exit(0)  # whatever still runs in threads is of no use any more


def _confine(limits: Limits) -> None:
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory_mib * MIB),
        (resource.RLIMIT_CPU, int(limits.seconds) + 1),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, FILES_MAX),
    ):
        resource.setrlimit(kind, (most, most))


def _rows(asked: _Asked) -> Rows:
    memory_mib = max(64, asked.limits.memory_mib // 4)
    with Catalogue.open(Path(asked.catalogue), memory_mib=memory_mib) as catalogue:
        catalogue.check(asked.sql)
        answer = catalogue.ask(asked.sql, asked.limits.rows + 1)
        rows: list[list[Any]] = []
        size = 0
        for row in answer.rows:
            rows.append(list(row))
            size += sum(len(cell) for cell in row if isinstance(cell, (str, bytes)))
            if size > asked.limits.answer_bytes:
                raise QueryFailed("the answer is too large: ask for less")
    most = asked.limits.rows
    return Rows(answer.columns, answer.types, rows[:most], len(rows) > most)
