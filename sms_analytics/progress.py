"""Progress on a terminal's standard error; nothing at all in a pipe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

Say = Callable[[str], None]
Advance = Callable[[int, int], None]


def _console() -> Console:
    return Console(stderr=True)


@contextmanager
def status() -> Iterator[Say]:
    """Yield a function that shows what is being done now."""
    console = _console()
    if not console.is_terminal:
        yield lambda _line: None
        return
    with console.status("starting") as shown:
        yield lambda line: shown.update(f"{line} …")


@contextmanager
def progress_bar(title: str) -> Iterator[Advance]:
    """Yield a function `(bytes_done, bytes_total)` that moves a bar."""
    console = _console()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
