"""How often a password may be tried: a few times from one address, and not too often by all. Pure.

An attempt counts from its beginning, so that many at once are no way around; one that was right is
taken back. Who is signed in already is not held up by those who try.
"""

from __future__ import annotations

from collections import deque
from ipaddress import IPv6Address, ip_address, ip_network

A_CLIENT_MAX = 5
CLIENT_SECONDS = 15 * 60.0
ALL_MAX = 30
ALL_SECONDS = 60.0
CLIENTS_MAX = 10_000


class Attempts:
    """The attempts of late. Times are in seconds, by any clock that does not go back."""

    def __init__(self) -> None:
        self._all: deque[float] = deque()
        self._clients: dict[str, deque[float]] = {}

    def begin(self, address: str, now: float) -> float:
        """Count an attempt; return 0, or for how many seconds it must wait and was not counted."""
        client = client_of(address)
        mine = self._clients.setdefault(client, deque())
        wait = max(
            _wait(mine, A_CLIENT_MAX, CLIENT_SECONDS, now),
            _wait(self._all, ALL_MAX, ALL_SECONDS, now),
        )
        if wait == 0:
            mine.append(now)
            self._all.append(now)
        if not mine:
            del self._clients[client]
        while len(self._clients) > CLIENTS_MAX:  # who came first is forgotten first
            del self._clients[next(iter(self._clients))]
        return wait

    def succeeded(self, address: str) -> None:
        """Forget the attempts of an address that knows the password."""
        self._clients.pop(client_of(address), None)


def _wait(times: deque[float], times_max: int, seconds: float, now: float) -> float:
    while times and times[0] <= now - seconds:
        times.popleft()
    return 0 if len(times) < times_max else times[0] + seconds - now


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
