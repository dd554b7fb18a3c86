"""A disk that can fail and lose power: builds `disk.c`, and what a power cut would leave."""

from __future__ import annotations

import fcntl
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).with_name("disk.c")
FS_IOC_GETVERSION = 0x80087601
PAGE_BYTES = 512
COMPILER = shutil.which("cc") or shutil.which("gcc")


def build(folder: Path) -> Path:
    """Compile the library that is preloaded into a process; return it."""
    library = folder / "disk.so"
    command = [str(COMPILER), "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE), "-ldl"]
    subprocess.run(command, check=True)
    return library


@contextmanager
def fast_folder(otherwise: Path) -> Iterator[Path]:
    """Make a folder in memory, where a sync takes no time; `otherwise` where there is no such."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else otherwise) as it:
        yield Path(it)


def environment(library: Path, root: Path, shadow: Path | None = None) -> dict[str, str]:
    """Return the variables with which a process has that disk under `root`."""
    shadowed = {"DISK_SHADOW": str(shadow)} if shadow else {}
    return {"LD_PRELOAD": str(library), "DISK_ROOT": str(root), **shadowed}


def sync_all(root: Path, variables: dict[str, str]) -> None:
    """Let all that is under `root` now count as synced, under that disk."""
    command = [sys.executable, str(Path(__file__)), str(root)]
    subprocess.run(command, check=True, env=os.environ | variables)


def after_power_cut(
    shadow: Path, root: Path, target: Path, chance: random.Random | None = None
) -> None:
    """Make `target` what is left of `root`: what was synced, in entries that were synced.

    With `chance`, any part of what was not synced may be left as well.
    """
    now = {_identity(path): path for path in (root, *root.rglob("*"))} if chance else {}
    _restore(shadow, _Left(now, chance or random.Random(0)), _identity(root), target)


@dataclass(frozen=True)
class _Left:
    """What there was when the power went, by identity, and the chance of each to be left."""

    now: dict[str, Path]
    chance: random.Random

    def entries(self, identity: str, synced: dict[str, str]) -> dict[str, str]:
        """Return a folder's entries: those that were synced, with some of those there were."""
        folder = self.now.get(identity)
        if folder is None:
            return synced
        current = {path.name: _entry(path) for path in folder.iterdir()}
        names = sorted({*synced, *current})
        left = {name: self.chance.choice([synced, current]).get(name) for name in names}
        return {name: entry for name, entry in left.items() if entry}

    def content(self, identity: str, synced: bytes) -> bytes:
        """Return a file's bytes: those that were synced, with some of those there were."""
        path = self.now.get(identity)
        current = path.read_bytes() if path else synced
        if current == synced:
            return synced
        pages = range(0, max(len(current), len(synced)), PAGE_BYTES)
        mixed = b"".join(
            self.chance.choice([synced, current])[at : at + PAGE_BYTES].ljust(PAGE_BYTES, b"\0")
            for at in pages
        )
        # Bytes that were synced and not written again since are never lost.
        length = self.chance.randint(min(len(synced), len(current)), len(current))
        return self.chance.choice([synced, current, current[:length], mixed[: len(current)]])


def _entry(path: Path) -> str:
    return f"{'d' if path.is_dir() else 'f'} {_identity(path)}"


def _identity(path: Path) -> str:
    """Name an inode as `disk.c` does: its number is used again, with its generation it is not."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        generation = bytearray(8)
        with suppress(OSError):  # in memory numbers are not used again, and have no generation
            fcntl.ioctl(descriptor, FS_IOC_GETVERSION, generation)
        return f"{os.fstat(descriptor).st_ino}-{int.from_bytes(generation[:4], sys.byteorder)}"
    finally:
        os.close(descriptor)


def _restore(shadow: Path, left: _Left, identity: str, target: Path) -> None:
    target.mkdir()
    listed = shadow / f"{identity}.dir"
    lines = listed.read_bytes().split(b"\0")[:-1] if listed.exists() else []
    synced = {
        name: f"{kind} {inner}"
        for kind, inner, name in (line.decode().split(" ", 2) for line in lines)
    }
    for name, entry in left.entries(identity, synced).items():
        kind, _, inner = entry.partition(" ")
        if kind == "d":
            _restore(shadow, left, inner, target / name)
            continue
        content = shadow / f"{inner}.file"
        (target / name).write_bytes(
            left.content(inner, content.read_bytes() if content.exists() else b"")
        )


def sync_here(root: Path) -> None:
    """Sync all that is under `root`."""
    for each in (root, *root.rglob("*")):
        _sync(each)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


if __name__ == "__main__":
    sync_here(Path(sys.argv[1]))
