"""How the rows of a day are divided among files."""

from __future__ import annotations

import pytest

from analytics.projections.parts import Part, StoredFile, joined, plan

DAY = "2026-03-27"
OTHER = "2026-03-28"


def stored(hours: str, rows: int, day: str = DAY) -> StoredFile:
    return StoredFile(f"sent_day={day}/{hours}-0f.parquet", day, rows)


def hours_of(slots: list[tuple[str, int, str]]) -> list[str]:
    return list(dict.fromkeys(hours for _, _, hours in slots))


def test_a_small_day_is_one_file() -> None:
    planned = plan([], [], [(DAY, 7, 60), (DAY, 9, 40)], rows_per_file=100)
    assert planned.paths == set()
    assert planned.slots == [(DAY, hour, "00-24") for hour in range(24)]


@pytest.mark.parametrize(
    ("rows", "hours"), [(100, "00-24"), (101, "00-12"), (201, "00-06"), (801, "00-01")]
)
def test_a_larger_day_has_files_of_fewer_hours(rows: int, hours: str) -> None:
    planned = plan([], [], [(DAY, 0, rows)], rows_per_file=100)
    assert planned.slots[0] == (DAY, 0, hours)
    assert [hour for _, hour, _ in planned.slots] == list(range(24))


def test_only_the_files_in_which_rows_land_are_written_again() -> None:
    files = [stored("00-12", 50), stored("12-24", 50), stored("00-24", 9, OTHER)]
    planned = plan(files, [], [(DAY, 13, 5)], rows_per_file=100)
    assert planned.paths == {files[1].path}
    assert hours_of(planned.slots) == ["00-12", "12-24"], "as fine as it was, not coarser again"


def test_a_file_that_is_touched_is_written_again_though_nothing_lands_in_it() -> None:
    files = [stored("00-12", 50), stored("12-24", 50)]
    planned = plan(files, [files[0].path], [(OTHER, 1, 1)], rows_per_file=100)
    assert planned.paths == {files[0].path}
    assert {day for day, _, _ in planned.slots} == {DAY, OTHER}


def test_a_day_that_outgrows_its_files_is_cut_anew() -> None:
    files = [stored("00-12", 100), stored("12-24", 90)]
    planned = plan(files, [], [(DAY, 13, 50)], rows_per_file=100)
    assert planned.paths == {file.path for file in files}
    assert hours_of(planned.slots) == ["00-06", "06-12", "12-18", "18-24"]


def test_a_file_of_another_name_may_hold_the_whole_day() -> None:
    assert StoredFile(f"sent_day={DAY}/0f9a.parquet", DAY, 1).part == Part(DAY, 0, 24)


def test_a_part_knows_its_hours_since_1970() -> None:
    part = Part("1970-01-02", 6, 12)
    assert part.is_between(0, 30)
    assert part.is_between(35, 99)
    assert not part.is_between(0, 29)
    assert not part.is_between(36, 99)


def test_spans_that_meet_are_one() -> None:
    assert joined([(7, 9), (1, 3), (4, 5), (2, 2), (-5, -1)]) == [(-5, -1), (1, 5), (7, 9)]
    assert joined([]) == []
