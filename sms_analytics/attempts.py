"""How often a password may be tried: a few times from one address, and not too often by all.

    run/attempts.json    when who tried of late; all server processes count in it

An attempt counts from its beginning, so that many at once are no way around; one that was right is
taken back. Who is signed in already is not held up by those who try. Without the file, which may go
at any time, counting begins anew.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path

import msgspec

from eventlog.durable import make_folder
from eventlog.lock import locked

A_CLIENT_MAX = 5
CLIENT_SECONDS = 15 * 60.0
ALL_MAX = 30
ALL_SECONDS = 60.0
CLIENTS_MAX = 10_000


class _Tried(msgspec.Struct):
    """When passwords were tried, by all and by each client."""

    all: list[float] = msgspec.field(default_factory=list)
    clients: dict[str, list[float]] = msgspec.field(default_factory=dict)


class Attempts:
    """The attempts of late. Times are in seconds, by a clock that all processes share."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def begin(self, address: str, now: float) -> float:
        """Count an attempt; return 0, or for how many seconds it must wait and was not counted.

        Raises `OSError`.
        """
        client = client_of(address)
        with self._tried() as tried:
            tried.all = _of_late(tried.all, ALL_SECONDS, now)
            mine = _of_late(tried.clients.pop(client, []), CLIENT_SECONDS, now)
            wait = max(
                _wait(mine, A_CLIENT_MAX, CLIENT_SECONDS, now),
                _wait(tried.all, ALL_MAX, ALL_SECONDS, now),
            )
            if wait == 0:
                mine.append(now)
                tried.all.append(now)
            if mine:
                tried.clients[client] = mine
            _forget(tried.clients, now)
        return wait

    def succeeded(self, address: str) -> None:
        """Forget the attempts of an address that knows the password. Raises `OSError`."""
        with self._tried() as tried:
            tried.clients.pop(client_of(address), None)

    @contextmanager
    def _tried(self) -> Iterator[_Tried]:
        """Read what was tried, and write what is left of it; nobody else does meanwhile."""
        make_folder(self._path.parent)
        opened = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(opened, "r+b") as file, locked(file):
            try:
                tried = msgspec.json.decode(file.read(), type=_Tried)
            except msgspec.DecodeError:
                tried = _Tried()
            yield tried
            file.seek(0)
            file.truncate()
            file.write(msgspec.json.encode(tried))
            file.flush()


def _of_late(times: list[float], seconds: float, now: float) -> list[float]:
    """Keep the times that still count; one that is yet to come is of before the last start."""
    return [at for at in times if now - seconds < at <= now]


def _wait(times: list[float], times_max: int, seconds: float, now: float) -> float:
    return 0 if len(times) < times_max else times[0] + seconds - now


def _forget(clients: dict[str, list[float]], now: float) -> None:
    """Forget who has not tried of late, and of too many those who came first."""
    for client, times in list(clients.items()):
        if not _of_late(times, CLIENT_SECONDS, now) or len(clients) > CLIENTS_MAX:
            del clients[client]


def client_of(address: str) -> str:
    """Return whom an address stands for: of IPv6, where one has many, the network of 64 bits."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ip_network((parsed, 64), strict=False))
