"""Who is signed in: a random token in a cookie, and its digest in a file of ours.

    run/sessions/SHA256    empty; its modification time is when the session ends

A session ends when its file goes: at sign-out, when its time is over, and with every change of the
password. All server processes see the same files, and a restart signs nobody out.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path

RANDOM_BYTES = 32
SESSIONS_MAX = 1_000


class Sessions:
    """The sessions of one installation. Times are in seconds since 1970."""

    def __init__(self, folder: Path, lifetime_seconds: float) -> None:
        self._folder = folder
        self._lifetime_seconds = lifetime_seconds

    @property
    def lifetime_seconds(self) -> float:
        return self._lifetime_seconds

    def begin(self, now: float) -> str:
        """Begin a session; return the token that its viewer keeps. Raises `OSError`."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._sweep(now)
        token = secrets.token_urlsafe(RANDOM_BYTES)
        path = self._path(token)
        path.touch(mode=0o600, exist_ok=False)
        ends_at = now + self._lifetime_seconds
        os.utime(path, (ends_at, ends_at))
        return token

    def holds(self, token: str, now: float) -> bool:
        """Tell whether a token is that of a session that has not ended."""
        try:
            return self._path(token).stat().st_mtime > now
        except OSError:
            return False

    def end(self, token: str) -> None:
        """End a session; one that has ended stays so. Raises `OSError`."""
        self._path(token).unlink(missing_ok=True)

    def end_all(self) -> None:
        """End every session. Raises `OSError`."""
        for path in self._paths():
            path.unlink(missing_ok=True)

    def _sweep(self, now: float) -> None:
        """Forget what has ended, and the oldest of too many."""
        paths = self._paths()
        ends = {}
        for path in paths:
            with suppress(FileNotFoundError):
                ends[path] = path.stat().st_mtime
        kept = sorted((path for path in ends if ends[path] > now), key=lambda path: ends[path])
        too_many = kept[: max(0, len(kept) - SESSIONS_MAX + 1)]
        for path in {*paths} - {*kept} | {*too_many}:
            path.unlink(missing_ok=True)

    def _paths(self) -> list[Path]:
        return list(self._folder.iterdir()) if self._folder.exists() else []

    def _path(self, token: str) -> Path:
        digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
        return self._folder / digest
