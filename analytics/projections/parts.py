"""How the rows of a day are divided among files, so that a run writes hours and not days. Pure.

    sent_day=2026-03-27/06-12-….parquet     rows of 06:00 to 11:59:59.999999, UTC

A small day is one file. When the files of a day would hold more than so many rows each, they are
cut into files of fewer hours each, never of more again: at most 24 a day. Which rows a
projection has does not depend on how they are divided.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

EPOCH = date(1970, 1, 1)
HOURS_PER_FILE = (24, 12, 6, 3, 1)
EVER_HOURS = 10_000 * 366 * 24  # longer than from the first year to the last that dates know


@dataclass(frozen=True)
class Part:
    """The rows that a file may hold: those of a day, from an hour up to another."""

    day: str
    first: int
    past: int

    @property
    def width(self) -> int:
        """How many hours it spans."""
        return self.past - self.first

    @property
    def hours(self) -> str:
        """What the names of its files begin with."""
        return f"{self.first:02d}-{self.past:02d}"

    def is_between(self, first_hour: int, last_hour: int) -> bool:
        """Say whether any of its rows may be of these hours, counted since 1970."""
        midnight = (date.fromisoformat(self.day) - EPOCH).days * 24
        return midnight + self.first <= last_hour and first_hour < midnight + self.past

    def overlaps(self, other: Part) -> bool:
        """Say whether a row may belong to both."""
        return self.day == other.day and self.first < other.past and other.first < self.past


@dataclass(frozen=True)
class StoredFile:
    """A file of a table, as its log lists it."""

    path: str
    day: str
    rows: int

    @property
    def part(self) -> Part:
        """What it may hold, by its name; one with another name may hold the whole day."""
        first, _, rest = PurePath(self.path).name.partition("-")
        past, _, _ = rest.partition("-")
        if first.isdecimal() and past.isdecimal():
            return Part(self.day, int(first), int(past))
        return Part(self.day, 0, 24)


@dataclass(frozen=True)
class Plan:
    """Which files to write again, and to which part each hour of their days belongs."""

    paths: set[str]
    slots: list[tuple[str, int, str]]  # day, hour, hours of the part


def joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join the spans of hours that overlap or follow on each other; both ends are included."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def plan(
    stored: Iterable[StoredFile],
    touched: Collection[str],
    landing: Iterable[tuple[str, int, int]],
    rows_per_file: int,
) -> Plan:
    """Plan to write the `touched` files again, and where rows land: (day, hour, how many)."""
    by_day: dict[str, list[StoredFile]] = defaultdict(list)
    for file in stored:
        by_day[file.day].append(file)
    lands: dict[str, dict[int, int]] = defaultdict(dict)
    for day, hour, rows in landing:
        lands[day][hour] = rows
    days = {file.day for files in by_day.values() for file in files if file.path in touched}
    result = Plan(set(touched), [])
    for day in days | set(lands):
        width = _width(by_day[day], sum(lands[day].values()), rows_per_file)
        parts = [Part(day, hour, hour + width) for hour in range(0, 24, width)]
        landed = [part for part in parts if any(part.first <= h < part.past for h in lands[day])]
        result.paths.update(
            file.path
            for file in by_day[day]
            if file.part.width > width or any(file.part.overlaps(part) for part in landed)
        )
        result.slots.extend(
            (day, hour, part.hours) for part in parts for hour in range(part.first, part.past)
        )
    return result


def _width(files: list[StoredFile], more_rows: int, rows_per_file: int) -> int:
    """Return how many hours each file of a day shall span: never more than they do already."""
    rows = sum(file.rows for file in files) + more_rows
    wanted = next((w for w in HOURS_PER_FILE if rows * w <= rows_per_file * 24), HOURS_PER_FILE[-1])
    return min([wanted, *(file.part.width for file in files)])
