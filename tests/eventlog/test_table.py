"""The Delta table helper: commits carry their checkpoints, partitions are replaced whole."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from eventlog.table import LOG_CHECKPOINT_EVERY_COMMITS, LOG_FOLDER, Table, TableError

SCHEMA = pl.Schema({"seq": pl.Int64(), "day": pl.Date()})
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


def rows(*pairs: tuple[int, date]) -> pl.DataFrame:
    return pl.DataFrame(list(pairs), schema=SCHEMA, orient="row")


def seqs(table: Table) -> list[int]:
    return sorted(seq for path in table.files() for seq in pl.read_parquet(path)["seq"])


@pytest.fixture
def table(tmp_path: Path) -> Table:
    return Table.open(tmp_path / "table", SCHEMA, "day", append_only=False)


def test_a_new_table_is_empty_and_has_no_checkpoint(table: Table) -> None:
    assert table.files() == []
    assert table.checkpoint("node") is None
    assert table.actions().height == 0


def test_append_lands_rows_and_checkpoint_together(table: Table) -> None:
    files = table.write(rows((1, MONDAY), (2, TUESDAY)))
    assert table.files() == []
    table.append(files, {"node": 2}, {"why": "test"})
    again = Table.open(table.folder, SCHEMA, "day")
    assert seqs(again) == [1, 2]
    assert (again.checkpoint("node"), again.metadata()["why"]) == (2, "test")
    assert again.actions().select("partition", "rows", "seq_min", "seq_max").rows() == [
        ("2026-11-23", 1, 1, 1),
        ("2026-11-24", 1, 2, 2),
    ]


def test_replace_takes_out_only_the_named_partitions(table: Table) -> None:
    table.append(table.write(rows((1, MONDAY), (2, TUESDAY))), {})
    old = table.files(["2026-11-23"])
    table.replace(["2026-11-23"], table.write(rows((3, MONDAY))), {"node": 3})
    assert seqs(table) == [2, 3]
    assert old[0].exists(), "readers of the old state still find their file"


def test_an_append_only_table_refuses_to_lose_rows(tmp_path: Path) -> None:
    table = Table.open(tmp_path / "table", SCHEMA, "day", append_only=True)
    table.append(table.write(rows((1, MONDAY))), {"node": 1})
    with pytest.raises(TableError):
        table.replace(["2026-11-23"], [], {})
    with pytest.raises(DeltaError):
        DeltaTable(table.folder).delete()
    assert seqs(table) == [1]


def test_another_handle_sees_commits_after_refresh(table: Table) -> None:
    other = Table.open(table.folder, SCHEMA, "day")
    table.append(table.write(rows((1, MONDAY))), {"node": 1})
    assert other.checkpoint("node") is None
    other.refresh()
    assert other.checkpoint("node") == 1


@pytest.mark.parametrize("left", ["", LOG_FOLDER, f"{LOG_FOLDER}/_commit_ab.json.tmp"])
def test_a_table_that_was_half_made_is_made(tmp_path: Path, left: str) -> None:
    folder = tmp_path / "half"
    (folder / left).mkdir(parents=True)
    assert Table.open(folder, SCHEMA, "day").files() == []


def test_a_table_whose_log_has_gone_says_so(table: Table) -> None:
    shutil.rmtree(table.folder / LOG_FOLDER)
    with pytest.raises(TableError, match="gone"):
        table.metadata()
    with pytest.raises(TableError, match="cannot commit"):
        table.append(table.write(rows((1, MONDAY))), {})
    assert table.past_actions(0) is None


def test_a_checkpoint_that_cannot_be_read_is_an_error_of_the_table(table: Table) -> None:
    table.append(table.write(rows((1, MONDAY))), {"node": 1})
    again = Table.open(table.folder, SCHEMA, "day")
    shutil.rmtree(table.folder / LOG_FOLDER)
    with pytest.raises(TableError, match="cannot read the log"):
        again.checkpoint("node")


def test_checkpoints_outlive_the_checkpointing_of_the_log(table: Table) -> None:
    for seq in range(1, LOG_CHECKPOINT_EVERY_COMMITS + 3):
        table.append(table.write(rows((seq, MONDAY))), {"node": seq})
        table.shorten_log()
    assert list(table.folder.glob("_delta_log/*.checkpoint*.parquet"))
    again = Table.open(table.folder, SCHEMA, "day")
    assert again.checkpoint("node") == LOG_CHECKPOINT_EVERY_COMMITS + 2
    assert len(seqs(again)) == LOG_CHECKPOINT_EVERY_COMMITS + 2
