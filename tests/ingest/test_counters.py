"""Counts of several processes add up, and go on after a restart."""

from __future__ import annotations

from pathlib import Path

from ingest.counters import BOUNDS_SECONDS, KINDS, REASONS, Counters, totals

MILLISECOND = 1_000_000


def test_counts_of_several_processes_add_up(tmp_path: Path) -> None:
    with Counters.claim(tmp_path) as one, Counters.claim(tmp_path) as other:
        one.took("status", 2 * MILLISECOND)
        other.took("status", MILLISECOND)
        other.took("dead_letter", 60_000 * MILLISECOND)
        other.refused("token")
        for each in (one, other):
            each.write()
        found = totals(tmp_path)
    assert found.taken == {"status": 2, "reply": 0, "dead_letter": 1}
    assert found.refused == dict.fromkeys(REASONS, 0) | {"token": 1}
    assert (found.buckets[:2], found.buckets[-1], sum(found.buckets)) == ([1, 1], 1, 3)
    assert found.seconds == 60.003
    assert len(list(tmp_path.iterdir())) == 2


def test_counts_go_on_after_a_restart(tmp_path: Path) -> None:
    for _ in range(3):
        with Counters.claim(tmp_path) as counters:
            counters.took("reply", 1)
    assert totals(tmp_path).taken["reply"] == 3
    assert len(list(tmp_path.iterdir())) == 1


def test_a_torn_file_counts_for_nothing(tmp_path: Path) -> None:
    with Counters.claim(tmp_path) as counters:
        counters.took("reply", 1)
    (tmp_path / "0").write_bytes(b"torn")
    assert totals(tmp_path).taken["reply"] == 0


def test_before_the_first_process_everything_is_zero(tmp_path: Path) -> None:
    found = totals(tmp_path / "none")
    assert found.taken == dict.fromkeys(KINDS, 0)
    assert found.buckets == [0] * (len(BOUNDS_SECONDS) + 1)


def test_without_a_file_counting_goes_on(tmp_path: Path) -> None:
    (tmp_path / "in the way").write_text("")
    with Counters.claim(tmp_path / "in the way") as counters:
        counters.took("reply", 1)
