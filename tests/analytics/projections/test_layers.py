"""Of which days conversations are written whole, and beside which only newer rows."""

from __future__ import annotations

from analytics.projections.conversations.layers import Layers, layers
from analytics.projections.parts import StoredFile

ROWS_PER_FILE = 1_000


def whole(day: str, rows: int) -> StoredFile:
    return StoredFile(f"started_day={day}/00-24-a.parquet", day, rows)


def newer(day: str, rows: int) -> StoredFile:
    return StoredFile(f"started_day={day}/newer-a.parquet", day, rows)


def planned(stored: list[StoredFile], changed: dict[str, int]) -> Layers:
    landing = [(day, 5, rows) for day, rows in changed.items()]
    return layers(stored, landing, {}, ROWS_PER_FILE, 0.125)


def parts(found: Layers) -> dict[str, set[str]]:
    """Return the parts that are written, by day."""
    days: dict[str, set[str]] = {}
    for day, _, part in found.planned.slots:
        days.setdefault(day, set()).add(part)
    return days


def test_a_new_day_is_written_whole() -> None:
    assert parts(planned([], {"2026-03-27": 1})) == {"2026-03-27": {"00-24"}}


def test_little_is_written_beside_a_large_day_in_place_of_what_was_there() -> None:
    stored = [whole("2026-03-27", 1_000), newer("2026-03-27", 50), whole("2026-03-28", 10)]
    found = planned(stored, {"2026-03-27": 10})
    assert parts(found) == {"2026-03-27": {"newer"}}
    assert found.planned.paths == set(found.kept) == {stored[1].path}


def test_a_day_of_which_an_eighth_is_newer_is_written_whole() -> None:
    stored = [whole("2026-03-27", 1_000), newer("2026-03-27", 120)]
    found = planned(stored, {"2026-03-27": 10})
    assert "newer" not in parts(found)["2026-03-27"]
    assert found.planned.paths == set(found.whole) == {each.path for each in stored}


def test_no_more_days_are_written_whole_in_a_run_than_two_files_full() -> None:
    days = [f"2026-03-{day}" for day in range(10, 20)]
    stored = [whole(day, 900) for day in days] + [newer(day, 200 + int(day[-1])) for day in days]
    found = planned(stored, dict.fromkeys(days, 1))
    assert [day for day, names in parts(found).items() if names != {"newer"}] == ["2026-03-19"]


def test_a_day_larger_than_that_is_written_whole_alone() -> None:
    stored = [whole("2026-03-27", 9_000), whole("2026-03-28", 9_000)]
    found = planned(stored, {"2026-03-27": 4_000, "2026-03-28": 5_000})
    assert "newer" not in parts(found)["2026-03-28"]
    assert parts(found)["2026-03-27"] == {"newer"}


def test_of_what_is_only_replaced_the_newer_rows_are_written() -> None:
    found = layers([whole("2026-03-27", 100)], [], {"2026-03-27": 1}, ROWS_PER_FILE, 0.125)
    assert parts(found) == {"2026-03-27": {"newer"}}
