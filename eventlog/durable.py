"""Make what was written survive a power cut.

Neither the Delta library nor the Parquet writers call fsync. A file is safe when its bytes and
the entry in every folder above it, up to one that was safe before, are on disk.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import islice, takewhile
from pathlib import Path


def sync_file(path: Path) -> None:
    """Put a file's bytes on disk. Raises `OSError`; after one the file's state is unknown."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folders(folders: Iterable[Path]) -> None:
    """Put the entries of folders on disk, the deepest first. Raises `OSError`."""
    for folder in sorted(set(folders), key=lambda path: len(path.parts), reverse=True):
        sync_file(folder)


def write_file(path: Path, content: bytes) -> None:
    """Write a new file and put its bytes on disk; its folder is the caller's to sync."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def make_folder(folder: Path) -> None:
    """Make a folder and its parents, and put each new entry on disk.

    New is also one that somebody made who ended before that: a folder with nothing else in it yet.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sync_folders(path.parent for path in takewhile(_is_new, (folder, *folder.parents)))


def _is_new(folder: Path) -> bool:
    with os.scandir(folder) as entries:
        only = list(islice(entries, 2))
    return not only or (len(only) == 1 and only[0].is_dir())


def replace_file(source: Path, target: Path) -> None:
    """Sync `source` and rename it over `target`: readers see the old file or the new one."""
    sync_file(source)
    source.replace(target)
    sync_file(target.parent)
