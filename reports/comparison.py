"""When a difference is more than noise. Pure.

Two rates differ clearly when the 95 % interval of their difference (Newcombe's, from the two
Wilson intervals) leaves out zero. A percentile differs clearly when its two intervals do not
meet; these are built from binned latencies and rounded outwards to the bins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, sqrt
from statistics import NormalDist
from typing import Protocol

Z = 1.959963984540054  # of a 95 % interval, two-sided
COUNT_MIN = 30  # below it no difference is called clear, whatever the interval says


@dataclass(frozen=True)
class Rate:
    """`part` of `whole`, as a fraction with its Wilson 95 % interval."""

    part: int
    whole: int
    value: float
    low: float
    high: float


class Bounded(Protocol):
    """A figure of `whole` messages with its interval."""

    @property
    def whole(self) -> int: ...
    @property
    def value(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...


@dataclass(frozen=True)
class Percentile:
    """A percentile, seconds, of `whole` times, with its interval."""

    whole: int
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Change:
    """A difference from an earlier value, in the value's unit, and whether it is clear."""

    difference: float
    clear: bool


def rate(part: int, whole: int, z: float = Z) -> Rate | None:
    """Return part / whole with its Wilson interval, or None for nothing of nothing.

    It is the 95 % interval unless `z` says otherwise.
    """
    if whole <= 0:
        return None
    value = part / whole
    centre = (value + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z * sqrt(value * (1 - value) / whole + z * z / (4 * whole * whole))
    half /= 1 + z * z / whole
    return Rate(part, whole, value, max(0.0, centre - half), min(1.0, centre + half))


def change(now: Rate | None, before: Rate | None) -> Change | None:
    """Compare two rates; None where there is nothing to compare."""
    if now is None or before is None:
        return None
    low, high = between(now, before)
    enough = min(now.whole, before.whole) >= COUNT_MIN
    return Change(now.value - before.value, enough and (low > 0 or high < 0))


def between(now: Bounded, before: Bounded) -> tuple[float, float]:
    """Return the interval of the difference of two figures, of the level of theirs."""
    difference = now.value - before.value
    low = difference - hypot(now.value - now.low, before.high - before.value)
    return low, difference + hypot(now.high - now.value, before.value - before.low)


def z_of_all(comparisons: int) -> float:
    """Return the z at which none of so many comparisons is clear by chance, 19 times in 20."""
    return NormalDist().inv_cdf(1 - 0.025 / max(1, comparisons))


def apart(low: Bounded, high: Bounded) -> bool:
    """Say whether the first figure's interval lies wholly below the second's."""
    return low.high < high.low and min(low.whole, high.whole) >= COUNT_MIN


Bin = tuple[float, float | None, int]  # from seconds, to seconds (None: no end), messages


@dataclass(frozen=True)
class Timed:
    """A percentile of times, seconds or None for no times, and the bins that these lie in."""

    value: float | None
    bins: Sequence[Bin]


def percentile_interval(bins: Sequence[Bin], quantile: float) -> tuple[float, float] | None:
    """Return a 95 % interval, seconds, of a quantile of binned latencies; None if too few.

    The ranks come from the binomial law, and each end is moved outwards to the edge of its bin.
    """
    count = sum(messages for _, _, messages in bins)
    if count < COUNT_MIN:
        return None
    half = Z * sqrt(quantile * (1 - quantile) / count)
    if quantile + half >= 1:
        return None
    low = _bin_at(bins, (quantile - half) * count)[0]
    high = _bin_at(bins, (quantile + half) * count)[1]
    return None if high is None else (low, high)


def _bin_at(bins: Sequence[Bin], rank: float) -> Bin:
    seen = 0
    for one in bins:
        seen += one[2]
        if seen >= rank:
            return one
    return bins[-1]


def percentile_change(
    now: float | None,
    before: float | None,
    bins: Sequence[Bin],
    bins_before: Sequence[Bin],
    quantile: float = 0.95,
) -> Change | None:
    """Compare a percentile of two periods, seconds; the p95 by default."""
    if now is None or before is None:
        return None
    ours = percentile_interval(bins, quantile)
    theirs = percentile_interval(bins_before, quantile)
    clear = ours is not None and theirs is not None
    if ours is not None and theirs is not None:
        clear = ours[0] >= theirs[1] or ours[1] <= theirs[0]
    return Change(now - before, clear)
