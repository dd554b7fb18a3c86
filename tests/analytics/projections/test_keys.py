"""Where rows lie is found by their keys, in however many runs they were added."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.projections.keys import RUNS_OF_A_SIZE, SCHEMA, Keys

Entry = tuple[int, int]


def frame(entries: list[Entry]) -> pl.DataFrame:
    return pl.DataFrame(entries, schema=SCHEMA, orient="row")


def found(keys: Keys, *wanted: int) -> list[Entry]:
    return sorted(keys.find(pl.Series(wanted, dtype=pl.Int64)).rows())


entries = st.tuples(st.integers(-5, 40) | st.integers(-(2**63), 2**63 - 1), st.integers(-9, 9))


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(entries, max_size=9), max_size=30), st.sets(st.integers(-5, 40)))
def test_all_that_was_added_is_found_and_nothing_else(
    tmp_path: Path, runs: list[list[Entry]], wanted: set[int]
) -> None:
    keys = Keys(tmp_path / "keys")
    for run in runs:
        keys = keys.adding(frame(run))
    added = [entry for run in runs for entry in run]
    assert found(keys, *wanted) == sorted(entry for entry in added if entry[0] in wanted)


def test_runs_of_one_size_become_one(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    for number in range(RUNS_OF_A_SIZE**2):
        keys = keys.adding(frame([(number, 7)]))
    assert len(keys.names) < RUNS_OF_A_SIZE
    assert found(keys, 0, 63, 64) == [(0, 7), (63, 7)]


def test_what_was_merged_is_there_until_it_is_forgotten(tmp_path: Path) -> None:
    first = Keys(tmp_path).adding(frame([(1, 1)]))
    later = first
    for number in range(2, RUNS_OF_A_SIZE + 1):
        later = later.adding(frame([(number, 1)]))
    assert found(first, 1) == found(later, 1) == [(1, 1)]
    later.forget_others()
    assert found(later, 1) == [(1, 1)]
    assert {path.name for path in tmp_path.iterdir()} == set(later.names)


def test_a_run_that_is_missing_is_noticed(tmp_path: Path) -> None:
    keys = Keys(tmp_path).adding(frame([(1, 1)]))
    listing = keys.listing["keys"]
    assert Keys.listed(tmp_path, listing) == keys
    (tmp_path / listing).unlink()
    assert Keys.listed(tmp_path, listing) is None
    assert Keys.listed(tmp_path, None) is None
    assert Keys.listed(tmp_path, "") == Keys(tmp_path)
