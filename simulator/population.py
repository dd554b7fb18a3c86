"""Who is written to, on which networks, and for which campaigns. Pure.

Nobody here exists. Romanian numbers all come from one block (+40700…) so that they are plainly
invented and yet pass a validator; the German and French ones are the ranges that their
regulators keep for films. Which person is on which network at a time follows from the person's
index, so that a population of any size needs no memory. One Romanian in twenty takes the number to
another network once a year, and back a year later.
"""

from __future__ import annotations

from bisect import bisect
from functools import lru_cache
from itertools import accumulate
from random import Random
from typing import NamedTuple

PEOPLE = 80_000
_NUMBER_STRIDE = 617_403  # coprime to the million numbers of the block: no two people share one
_HASH_STRIDE = 2_654_435_761
_MOVER_STRIDE = 2_246_822_519

MOVERS = 0.05
YEAR_SECONDS = 365 * 86_400
NEVER = float("inf")


class Network(NamedTuple):
    """A network's habits. `success` is the share of final statuses that are `delivered`."""

    mcc: str
    mnc: str
    share: float
    success: float
    latency_median_seconds: float
    latency_sigma: float
    reply_rate: float


class Person(NamedTuple):
    """A number, in E.164, and the network that it is on."""

    number: str
    network: Network


VODAFONE = Network("226", "01", 0.36, 0.948, 4.4, 0.90, 0.097)
ORANGE = Network("226", "10", 0.34, 0.9645, 3.2, 0.58, 0.142)
DIGI = Network("226", "05", 0.24, 0.9575, 3.7, 0.65, 0.131)
TELEKOM = Network("226", "03", 0.04, 0.949, 4.2, 0.72, 0.118)
GERMAN = Network("262", "01", 0.009, 0.955, 5.0, 0.70, 0.050)
FRENCH = Network("208", "01", 0.007, 0.950, 5.2, 0.75, 0.050)
UNKNOWN = Network("226", "99", 0.004, 0.900, 6.0, 0.90, 0.050)
NETWORKS = (VODAFONE, ORANGE, DIGI, TELEKOM, GERMAN, FRENCH, UNKNOWN)

MOVES_TO = {
    VODAFONE: (DIGI, ORANGE),
    ORANGE: (DIGI, VODAFONE),
    DIGI: (ORANGE, VODAFONE),
    TELEKOM: (DIGI, ORANGE),
}

_CUMULATIVE_SHARES = tuple(accumulate(network.share for network in NETWORKS))[:-1]

CAMPAIGNS: dict[str | None, float] = {
    None: 0.40,
    "reminders": 0.25,
    "loyalty": 0.15,
    "spring": 0.12,
    "win-back": 0.08,
}
REPLY_FACTORS = {None: 1.05, "reminders": 1.25, "loyalty": 0.8, "spring": 0.85, "win-back": 0.55}


def person(index: int, at: float) -> Person:
    """Return the person of that index as of an epoch second; the number is always the same."""
    (number, home), ahead = _settled(index)
    away = ahead is not None and int(at / YEAR_SECONDS + ahead) % 2
    return Person(number, MOVES_TO[home][index // 2 % 2] if away else home)


def since_move(index: int, at: float) -> float:
    """Return for how many seconds the person has been on this network; infinity without moves."""
    ahead = _settled(index)[1]
    return NEVER if ahead is None else (at / YEAR_SECONDS + ahead) % 1 * YEAR_SECONDS


def anyone(rng: Random) -> int:
    """Pick a recipient, by index; some are written to far more often than others."""
    return int(PEOPLE * rng.random() * rng.random())


@lru_cache(maxsize=4096)
def _settled(index: int) -> tuple[Person, float | None]:
    """Return the person at home, and by how many years the moves are ahead; None without moves.

    Each year begins with a move, an even one with that home.
    """
    network = NETWORKS[bisect(_CUMULATIVE_SHARES, _fraction(index, _HASH_STRIDE))]
    serial = index * _NUMBER_STRIDE % 1_000_000
    if network is GERMAN:
        return Person(f"+4917139200{serial % 100:02}", network), None
    if network is FRENCH:
        return Person(f"+336399800{serial % 100:02}", network), None
    begins = _fraction(index, _MOVER_STRIDE) / MOVERS
    moves = begins < 1 and network in MOVES_TO
    return Person(f"+40700{serial:06}", network), begins + index % 2 if moves else None


def _fraction(index: int, stride: int) -> float:
    """Return a number from 0 to 1 that looks drawn, always the same one."""
    return (index * stride & 0xFFFFFFFF) / 0x100000000
