"""A disk that can fail and lose power: builds `disk.c`, and what a power cut would leave."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).with_name("disk.c")
COMPILER = shutil.which("cc") or shutil.which("gcc")


def build(folder: Path) -> Path:
    """Compile the library that is preloaded into a process; return it."""
    library = folder / "disk.so"
    command = [str(COMPILER), "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE), "-ldl"]
    subprocess.run(command, check=True)
    return library


def environment(library: Path, root: Path, shadow: Path | None = None) -> dict[str, str]:
    """Return the variables with which a process has that disk under `root`."""
    shadowed = {"DISK_SHADOW": str(shadow)} if shadow else {}
    return {"LD_PRELOAD": str(library), "DISK_ROOT": str(root), **shadowed}


def sync_all(root: Path, variables: dict[str, str]) -> None:
    """Let all that is under `root` now count as synced, under that disk."""
    command = [sys.executable, str(Path(__file__)), str(root)]
    subprocess.run(command, check=True, env=os.environ | variables)


def after_power_cut(shadow: Path, root: Path, target: Path) -> None:
    """Make `target` what is left of `root`: only what was synced, in entries that were synced."""
    _restore(shadow, _identity(shadow, root), target)


def _identity(shadow: Path, root: Path) -> str:
    inode = root.stat().st_ino
    (found,) = shadow.glob(f"{inode}-*.dir")
    return found.stem


def _restore(shadow: Path, identity: str, target: Path) -> None:
    target.mkdir()
    entries = shadow / f"{identity}.dir"
    listed = entries.read_bytes().split(b"\0")[:-1] if entries.exists() else []
    for kind, inner, name in (entry.decode().split(" ", 2) for entry in listed):
        if kind == "d":
            _restore(shadow, inner, target / name)
            continue
        content = shadow / f"{inner}.file"
        (target / name).write_bytes(content.read_bytes() if content.exists() else b"")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


if __name__ == "__main__":
    for each in (Path(sys.argv[1]), *Path(sys.argv[1]).rglob("*")):
        _sync(each)
