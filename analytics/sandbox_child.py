"""The process that answers one query of a stranger and can do nothing else.

    payload ──▶ hard limits on memory, time and files ──▶ fence ──▶ disguise ──▶ door ──▶ told

What it can reach is the catalogue and the files that it names. It has no environment, no network by
DuckDB, no folder to write to, and writes no file at all (RLIMIT_FSIZE is 0). DuckDB's own limits on
memory and time are soft, so they are only there to fail sooner and say it better. It gives way to
whatever else wants the processor, and is the first to go when memory is short.
"""

from __future__ import annotations

import gzip
import os
import resource
import signal
import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import duckdb
import msgspec

from analytics.door import Catalogue
from analytics.failures import CatalogueError, QueryFailed
from analytics.priority import give_way_to_all
from analytics.sandbox import MIB, SPARE_SECONDS, Asked, Limits, Rows, Told
from analytics.sandbox_keeper import SIZE
from analytics.values import as_text

FILES_MAX = 256
GZIP_LEVEL = 1
MESSAGE_MAX = 1_000  # characters


def warm_up() -> None:
    """Load what every query needs, so that a child finds it loaded. Leaves no thread behind."""
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("select json_serialize_sql('select 1')").fetchall()


def serve(asker: socket.socket) -> NoReturn:
    """Answer the query that comes from `asker`, and end this process."""
    threading.excepthook = lambda _: None
    code = 1
    try:
        (size,) = SIZE.unpack(_received(asker, SIZE.size))
        asked = msgspec.msgpack.decode(_received(asker, size), type=Asked)
        confine(asked.limits)
        threading.Thread(target=_end_with, args=(asker,), daemon=True).start()
        asker.sendall(msgspec.msgpack.encode(answer(asked)))
        code = 0
    finally:
        os._exit(code)  # whatever still runs in threads is of no use any more


def _received(asker: socket.socket, size: int) -> bytes:
    got = asker.recv(size, socket.MSG_WAITALL)
    if len(got) < size:
        raise EOFError
    return got


def _end_with(asker: socket.socket) -> None:
    """End this process when nobody waits for its answer any more."""
    with suppress(OSError):
        asker.recv(1)
    os._exit(1)


def confine(limits: Limits) -> None:
    """Limit this process for good. The kernel ends it when its time is up, whatever it does."""
    if limits.gives_way:
        give_way_to_all()
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory_mib * MIB),
        (resource.RLIMIT_CPU, int(limits.seconds) + SPARE_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, FILES_MAX),
    ):
        resource.setrlimit(kind, (most, most))
    signal.setitimer(signal.ITIMER_REAL, limits.seconds)


def answer(asked: Asked) -> Told:
    """Answer a query in this process, or say why not."""
    try:
        return Told(gzip.compress(msgspec.json.encode(_rows(asked)), GZIP_LEVEL, mtime=0))
    except CatalogueError as error:
        return Told(error=type(error).__name__, message=_short(str(error)))
    except (MemoryError, RecursionError):
        return Told(error="QueryFailed", message="the query or its answer needs too much memory")


def _short(message: str) -> str:
    """Cut a message: a query chooses what `error` says, and its answer's limit is none of it."""
    return message if len(message) <= MESSAGE_MAX else f"{message[:MESSAGE_MAX]}…"


def _rows(asked: Asked) -> Rows:
    memory_mib = max(64, asked.limits.memory_mib // 4)
    with Catalogue.open(Path(asked.catalogue), memory_mib=memory_mib) as catalogue:
        named = catalogue.check(asked.sql)
        if asked.disguise:
            catalogue.disguise(asked.disguise, named)
        given = catalogue.ask(asked.sql, asked.limits.rows + 1)
        rows: list[list[str | None]] = []
        size = sum(map(len, given.columns + given.types))
        for row in given.rows:
            cells = [None if value is None else as_text(value) for value in row]
            rows.append(cells)
            size += sum(len(cell or "null") for cell in cells)
            if size > asked.limits.answer_bytes:
                most = asked.limits.answer_bytes // MIB
                raise QueryFailed(f"the answer has more than {most} MiB: ask for less")
    most = asked.limits.rows
    return Rows(given.columns, given.types, rows[:most], len(rows) > most)
