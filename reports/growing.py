"""A file that is sent while it is made.

    reader process ──writes──▶ file, aside ◀──reads on── server ──▶ client
                                 └── a lock of the server's on it says that it is still read

So the first byte comes early, and a client that is slow holds up no reader process. When the file
is not made to its end the connection is cut: what came must not look whole.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import shutil
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from io import FileIO
from pathlib import Path

from anyio import to_thread

from reports.reader import ReaderClosedError

log = logging.getLogger(__name__)

CHUNK_BYTES = 256 * 1024
LOOK_SECONDS = 0.02  # between two looks whether there is more
PREFIX = ".download-"
LEFT_SECONDS = 86_400.0

Make = Callable[[Path], Awaitable[None]]


@contextmanager
def aside(folder: Path) -> Iterator[Path]:
    """Make a folder in another one for what is made, that only its owner can read.

    What a server left that was killed is deleted by the next.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(f"{PREFIX}*"):
        if time.time() - left.stat().st_mtime > LEFT_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=folder) as made:
        yield Path(made)


async def growing(folder: Path, make: Make) -> AsyncGenerator[bytes]:
    """Have `make` write a file, and return its content from when there is some.

    `make` takes the path of the file, which is there. Raises what it raises before it has written
    anything.
    """
    with ExitStack() as stack:
        path = stack.enter_context(aside(folder)) / "rows"
        path.touch()
        content = FileIO(path)
        fcntl.flock(content, fcntl.LOCK_SH)
        making = asyncio.create_task(_make(make, path, stack.pop_all()), name="download")
    making.add_done_callback(_told)
    try:
        while not making.done() and not os.fstat(content.fileno()).st_size:
            await asyncio.wait({making}, timeout=LOOK_SECONDS)
        if making.done():
            making.result()
    except BaseException:
        content.close()
        raise
    return _chunks(content, making)


async def _make(make: Make, path: Path, stack: ExitStack) -> None:
    """Make the file, also when nobody waits for it any more: `make` finds that out by itself."""
    with stack:
        await make(path)


async def _chunks(content: FileIO, making: asyncio.Task[None]) -> AsyncGenerator[bytes]:
    with content:
        while True:
            is_whole = making.done()
            if chunk := await to_thread.run_sync(content.read, CHUNK_BYTES):
                yield chunk
            elif is_whole:
                break
            else:
                await asyncio.wait({making}, timeout=LOOK_SECONDS)
    making.result()


def _told(making: asyncio.Task[None]) -> None:
    """Log that a file was not made to its end; whoever waits for its beginning is told besides."""
    error = None if making.cancelled() else making.exception()
    if error is not None and not isinstance(error, ReaderClosedError):
        log.info("download not made", extra={"error": type(error).__name__})
