"""A PostgreSQL cluster that lives as long as a `with` block, with the defaults it comes with."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.process import Core, ToolMissingError, pinned, stopped

USER = "postgres"  # PostgreSQL refuses to run as root
START_SECONDS_MAX = 20


def binaries() -> Path:
    """Return the folder of the newest PostgreSQL installed. Raises `ToolMissingError`."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    on_path = shutil.which("postgres")
    if not found and not on_path:
        raise ToolMissingError("PostgreSQL", "postgresql")
    return (found[-1] if found else Path(str(on_path))).parent


@contextmanager
def cluster(work: Path, schema: Path, core: Core) -> Iterator[str]:
    """Run a new cluster on a socket in `work` and yield its address. Raises `ToolMissingError`."""
    programs = binaries()
    user = _unprivileged()
    folder = _reachable(work, user) / "sms-analytics-postgres"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if user is not None:
        shutil.chown(folder, user)
    data = folder / "data"
    initdb: list[str | Path] = [programs / "initdb", "-D", data, "-U", USER, "--auth=trust"]
    subprocess.run(initdb, user=user, cwd=folder, check=True, capture_output=True)
    server: list[str | Path] = [
        programs / "postgres",
        "-D",
        data,
        "-k",
        folder,
        "-c",
        "listen_addresses=",
    ]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            pinned(core, server), user=user, cwd=folder, stdout=log, stderr=log
        )
    with stopped(process):
        _wait(programs, folder)
        address = f"host={folder} user={USER} dbname=postgres"
        subprocess.run([programs / "psql", address, "-q", "-f", schema], check=True)
        yield address
    shutil.rmtree(folder)


def _unprivileged() -> int | None:
    return pwd.getpwnam(USER).pw_uid if os.geteuid() == 0 else None


def _reachable(work: Path, user: int | None) -> Path:
    """Return `work`, or a folder beside the others' where `user` may not go into it."""
    closed = any(not folder.stat().st_mode & stat.S_IXOTH for folder in (work, *work.parents))
    return Path("/var/tmp") if closed and user is not None else work


def _wait(programs: Path, folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    ready: list[str | Path] = [programs / "pg_isready", "-q", "-h", folder]
    while subprocess.run(ready, check=False).returncode != 0:
        if time.monotonic() > deadline:
            raise TimeoutError(f"PostgreSQL did not start; see {folder / 'log'}")
        time.sleep(0.1)
