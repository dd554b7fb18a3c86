"""Of which days the files are written whole, and beside which only newer rows. Pure.

    started_day=2026-03-27/00-12-….parquet     what was written whole
                           12-24-….parquet
                           newer-….parquet     rows that stand for those of the same beginning

A few moments go to conversations of all the days before, and where numbers are spoken to every day
those days are large. So what became of them is written beside their files, and a day is written
whole when there is much of that: of a day with few rows at once, of some large ones in each run.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from analytics.projections.parts import Plan, StoredFile, plan

NEWER = "newer"
FILES_WORTH = 2  # so many full files may be written whole in a run


@dataclass(frozen=True)
class Layers:
    """What to write, and which files hold what else goes into it."""

    planned: Plan
    whole: list[str]
    kept: list[str]


def is_newer(path: str) -> bool:
    """Say whether a file holds newer rows, by its name."""
    return PurePath(path).name.startswith(f"{NEWER}-")


def layers(
    stored: Iterable[StoredFile],
    landing: Iterable[tuple[str, int, int]],
    replaced: Mapping[str, int],
    rows_per_file: int,
    newer_share: float,
) -> Layers:
    """Plan where rows land (day, hour, how many) and what they replace (by day) is written."""
    by_day: dict[str, list[StoredFile]] = defaultdict(list)
    for file in stored:
        by_day[file.day].append(file)
    landed = list(landing)
    changed = Counter(replaced)
    lands_on: Counter[str] = Counter()
    for day, _, rows in landed:
        lands_on[day] += rows
    changed |= lands_on  # most of what lands stands for what it replaces
    rows_max = FILES_WORTH * rows_per_file
    whole_days = _whole_days({day: by_day[day] for day in changed}, changed, rows_max, newer_share)
    whole = [file for day in sorted(whole_days) for file in by_day[day]]
    others = sorted(set(changed) - whole_days)
    kept = [file.path for day in others for file in by_day[day] if is_newer(file.path)]
    lands = [each for each in landed if each[0] in whole_days]
    planned = plan(whole, {file.path for file in whole}, lands, rows_per_file)
    slots = [(day, hour, NEWER) for day in others for hour in range(24)]
    return Layers(
        Plan(planned.paths | set(kept), planned.slots + slots), [file.path for file in whole], kept
    )


def _whole_days(
    files: Mapping[str, list[StoredFile]],
    changed: Mapping[str, int],
    rows_max: int,
    newer_share: float,
) -> set[str]:
    """Return the days of which much is newer, those of which most is first, while they fit."""
    shares = {day: _newer_share(files[day], changed[day]) for day in files}
    found: set[str] = set()
    left = rows_max
    for day in sorted(shares, key=lambda day: (-shares[day], day)):
        rows = sum(file.rows for file in files[day])
        if shares[day] > newer_share and (not rows or rows <= left or left == rows_max):
            found.add(day)
            left -= rows
    return found


def _newer_share(files: Iterable[StoredFile], more: int) -> float:
    rows = Counter({True: more})
    for file in files:
        rows[is_newer(file.path)] += file.rows
    return rows[True] / rows[False] if rows[False] else float("inf")
