"""What is merged: neighbours of one day, rarely, and so that few files are left."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ingest.journal import SealedFile
from ingest.merging import FILE_BYTES_MAX, MERGED_FILES_MAX, next_merge

TODAY = date(2026, 11, 24)
YESTERDAY = TODAY - timedelta(days=1)
FILE_ROWS = 10_000


def file(first: int, rows: int, day: date = TODAY, size_bytes: int = 1) -> SealedFile:
    return SealedFile(
        table_name="events",
        path=f"ingested_date={day}/{first}.parquet",
        seq_first=first,
        seq_last=first + rows - 1,
        rows=rows,
        size_bytes=size_bytes,
        sha256="",
    )


def sizes(*rows: int, day: date = TODAY) -> list[SealedFile]:
    firsts = [1 + sum(rows[:place]) for place in range(len(rows))]
    return [file(first, count, day) for first, count in zip(firsts, rows, strict=True)]


def chosen(files: list[SealedFile]) -> list[int]:
    return [each.rows for each in next_merge(files, TODAY, FILE_ROWS)]


def merged(files: list[SealedFile]) -> tuple[list[SealedFile], list[SealedFile]]:
    """Merge until all is well; return the files, and every file that was merged on the way."""
    gone: list[SealedFile] = []
    while run := next_merge(files, TODAY, FILE_ROWS):
        gone += run
        left = [each for each in files if each not in run]
        day = date.fromisoformat(run[0].path[14:24])
        files = [*left, file(run[0].seq_first, sum(each.rows for each in run), day)]
    return sorted(files, key=lambda each: each.seq_first), gone


def test_neighbours_are_merged_when_they_reach_a_power_of_ten() -> None:
    assert chosen(sizes(*[1] * 9)) == []
    assert chosen(sizes(*[1] * 10)) == [1] * 10
    assert chosen(sizes(30, 60, 9)) == []
    assert chosen(sizes(30, 60, 9, 1)) == [30, 60, 9, 1]


def test_a_large_file_is_left_alone() -> None:
    assert chosen([file(1, FILE_ROWS), *sizes(1, 1)]) == []
    assert chosen([file(1, 5_000, size_bytes=FILE_BYTES_MAX), file(5_001, 6_000)]) == []


def test_what_is_left_of_a_day_that_is_over_becomes_one_file() -> None:
    left = sizes(800, 80, 9, day=YESTERDAY)
    assert chosen(left) == [800, 80, 9]
    assert chosen(sizes(5_000, day=YESTERDAY)) == []


def test_a_few_late_rows_do_not_rewrite_a_whole_day() -> None:
    assert chosen(sizes(9_000, 3, 2, day=YESTERDAY)) == [3, 2]
    assert chosen(sizes(9_000, 5, day=YESTERDAY)) == []


def test_one_merge_has_an_end() -> None:
    assert len(chosen(sizes(*[1] * 5_000))) == MERGED_FILES_MAX


def test_days_and_tables_are_never_mixed() -> None:
    files = [file(1, 5), file(6, 4, YESTERDAY), file(10, 5)]
    assert [each.seq_first for each in next_merge(files, TODAY, FILE_ROWS)] == [1, 10]


@given(st.lists(st.integers(1, 3_000), max_size=60), st.sampled_from([TODAY, YESTERDAY]))
def test_rows_keep_their_order_and_are_merged_once_per_power(rows: list[int], day: date) -> None:
    files, gone = merged(sizes(*rows, day=day))
    assert sum(each.rows for each in files) == sum(rows)
    assert all(before.seq_last + 1 == after.seq_first for before, after in pairwise(files))
    times = Counter(seq for each in gone for seq in (each.seq_first,))
    assert max(times.values(), default=0) <= 6


def test_files_stay_few_and_work_small_for_a_whole_day() -> None:
    files: list[SealedFile] = []
    rewritten = 0
    for seal in range(5_000):
        files, gone = merged([*files, file(1 + seal * 3, 3)])
        rewritten += sum(each.rows for each in gone)
    assert len(files) <= 25
    assert rewritten <= 4 * 15_000
