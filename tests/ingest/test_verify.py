"""Verification names every changed, missing or added file, and every lost seq."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from deltalake import DeltaTable, write_deltalake

from eventlog import table
from eventlog.event import encode_record
from eventlog.layout import Layout
from eventlog.table import LOG_FOLDER
from ingest.journal import Journal
from ingest.sealer import Sealer
from ingest.verify import verify_log
from tests.ingest.records import record


@pytest.fixture
def layout(tmp_path: Path) -> Iterator[Layout]:
    """Yield a log of four seals, and six records that wait."""
    layout = Layout(tmp_path / "data")
    with Journal.open(layout.journal) as journal, Sealer(layout) as sealer:
        journal.append_many([encode_record(record(number)) for number in range(1, 47)])
        for _ in range(4):
            sealer.seal(10)
    assert faults(layout) == []
    yield layout


def faults(layout: Layout) -> list[str]:
    return [str(fault) for fault in verify_log(layout, lambda _done, _total: None)]


def event_files(layout: Layout) -> list[Path]:
    return sorted(layout.events.glob("*=*/*.parquet"))


@pytest.fixture
def smallest(tmp_path: Path) -> Layout:
    """Return a log of one event and one dead letter."""
    layout = Layout(tmp_path / "small")
    with Journal.open(layout.journal) as journal, Sealer(layout) as sealer:
        journal.append_many([encode_record(record(number)) for number in (1, 2)])
        sealer.seal(10)
    return layout


@pytest.mark.parametrize("pattern", ["ingested_date=*/*.parquet", f"{LOG_FOLDER}/*1.json"])
@pytest.mark.parametrize("step", [11, pytest.param(1, marks=pytest.mark.soak)])
def test_every_byte_of_a_file_counts(smallest: Layout, pattern: str, step: int) -> None:
    (file,) = smallest.dead_letters.glob(pattern)
    content = file.read_bytes()
    for position in range(0, len(content), step):
        changed = bytearray(content)
        changed[position] ^= 1 << position % 8
        file.write_bytes(changed)
        assert f"{file}: its bytes have changed" in faults(smallest)
    file.write_bytes(content)
    assert faults(smallest) == []


def test_a_changed_log_checkpoint_and_a_missing_log_entry_are_named(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "LOG_CHECKPOINT_EVERY_COMMITS", 5)
    with Sealer(layout) as sealer:
        sealer.seal(6)
    (checkpoint,) = (layout.events / LOG_FOLDER).glob("*.checkpoint.parquet")
    content = bytearray(checkpoint.read_bytes())
    content[len(content) // 2] ^= 1
    checkpoint.write_bytes(content)
    assert f"{checkpoint}: its bytes have changed" in faults(layout)
    entry = layout.dead_letters / LOG_FOLDER / f"{3:020d}.json"
    entry.unlink()
    assert f"{entry}: missing" in faults(layout)


def test_a_log_checkpoint_that_says_other_than_the_entries_is_found(
    layout: Layout, tmp_path: Path
) -> None:
    """A file is put into another day, by a checkpoint made of a changed copy of the log."""
    aside = tmp_path / "aside"
    shutil.copytree(layout.events, aside)
    entry = aside / LOG_FOLDER / f"{2:020d}.json"
    content = entry.read_text().replace(
        '"ingested_date":"2026-11-02"', '"ingested_date":"2026-01-01"'
    )
    entry.write_text(content)
    DeltaTable(aside).create_checkpoint()
    for made in (aside / LOG_FOLDER).glob("*checkpoint*"):
        shutil.copy(made, layout.events / LOG_FOLDER)
    (fault,) = faults(layout)
    assert fault.endswith(".parquet: the table's log says other of it")


def test_a_missing_file_is_named(layout: Layout) -> None:
    file = event_files(layout)[1]
    file.unlink()
    assert faults(layout) == [f"{file}: missing"]


def test_a_file_that_no_seal_wrote_is_named(layout: Layout) -> None:
    extra = event_files(layout)[0].with_name("extra.parquet")
    shutil.copy(event_files(layout)[0], extra)
    assert faults(layout) == [f"{extra}: no seal wrote this file"]


def test_a_row_that_no_seal_wrote_is_named(layout: Layout) -> None:
    rows = pl.read_parquet(event_files(layout)[0], hive_partitioning=True)
    write_deltalake(layout.events, rows, mode="append")
    entry, file = faults(layout)
    assert entry.endswith("neither a seal nor a merge wrote this entry")
    assert file.endswith("no seal wrote this file")


def test_a_table_put_back_to_an_older_state_is_found(layout: Layout) -> None:
    DeltaTable(layout.events).restore(2)
    found = faults(layout)
    assert found
    assert any(fault.endswith(": no longer part of the table") for fault in found)


def test_a_table_that_is_no_longer_append_only_is_found(layout: Layout) -> None:
    DeltaTable(layout.dead_letters).alter.set_table_properties({"delta.appendOnly": "false"})
    assert f"{layout.dead_letters}: no longer append-only" in faults(layout)


def test_a_log_that_cannot_be_read_is_found(layout: Layout) -> None:
    (layout.events / LOG_FOLDER / f"{2:020d}.json").write_bytes(b'{"add":')
    assert f"{layout.events}: the table's log cannot be read" in faults(layout)


def test_rows_that_do_not_give_the_recorded_chain_are_found(layout: Layout) -> None:
    with Journal.open(layout.journal) as journal:
        journal._connection.execute("UPDATE seals SET chain = ? WHERE seq_last = 20", ("ab" * 32,))
    assert faults(layout) == [
        "seq 11 to 20: the records do not give the recorded chain",
        "seq 21 to 30: the records do not give the recorded chain",
    ]


@pytest.mark.parametrize("change", ["events = 9", "dead_letters = 9"])
def test_counts_that_are_not_the_journals_are_named(layout: Layout, change: str) -> None:
    with Journal.open(layout.journal) as journal:
        journal._connection.execute(f"UPDATE seals SET {change} WHERE seq_last = 20")  # noqa: S608
    (fault,) = faults(layout)
    assert fault.startswith("seq 11 to 20: 6 events and 4 dead letters, by the journal it should")


@pytest.mark.parametrize("more", [1, -1])
def test_a_file_with_other_rows_than_recorded_is_named(layout: Layout, more: int) -> None:
    (file,) = [path for path in event_files(layout) if pl.read_parquet(path)["seq"][0] == 12]
    with Journal.open(layout.journal) as journal:
        journal._connection.execute(
            "UPDATE sealed_files SET rows = rows + ? WHERE path LIKE ?", (more, f"%{file.name}")
        )
    assert faults(layout) == [
        f"{file}: the table's log says other of it",
        f"{file}: it has 6 rows, by the journal it should be {6 + more}",
    ]


CHANGES = {
    "digest": "its rows are not what their webhooks give",
    "provider": "its rows are not what their webhooks give",
    "body": "its rows are not what their webhooks give",
    "type": "its rows are not what their webhooks give",
    "tags": "its rows cannot be read",
}


@pytest.mark.parametrize(("column", "problem"), CHANGES.items())
def test_a_changed_column_is_named_although_the_checksum_was_made_to_fit(
    layout: Layout, column: str, problem: str
) -> None:
    file = event_files(layout)[0]
    rows = pl.read_parquet(file, hive_partitioning=False)
    changed = pl.when(pl.col("seq") == rows["seq"][1]).then(pl.lit("x")).otherwise(pl.col(column))
    rows.with_columns(changed.alias(column)).write_parquet(file)
    with Journal.open(layout.journal) as journal:
        sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
        journal._connection.execute(
            "UPDATE sealed_files SET sha256 = ? WHERE path LIKE ?", (sha256, f"%{file.name}")
        )
    assert f"{file}: {problem}" in faults(layout)


def test_whatever_else_writes_to_the_log_is_named(layout: Layout) -> None:
    events = DeltaTable(layout.events)
    for value in ("false", "true"):
        events.alter.set_table_properties({"delta.appendOnly": value})
    wrote = "neither a seal nor a merge wrote this entry"
    log = layout.events / LOG_FOLDER
    named = [f"{log / f'{version:020d}.json'}: {wrote}" for version in (5, 6)]
    assert faults(layout) == named
    with Sealer(layout) as sealer:
        sealer.seal(6)
    assert faults(layout) == named


def test_an_entry_that_only_says_it_was_a_seal_is_named(layout: Layout) -> None:
    DeltaTable(layout.events).alter.set_table_properties({"delta.checkpointInterval": "7"})
    entry = max((layout.events / LOG_FOLDER).glob("*.json"))
    entry.write_text(entry.read_text().replace('"commitInfo":{', '"commitInfo":{"seal":"{}",'))
    assert faults(layout) == [f"{entry}: neither a seal nor a merge wrote this entry"]


def test_a_lost_seq_is_named(layout: Layout) -> None:
    with Journal.open(layout.journal) as journal:
        journal._connection.execute("DELETE FROM journal WHERE seq IN (43, 44, 46)")
    assert faults(layout) == [
        "seq 43 to 44: neither in the journal nor in the event log",
        "seq 46 to 46: neither in the journal nor in the event log",
    ]


def test_progress_ends_at_the_whole(layout: Layout) -> None:
    told: list[tuple[int, int]] = []
    verify_log(layout, lambda done, total: told.append((done, total)))
    assert len(told) == 4
    assert told[-1][0] == told[-1][1] > 0


def test_a_journal_that_is_gone_is_told_once_for_each_table(layout: Layout) -> None:
    with Journal.open(layout.journal) as journal:
        node = journal.node
    shutil.rmtree(layout.journal_folder)
    with Journal.open(layout.journal) as journal:
        journal.append_many([encode_record(record(1))])
    with Sealer(layout) as sealer:
        sealer.seal(10)  # the new journal goes on in the same log
    found = faults(layout)
    assert len(found) == 2
    assert all(f"sealed by another journal, node {node}" in fault for fault in found)
