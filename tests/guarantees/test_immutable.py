"""The event log is immutable: the table refuses to change, and a change behind it is found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from deltalake import DeltaTable, write_deltalake
from deltalake.exceptions import DeltaError

from eventlog import table as table_module
from eventlog.event import encode_record
from eventlog.layout import Layout
from eventlog.table_log import LOG_FOLDER
from ingest.journal import Journal
from ingest.sealer import Sealer
from ingest.verify import verify_log
from tests.ingest.records import record


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path / "data")
    with Journal.open(layout.journal) as journal, Sealer(layout) as sealer:
        journal.append_many([encode_record(record(number)) for number in range(1, 100)])
        sealer.seal(1_000)
    return layout


def overwrite(folder: Path) -> None:
    rows = pl.read_parquet(list(folder.glob("*=*/*.parquet")), hive_partitioning=True)
    write_deltalake(folder, rows.head(1), mode="overwrite")


CHANGES: list[Callable[[Path], object]] = [
    lambda folder: DeltaTable(folder).delete(),
    lambda folder: DeltaTable(folder).delete("seq = 1"),
    lambda folder: DeltaTable(folder).update({"node": "'other'"}),
    overwrite,
]


@pytest.mark.parametrize("table", ["events", "dead_letters"])
@pytest.mark.parametrize("change", CHANGES, ids=["delete", "delete some", "update", "overwrite"])
def test_the_table_refuses_to_change(
    layout: Layout, table: str, change: Callable[[Path], object]
) -> None:
    with pytest.raises(DeltaError, match="append-only"):
        change(layout.root / table)
    assert verify_log(layout, lambda _done, _total: None) == []


@pytest.mark.parametrize("step", [301, pytest.param(1, marks=pytest.mark.soak)])
def test_every_byte_of_a_log_checkpoint_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    monkeypatch.setattr(table_module, "LOG_CHECKPOINT_EVERY_COMMITS", 1)
    layout = Layout(tmp_path / "data")
    with Journal.open(layout.journal) as journal, Sealer(layout) as sealer:
        journal.append_many([encode_record(record(number)) for number in (1, 2)])
        sealer.seal(10)
    (file,) = (layout.dead_letters / LOG_FOLDER).glob("*1.checkpoint.parquet")
    content = file.read_bytes()
    for position in range(0, len(content), step):
        changed = bytearray(content)
        changed[position] ^= 1 << position % 8
        file.write_bytes(changed)
        found = [str(fault) for fault in verify_log(layout, lambda _done, _total: None)]
        assert f"{file}: its bytes have changed" in found, position
    file.write_bytes(content)
    assert verify_log(layout, lambda _done, _total: None) == []
