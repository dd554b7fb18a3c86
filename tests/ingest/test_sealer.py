"""Sealing moves each record into the event log exactly once, whatever cuts it short."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import polars as pl
import pytest

from eventlog.event import encode_record
from eventlog.layout import Layout
from eventlog.table import LOG_FOLDER
from ingest import sealer as sealer_module
from ingest.journal import Journal, JournalDamagedError
from ingest.sealer import Sealer
from ingest.tables import TABLES, folder_of
from ingest.verify import verify_log
from tests.ingest.records import record

STEPS = [
    "intent recorded",
    "events written",
    "events committed",
    "dead_letters written",
    "dead_letters committed",
    "seal recorded",
    "trim step",
]


class PowerCutError(BaseException):
    """The process ends here."""


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(tmp_path / "data")


def append(layout: Layout, first: int, last: int) -> None:
    with Journal.open(layout.journal) as journal:
        journal.append_many([encode_record(record(number)) for number in range(first, last + 1)])


def seal(layout: Layout, records_max: int = 10_000) -> int:
    with Sealer(layout) as sealer:
        return sealer.seal(records_max)


def cut_short(layout: Layout, at: str, records_max: int = 10_000) -> None:
    """Seal until a step is done, and no further."""

    def reached(step: str) -> None:
        if step == at:
            raise PowerCutError

    with Sealer(layout, reached=reached) as sealer, pytest.raises(PowerCutError):
        sealer.seal(records_max)


def faults(layout: Layout) -> list[str]:
    return [str(fault) for fault in verify_log(layout, lambda _done, _total: None)]


def sealed_seqs(layout: Layout) -> list[int]:
    files = [path for name in TABLES for path in folder_of(layout, name).glob("*=*/*.parquet")]
    return sorted(seq for path in files for seq in pl.read_parquet(path)["seq"])


def test_events_and_dead_letters_together_have_every_seq_once(layout: Layout) -> None:
    append(layout, 1, 100)
    assert [seal(layout, 40), seal(layout, 40), seal(layout, 40), seal(layout, 40)] == [
        40,
        40,
        20,
        0,
    ]
    assert sealed_seqs(layout) == list(range(1, 101))
    with Journal.open(layout.journal) as journal:
        assert (journal.seqs(), journal.depth()) == ([], 0)
    assert faults(layout) == []


def test_rows_lie_in_the_partition_of_the_day_they_came(layout: Layout) -> None:
    append(layout, 1, 60)  # half a minute before midnight to half a minute after
    seal(layout)
    days = {path.parent.name for path in layout.events.glob("*=*/*.parquet")}
    assert days == {"ingested_date=2026-11-02", "ingested_date=2026-11-03"}


@pytest.mark.parametrize("step", STEPS)
def test_a_seal_cut_short_at_any_step_is_finished_by_the_next(layout: Layout, step: str) -> None:
    append(layout, 1, 30)
    seal(layout)
    append(layout, 31, 2_300)
    cut_short(layout, step)
    assert faults(layout) == []
    append(layout, 2_301, 2_310)
    while seal(layout):
        pass
    assert sealed_seqs(layout) == list(range(1, 2_311))
    assert faults(layout) == []


@pytest.mark.parametrize(("first", "second"), list(combinations(STEPS[:-1], 2)))
def test_a_seal_cut_short_twice_is_finished_too(layout: Layout, first: str, second: str) -> None:
    append(layout, 1, 30)
    cut_short(layout, first)
    append(layout, 31, 60)
    cut_short(layout, second)
    while seal(layout):
        pass
    assert sealed_seqs(layout) == list(range(1, 61))
    assert faults(layout) == []


def test_the_same_sealer_goes_on_after_a_failure(layout: Layout) -> None:
    failing = iter([True, False, False])

    def reached(step: str) -> None:
        if step == "events committed" and next(failing):
            raise OSError("no room")

    append(layout, 1, 50)
    with Sealer(layout, reached=reached) as sealer:
        with pytest.raises(OSError, match="no room"):
            sealer.seal(100)
        assert sealer.seal(10) == 50
    assert faults(layout) == []


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("kept", [0.0, 0.1, 0.5, 0.9, 1.0, "line 1", "line 2", "line 3"])
def test_a_log_entry_torn_by_a_power_cut_is_set_aside(
    layout: Layout, name: str, kept: float | str
) -> None:
    append(layout, 1, 30)
    seal(layout)
    append(layout, 31, 60)
    cut_short(layout, f"{name} committed")
    entry = max((folder_of(layout, name) / LOG_FOLDER).glob("*.json"))
    content = entry.read_bytes()
    if isinstance(kept, str):
        lines = content.splitlines(keepends=True)
        entry.write_bytes(b"".join(lines[: int(kept.split()[1])]))
    else:
        entry.write_bytes(content[: int(len(content) * kept)])
    seal(layout)
    assert sealed_seqs(layout) == list(range(1, 61))
    assert faults(layout) == []


def test_a_table_torn_while_it_was_made_is_made_again(layout: Layout) -> None:
    seal(layout)
    for name in TABLES:
        entry = folder_of(layout, name) / LOG_FOLDER / f"{0:020d}.json"
        entry.write_bytes(entry.read_bytes()[:300])
    append(layout, 1, 10)
    assert seal(layout) == 10
    assert faults(layout) == []


def test_two_sealers_take_turns(layout: Layout) -> None:
    append(layout, 1, 100)
    with Sealer(layout) as one, Sealer(layout) as other:
        assert [one.seal(30), other.seal(30), one.seal(30), other.seal(30)] == [30, 30, 30, 10]
    assert faults(layout) == []


def test_a_journal_older_than_its_log_is_refused(layout: Layout) -> None:
    append(layout, 1, 10)
    old = layout.journal.read_bytes()
    with Journal.open(layout.journal) as journal:
        journal._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        old = layout.journal.read_bytes()
    seal(layout)
    layout.journal.write_bytes(old)
    with pytest.raises(JournalDamagedError, match="holds records up to 10"):
        seal(layout)


def test_a_record_gone_from_the_journal_stops_sealing(layout: Layout) -> None:
    append(layout, 1, 10)
    with Journal.open(layout.journal) as journal:
        journal._connection.execute("DELETE FROM journal WHERE seq = 5")
    with pytest.raises(JournalDamagedError, match="missing"):
        seal(layout)
    assert faults(layout) == ["seq 5 to 5: neither in the journal nor in the event log"]


def test_a_seal_takes_no_more_into_memory_than_a_few_large_records(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealer_module, "BATCH_BYTES_MAX", 10_000)
    monkeypatch.setattr(sealer_module, "PIECE_RECORDS", 10)
    append(layout, 1, 300)
    sizes = []
    with Sealer(layout) as sealer:
        while sealed := sealer.seal(10_000):
            sizes.append(sealed)
    assert len(sizes) > 5
    assert max(sizes) < 60
    assert sealed_seqs(layout) == list(range(1, 301))
    assert faults(layout) == []


def test_an_interrupted_seal_is_finished_as_it_began_whatever_its_size(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(layout, 1, 200)
    cut_short(layout, "events committed")
    monkeypatch.setattr(sealer_module, "BATCH_BYTES_MAX", 1)
    monkeypatch.setattr(sealer_module, "PIECE_RECORDS", 10)
    assert seal(layout) == 200
    assert faults(layout) == []
