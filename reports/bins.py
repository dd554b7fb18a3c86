"""The bins that times are counted in, each from its lower edge to under its upper one. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

import polars as pl

from reports import words
from reports.comparison import Bin

EDGES_SECONDS = (
    *(0, 1, 2, 3, 4, 5, 10, 15, 20, 25, 30, 40, 50),
    *(60, 120, 180, 240, 300, 600, 900, 1_200, 1_500, 1_800, 2_700),
    *(3_600, 21_600, 43_200, 64_800, 86_400, 172_800, 259_200),
)


def binned(
    facts: pl.DataFrame, value: str = "latency_seconds", count: str = "messages"
) -> list[Bin]:
    """Return the bins that hold something: from seconds, to seconds (None: no end), how many."""
    timed = facts.filter(pl.col(value).is_not_null()).group_by(value).agg(pl.sum(count))
    counted: dict[int, int] = {}
    for seconds, many in timed.iter_rows():
        at = bisect_right(EDGES_SECONDS, seconds) - 1
        counted[at] = counted.get(at, 0) + many
    edges = (*EDGES_SECONDS, None)
    return [(edges[at] or 0, edges[at + 1], many) for at, many in sorted(counted.items()) if many]


def by_second(
    facts: pl.DataFrame, value: str = "latency_seconds", count: str = "messages"
) -> list[Bin]:
    """Return a bin for each whole second that something took."""
    return [(second, second + 1, many) for second, many in _counted(facts, value, count)]


def by_unit(facts: pl.DataFrame, value: str, count: str) -> list[Bin]:
    """Return a bin for each time: a second's, from a minute on a minute's, from an hour an hour's.

    The times are rounded down to these.
    """
    return [
        (time, time + (1 if time < 60 else 60 if time < 3_600 else 3_600), many)
        for time, many in _counted(facts, value, count)
    ]


def _counted(facts: pl.DataFrame, value: str, count: str) -> Iterable[tuple[int, int]]:
    timed = facts.filter(pl.col(value).is_not_null() & (pl.col(count) > 0))
    return timed.group_by(value).agg(pl.sum(count)).sort(value).iter_rows()


def name(index: int) -> str:
    """Name the bin at a position among the edges: 5 s to under 10 s."""
    if index + 1 == len(EDGES_SECONDS):
        return f"{words.seconds(EDGES_SECONDS[-1])} or more"
    low, high = EDGES_SECONDS[index : index + 2]
    return f"{words.seconds(low)} to under {words.seconds(high)}"
