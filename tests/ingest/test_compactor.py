"""Merging files keeps every row once, whatever cuts it short, and whoever reads meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from deltalake import DeltaTable, write_deltalake
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventlog.event import encode_record
from eventlog.layout import Layout
from eventlog.schema import PARTITION_COLUMN
from eventlog.table import Table
from eventlog.table_log import LOG_FOLDER
from ingest.compactor import Compactor, delete_replaced
from ingest.journal import Journal, JournalDamagedError
from ingest.sealer import Sealer
from ingest.tables import TABLES, folder_of
from ingest.verify import verify_log
from tests.ingest.records import START, record

STEPS = [
    "merged aside",
    "merge intended",
    "merged file in place",
    "merge committed",
    "merge recorded",
]
SEAL_STEPS = ["intent recorded", "events written", "events committed", "seal recorded"]
LATER = START + timedelta(days=2)


class PowerCutError(BaseException):
    """The process ends here."""


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(tmp_path / "data")


def cutting(at: str | None) -> Callable[[str], None]:
    def reached(step: str) -> None:
        if step == at:
            raise PowerCutError

    return reached


def sealed(layout: Layout, count: int, each: int) -> None:
    """Append so many more records, and seal some at a time."""
    with Journal.open(layout.journal) as journal, Sealer(layout) as sealer:
        first = journal.last_seq() + 1
        numbers = range(first, first + count)
        journal.append_many([encode_record(record(number)) for number in numbers])
        while sealer.seal(each):
            pass


def compacted(
    layout: Layout, now: datetime = LATER, at: str | None = None, file_rows: int = 100
) -> int:
    """Merge until all is well, or the power goes at a step; return how many files were merged."""
    merged = 0
    with Compactor(layout, file_rows, lambda: now, cutting(at)) as compactor:
        try:
            while count := compactor.compact():
                merged += count
        except PowerCutError:
            assert at is not None
    return merged


def files(layout: Layout, name: str = "events") -> list[Path]:
    return Table.open(folder_of(layout, name), TABLES[name], PARTITION_COLUMN).files()


def seqs(paths: list[Path]) -> list[int]:
    return [seq for path in sorted(paths) for seq in pl.read_parquet(path)["seq"]]


def all_seqs(layout: Layout) -> list[int]:
    return sorted(seq for name in TABLES for seq in seqs(files(layout, name)))


def faults(layout: Layout) -> list[str]:
    return [str(fault) for fault in verify_log(layout, lambda _done, _total: None)]


def test_a_day_that_is_over_ends_as_one_file_of_each_table(layout: Layout) -> None:
    sealed(layout, 80, each=4)
    assert len(files(layout)) == 20
    assert compacted(layout) > 20
    assert sorted(path.parent.name for path in files(layout)) == [
        "ingested_date=2026-11-02",
        "ingested_date=2026-11-03",
    ]
    assert len(files(layout, "dead_letters")) == 2
    assert all_seqs(layout) == list(range(1, 81))
    assert faults(layout) == []
    assert compacted(layout) == 0


def test_rows_stay_in_order_and_stats_tell_their_seqs(layout: Layout) -> None:
    sealed(layout, 58, each=4)
    compacted(layout)
    table = Table.open(layout.events, TABLES["events"], PARTITION_COLUMN)
    for path, low, high in table.actions().select("path", "seq_min", "seq_max").rows():
        found = pl.read_parquet(layout.events / path)["seq"]
        assert found.is_sorted()
        assert (found[0], found[-1]) == (low, high)


@pytest.mark.parametrize("step", STEPS)
def test_a_merge_cut_short_at_any_step_is_finished_or_undone(layout: Layout, step: str) -> None:
    sealed(layout, 60, each=4)
    compacted(layout, at=step)
    assert faults(layout) == []
    assert all_seqs(layout) == list(range(1, 61))
    compacted(layout)
    assert all_seqs(layout) == list(range(1, 61))
    assert faults(layout) == []
    on_disk = set(layout.events.rglob("*.parquet")) - set(files(layout))
    assert delete_replaced(layout, LATER + timedelta(days=1)) >= len(on_disk)
    assert set(layout.events.glob("*=*/*.parquet")) == set(files(layout))


@pytest.mark.parametrize("step", STEPS)
def test_the_sealer_goes_on_after_a_merge_that_was_cut_short(layout: Layout, step: str) -> None:
    sealed(layout, 40, each=4)
    compacted(layout, at=step)
    sealed(layout, 20, each=4)
    assert all_seqs(layout) == list(range(1, 61))
    assert faults(layout) == []


@pytest.mark.parametrize("step", SEAL_STEPS)
def test_a_seal_cut_short_is_finished_before_files_are_merged(layout: Layout, step: str) -> None:
    sealed(layout, 40, each=4)
    compacted(layout)
    old = list(layout.events.glob("*=*/*.parquet"))
    with Journal.open(layout.journal) as journal:
        journal.append_many([encode_record(record(number)) for number in range(41, 61)])
    with Sealer(layout, reached=cutting(step)) as sealer, pytest.raises(PowerCutError):
        sealer.seal(20)
    compacted(layout)
    sealed(layout, 1, each=9)
    compacted(layout)
    assert all_seqs(layout) == list(range(1, 62))
    assert faults(layout) == []
    assert all(path.exists() for path in old), "those who read the old files still do"


def torn(content: bytes, kept: float | str) -> bytes:
    """Return the part that is left: a share of the bytes, or whole lines."""
    if isinstance(kept, str):
        return b"".join(content.splitlines(keepends=True)[: int(kept.split()[1])])
    return content[: int(len(content) * kept)]


@pytest.mark.parametrize("kept", [0.0, 0.1, 0.5, 0.99, "line 1", "line 3"])
def test_a_merge_whose_log_entry_was_torn_is_made_again(layout: Layout, kept: float | str) -> None:
    sealed(layout, 40, each=4)
    compacted(layout, at="merge committed")
    with Journal.open(layout.journal) as journal:
        compaction = journal.compaction()
    assert compaction is not None
    entry = max((folder_of(layout, compaction.table_name) / LOG_FOLDER).glob("*.json"))
    entry.write_bytes(torn(entry.read_bytes(), kept))
    sealed(layout, 4, each=4)
    assert all_seqs(layout) == list(range(1, 45))
    compacted(layout)
    assert all_seqs(layout) == list(range(1, 45))
    assert faults(layout) == []


def test_who_holds_the_old_list_still_reads_every_row(layout: Layout) -> None:
    sealed(layout, 60, each=4)
    old = files(layout)
    compacted(layout)
    assert not set(old) & set(files(layout))
    assert sorted(seqs(old)) == sorted(seqs(files(layout)))


def test_old_files_are_deleted_only_when_they_were_replaced_long_enough_ago(
    layout: Layout,
) -> None:
    sealed(layout, 60, each=4)
    old = files(layout)
    compacted(layout)
    assert delete_replaced(layout, LATER) == 0
    assert all(path.exists() for path in old)
    assert delete_replaced(layout, LATER + timedelta(seconds=1)) > len(old)
    assert not any(path.exists() for path in old)
    assert faults(layout) == []
    assert delete_replaced(layout, LATER + timedelta(seconds=1)) == 0


def test_a_damaged_file_is_not_merged_into_one_that_counts_as_whole(layout: Layout) -> None:
    sealed(layout, 40, each=4)
    file = files(layout)[0]
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(JournalDamagedError, match=r"its bytes have changed"):
        compacted(layout)
    assert faults(layout) == [f"{file}: its bytes have changed"]


def test_changes_behind_merged_files_are_named(layout: Layout) -> None:
    sealed(layout, 40, each=4)
    version = DeltaTable(layout.events).version()
    compacted(layout)
    file = max(files(layout), key=lambda path: path.stat().st_size)
    write_deltalake(
        layout.events, pl.read_parquet(file, hive_partitioning=True).head(1), mode="append"
    )
    entry, added = faults(layout)
    assert entry.endswith("neither a seal nor a merge wrote this entry")
    assert added.endswith("no seal wrote this file")
    DeltaTable(layout.events).restore(version)
    found = faults(layout)
    assert f"{file}: no longer part of the table" in found
    content = file.read_bytes()
    file.write_bytes(content[:-1])
    assert f"{file}: its bytes have changed" in faults(layout)
    file.unlink()
    assert f"{file}: missing" in faults(layout)


def test_a_row_moved_between_seals_is_named(layout: Layout) -> None:
    sealed(layout, 12, each=4)
    compacted(layout)
    with Journal.open(layout.journal) as journal:
        journal._connection.execute("UPDATE seals SET chain = ? WHERE seq_last = 8", ("ab" * 32,))
    assert faults(layout) == [
        "seq 5 to 8: the records do not give the recorded chain",
        "seq 9 to 12: the records do not give the recorded chain",
    ]


actions = st.lists(
    st.tuples(
        st.sampled_from(["seal", "seal", "merge"]),
        st.integers(1, 9),
        st.none() | st.sampled_from(STEPS + SEAL_STEPS),
    ),
    max_size=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(actions)
def test_any_order_of_seals_merges_and_crashes_leaves_every_row_once(
    tmp_path_factory: pytest.TempPathFactory, taken: list[tuple[str, int, str | None]]
) -> None:
    layout = Layout(tmp_path_factory.mktemp("log") / "data")
    total = 0
    for action, count, crash in taken:
        if action == "merge":
            compacted(layout, at=crash, file_rows=20)
            continue
        with Journal.open(layout.journal) as journal:
            numbers = range(total + 1, total + count + 1)
            journal.append_many([encode_record(record(number)) for number in numbers])
        total += count
        with Sealer(layout, reached=cutting(crash)) as sealer, suppress(PowerCutError):
            sealer.seal(5)
    assert faults(layout) == []
    sealed(layout, 0, each=7)
    compacted(layout, file_rows=20)
    delete_replaced(layout, datetime.max.replace(tzinfo=UTC))
    assert all_seqs(layout) == list(range(1, total + 1))
    assert faults(layout) == []


def test_a_merge_says_in_the_log_what_it_did(layout: Layout) -> None:
    sealed(layout, 40, each=4)
    compacted(layout)
    lines = max((layout.events / LOG_FOLDER).glob("*.json")).read_text().splitlines()
    changes = [next(iter(json.loads(line).values())) for line in lines[1:]]
    assert all(change["dataChange"] is False for change in changes)
