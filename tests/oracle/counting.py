"""Rates, intervals and percentiles of a handful of numbers, the schoolbook way. Pure."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from math import ceil, floor, sqrt
from statistics import NormalDist

Z_95 = NormalDist().inv_cdf(0.975)


def rate(part: int, whole: int) -> float | None:
    """Return the fraction that a part is of a whole; None of nothing."""
    return part / whole if whole else None


def wilson(part: int, whole: int) -> tuple[float | None, float | None]:
    """Return both ends of the Wilson 95 % interval; None of nothing."""
    if not whole:
        return None, None
    share, weight = part / whole, Z_95**2 / whole
    middle = (share + weight / 2) / (1 + weight)
    half = Z_95 / (1 + weight) * sqrt(share * (1 - share) / whole + weight / (4 * whole))
    return max(0.0, middle - half), min(1.0, middle + half)


def percentile(values: Collection[int], percent: int) -> float | None:
    """Return the value below which `percent` of them lie, between the two nearest; None of none."""
    if not values:
        return None
    ordered = sorted(values)
    place = Fraction(percent, 100) * (len(ordered) - 1)
    low = floor(place)
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low] + (place - low) * (ordered[high] - ordered[low]))


def median_interval(values: Collection[int]) -> tuple[float | None, float | None]:
    """Return both ends of the 95 % interval of the median, from ranks; None of under 30 values."""
    many = len(values)
    if many < 30:
        return None, None
    ordered, half = sorted(values), Z_95 * sqrt(many / 4)
    low, high = ceil(many / 2 - half), ceil(many / 2 + half)
    return float(ordered[low - 1]), float(ordered[high - 1])
