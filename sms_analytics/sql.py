"""The SQL door for people: one query with an answer in the form asked for, or a prompt.

A query is a single SELECT; see `analytics.door` for what it may read. The prompt takes SQL over
several lines, up to a semicolon, and a few commands of its own; it opens the catalogue anew for
every query, so that it sees what has been published meanwhile.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import polars as pl
from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import FileHistory
from prompt_toolkit.lexers import PygmentsLexer
from pygments.lexers.sql import SqlLexer  # type: ignore[import-untyped]

from analytics.door import Catalogue, CatalogueError, QueryFailed
from sms_analytics import tables
from sms_analytics.tables import Format, rows_of

QUERIES = Path(__file__).parent / "queries"
WELCOME = (
    "SQL over the published views, read-only; end with a semicolon. .help for help, .quit to leave."
)
HELP = """\
SELECT …;       ask; over as many lines as you like, up to the semicolon
.tables         the views and what they mean
.schema NAME    the columns of a view and what they mean
.quit           leave, as does Ctrl-D; Ctrl-C drops a line or stops a query"""


def run_query(catalogue_path: Path, sql: str, form: Format, out: TextIO) -> None:
    """Write the answer to one query to `out`; Ctrl-C stops it. For the main thread.

    Raises `CatalogueError`, with a one-line message.
    """
    with Catalogue.open(catalogue_path) as catalogue:
        try:
            with _interruptible(catalogue):
                answer = catalogue.ask(sql)
            tables.write(answer, form, out)
        except KeyboardInterrupt:
            raise QueryFailed("stopped") from None


@contextmanager
def _interruptible(catalogue: Catalogue) -> Iterator[None]:
    """Let Ctrl-C interrupt DuckDB.

    It may hang when an exception is raised inside it, and runs no handler of ours while this
    thread does its work: so another thread hears of the signal, from the byte it leaves.
    """
    heard, told = socket.socketpair()
    told.setblocking(False)
    listener = threading.Thread(target=_interrupt_at, args=(heard, catalogue))
    listener.start()
    before = signal.signal(signal.SIGINT, lambda *_: None)
    descriptor = signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(descriptor)
        signal.signal(signal.SIGINT, before)
        told.close()
        listener.join()
        heard.close()


def _interrupt_at(heard: socket.socket, catalogue: Catalogue) -> None:
    """Interrupt at each Ctrl-C, until nobody tells any more."""
    while numbers := heard.recv(64):
        if signal.SIGINT in numbers:
            catalogue.interrupt()


def prompt(
    catalogue_path: Path, session: PromptSession[str] | None = None, out: TextIO | None = None
) -> None:
    """Answer queries from the terminal until told to leave. Raises `CatalogueMissing`."""
    out = out or sys.stdout
    names = _described(catalogue_path, "tables")["name"].to_list()
    session = session or _session(names)
    print(WELCOME, file=out)
    while True:
        try:
            line = session.prompt("sql> ", multiline=_unfinished, prompt_continuation="...> ")
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if line.strip() == ".quit":
            return
        _reply(catalogue_path, line.strip(), out)


def _session(names: list[str]) -> PromptSession[str]:
    return PromptSession(
        history=FileHistory(str(_history_file())),
        lexer=PygmentsLexer(SqlLexer),
        completer=WordCompleter([*names, ".tables", ".schema", ".help", ".quit"]),
        complete_while_typing=False,
    )


def _history_file() -> Path:
    """Return the file of earlier queries, which only its owner can read."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    file = Path(state) / "sms-analytics" / "sql_history"
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.touch(mode=0o600)
    return file


@Condition
def _unfinished() -> bool:
    text = get_app().current_buffer.text.strip()
    return bool(text) and not text.startswith(".") and not text.endswith(";")


def _reply(catalogue_path: Path, line: str, out: TextIO) -> None:
    try:
        if line.startswith("."):
            _command(catalogue_path, line, out)
        elif line:
            run_query(catalogue_path, line, "table", out)
    except CatalogueError as error:
        print(tables.harmless(str(error)), file=out)


def _command(catalogue_path: Path, line: str, out: TextIO) -> None:
    command, *words = line.split()
    if command == ".tables":
        _show(_described(catalogue_path, "tables"), out)
    elif command == ".schema" and len(words) == 1:
        columns = _described(catalogue_path, "columns", name=words[0])
        if columns.is_empty():
            print(f"no view is called {words[0]!r}; .tables lists them", file=out)
        else:
            _show(columns, out)
    else:
        print(HELP, file=out)


def _described(catalogue_path: Path, query: str, **parameters: str) -> pl.DataFrame:
    sql = (QUERIES / f"{query}.sql").read_text(encoding="utf-8")
    with Catalogue.open(catalogue_path) as catalogue:
        return catalogue.frame(sql, **parameters)


def _show(frame: pl.DataFrame, out: TextIO) -> None:
    tables.write(rows_of(frame.columns, frame.iter_rows()), "table", out)
