"""Who is written to, on which networks, and for which campaigns. Pure.

Nobody here exists. Romanian numbers all come from one block (+40700…) so that they are plainly
invented and yet pass a validator; the German and French ones are the ranges that their
regulators keep for films. Which person lives on which network follows from the person's index,
so that a population of any size needs no memory and a number stays on its network.
"""

from __future__ import annotations

from bisect import bisect
from itertools import accumulate
from random import Random
from typing import NamedTuple

PEOPLE = 80_000
_NUMBER_STRIDE = 617_403  # coprime to the million numbers of the block: no two people share one
_HASH_STRIDE = 2_654_435_761


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

_CUMULATIVE_SHARES = tuple(accumulate(network.share for network in NETWORKS))[:-1]

CAMPAIGNS: dict[str | None, float] = {
    None: 0.40,
    "reminders": 0.25,
    "loyalty": 0.15,
    "spring": 0.12,
    "win-back": 0.08,
}
REPLY_FACTORS = {None: 1.05, "reminders": 1.25, "loyalty": 0.8, "spring": 0.85, "win-back": 0.55}


def person(index: int) -> Person:
    """Return the person of that index, always the same one."""
    fraction = (index * _HASH_STRIDE & 0xFFFFFFFF) / 0x100000000
    network = NETWORKS[bisect(_CUMULATIVE_SHARES, fraction)]
    serial = index * _NUMBER_STRIDE % 1_000_000
    if network is GERMAN:
        return Person(f"+4917139200{serial % 100:02}", network)
    if network is FRENCH:
        return Person(f"+336399800{serial % 100:02}", network)
    return Person(f"+40700{serial:06}", network)


def anyone(rng: Random) -> Person:
    """Pick a recipient; some are written to far more often than others."""
    return person(int(PEOPLE * rng.random() * rng.random()))
