"""The SQL door for people: one query with an answer in the form asked for, or a prompt.

A query is a single SELECT; see `analytics.door` for what it may read. The prompt takes SQL over
several lines, up to a semicolon, and a few commands of its own; it opens the catalogue anew for
every query, so that it sees what has been published meanwhile.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import FileHistory
from prompt_toolkit.lexers import PygmentsLexer
from pygments.lexers.sql import SqlLexer  # type: ignore[import-untyped]

from analytics.described import Described
from analytics.door import Catalogue, CatalogueError
from sms_analytics import tables
from sms_analytics.completion import SqlCompleter
from sms_analytics.failures import AnswerError, StoppedError
from sms_analytics.tables import Format, rows_of

WELCOME = (
    "SQL over the published views, read-only; end with a semicolon. .help for help, .quit to leave."
)
HELP = """\
SELECT …;       ask; over as many lines as you like, up to the semicolon
.tables         the views and macros, and what they mean
.schema NAME    the columns of a view and what they mean, or what a macro gives
.quit           leave, as does Ctrl-D; Ctrl-C drops a line or stops a query
Tab             complete a view, a column or a macro"""


def answer(catalogue_path: Path, sql: str, form: Format, out: Path | None = None) -> None:
    """Write the answer to one query to the file `out`, or to standard output.

    A file is there whole or not at all. Raises what `run_query` raises, and `AnswerError`.
    """
    if out is None and form != "parquet":
        run_query(catalogue_path, sql, form, sys.stdout)
        return
    if out is None and sys.stdout.isatty():
        raise AnswerError("Parquet is not for a terminal: give --out FILE, or a pipe")
    try:
        with TemporaryDirectory(dir=out.absolute().parent if out else None) as folder:
            aside = Path(folder) / "answer"
            _write(catalogue_path, sql, form, aside)
            if out:
                aside.replace(out)
            else:
                with aside.open("rb") as written:
                    shutil.copyfileobj(written, sys.stdout.buffer)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise AnswerError(f"cannot write {out or 'the answer'}: {error.strerror}") from error


def read(file: Path | None) -> str:
    """Return the query in a file, or the one on standard input. Raises `AnswerError`."""
    try:
        return file.read_text("utf-8") if file else sys.stdin.read()
    except OSError as error:
        raise AnswerError(f"cannot read {file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise AnswerError(f"{file or 'standard input'} is no text in UTF-8") from error


def _write(catalogue_path: Path, sql: str, form: Format, aside: Path) -> None:
    if form == "parquet":
        with Catalogue.open(catalogue_path) as catalogue:
            _stoppable(catalogue, lambda: catalogue.save(sql, aside))
    else:
        with aside.open("w", encoding="utf-8", newline="") as out:
            run_query(catalogue_path, sql, form, out)


def run_query(catalogue_path: Path, sql: str, form: Format, out: TextIO) -> None:
    """Write the answer to one query to `out`; Ctrl-C stops it. For the main thread.

    Raises `CatalogueError` with a one-line message, and `StoppedError`.
    """
    with Catalogue.open(catalogue_path) as catalogue:
        _stoppable(catalogue, lambda: tables.write(catalogue.ask(sql), form, out))


def _stoppable(catalogue: Catalogue, work: Callable[[], None]) -> None:
    try:
        with _interruptible(catalogue) as pressed:
            try:
                work()
            except CatalogueError:
                if pressed():
                    raise StoppedError("stopped") from None
                raise
    except KeyboardInterrupt:
        raise StoppedError("stopped") from None


@contextmanager
def _interruptible(catalogue: Catalogue) -> Iterator[Callable[[], bool]]:
    """Let Ctrl-C interrupt DuckDB; yield a function that tells whether it was pressed.

    DuckDB may hang when an exception is raised inside it, and runs no handler of ours while this
    thread does its work: so another thread hears of the signal, from the byte it leaves.
    """
    heard, told = socket.socketpair()
    told.setblocking(False)
    pressed = threading.Event()
    listener = threading.Thread(target=_interrupt_at, args=(heard, catalogue, pressed))
    listener.start()
    before = signal.signal(signal.SIGINT, lambda *_: None)
    descriptor = signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    try:
        yield pressed.is_set
    finally:
        signal.set_wakeup_fd(descriptor)
        signal.signal(signal.SIGINT, before)
        told.close()
        listener.join()
        heard.close()


def _interrupt_at(heard: socket.socket, catalogue: Catalogue, pressed: threading.Event) -> None:
    """Interrupt at each Ctrl-C, until nobody tells any more."""
    while numbers := heard.recv(64):
        if signal.SIGINT in numbers:
            pressed.set()
            catalogue.interrupt()


def prompt(
    catalogue_path: Path, session: PromptSession[str] | None = None, out: TextIO | None = None
) -> None:
    """Answer queries from the terminal until told to leave. Raises `CatalogueMissing`."""
    out = out or sys.stdout
    with Catalogue.open(catalogue_path) as catalogue:
        described = catalogue.described()
    session = session or _session(described)
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
        _reply(catalogue_path, described, line.strip(), out)


def _session(described: Described) -> PromptSession[str]:
    return PromptSession(
        history=FileHistory(str(_history_file())),
        lexer=PygmentsLexer(SqlLexer),
        completer=SqlCompleter(described),
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


def _reply(catalogue_path: Path, described: Described, line: str, out: TextIO) -> None:
    try:
        if line.startswith("."):
            _command(described, line, out)
        elif line:
            run_query(catalogue_path, line, "table", out)
    except (CatalogueError, StoppedError) as error:
        print(tables.harmless(str(error)), file=out)


def _command(described: Described, line: str, out: TextIO) -> None:
    command, *words = line.split()
    if command == ".tables":
        _show_tables(described, out)
    elif command == ".schema" and len(words) == 1:
        _show_schema(described, words[0].removesuffix(";"), out)
    else:
        print(HELP, file=out)


def _show_tables(described: Described, out: TextIO) -> None:
    named = [(view.name, view.meaning) for view in described.views]
    named += [(macro.signature, macro.meaning) for macro in described.macros]
    tables.write(rows_of(["name", "meaning"], iter(named)), "table", out)


def _show_schema(described: Described, name: str, out: TextIO) -> None:
    if view := described.view(name):
        rows = ((column.name, column.type, column.meaning) for column in view.columns)
        tables.write(rows_of(["name", "type", "meaning"], rows), "table", out)
    elif macro := described.macro(name):
        print(f"{macro.signature}\n{macro.meaning}", file=out)
    else:
        print(f"no view or macro is called {name!r}; .tables lists them", file=out)
