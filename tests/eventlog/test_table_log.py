"""The log of a table stays short, and no checkpoint of it can be torn."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from deltalake import DeltaTable

from eventlog import table_log
from eventlog.table import LOG_CHECKPOINT_EVERY_COMMITS, Table, TableError
from eventlog.table_log import HINT, LOG_FOLDER, checkpoint, set_aside_torn_checkpoint

SCHEMA = pl.Schema({"seq": pl.Int64(), "day": pl.Date()})
DAY = date(2026, 11, 23)


@pytest.fixture
def table(tmp_path: Path) -> Table:
    return Table.open(tmp_path / "table", SCHEMA, "day", append_only=True)


def append(table: Table, first: int, last: int) -> None:
    for seq in range(first, last + 1):
        rows = pl.DataFrame([(seq, DAY)], schema=SCHEMA, orient="row")
        table.append(table.write(rows), {"node": seq}, {"seq": seq})
        table.shorten_log()


def reopened(table: Table) -> Table:
    return Table.open(table.folder, SCHEMA, "day")


def log(table: Table) -> Path:
    return table.folder / LOG_FOLDER


def names(table: Table, pattern: str) -> list[str]:
    return sorted(path.name for path in log(table).glob(pattern))


def test_a_checkpoint_and_its_hint_are_those_of_the_library(table: Table) -> None:
    append(table, 1, 5)
    checkpoint(table.folder)
    assert names(table, "*checkpoint*") == [f"{5:020d}.checkpoint.parquet", HINT]
    hint = json.loads((log(table) / HINT).read_text())
    assert (hint["version"], hint["numOfAddFiles"]) == (5, 5)
    append(table, 6, 8)
    checkpoint(table.folder)
    again = reopened(table)
    assert (len(again.files()), again.checkpoint("node"), again.version) == (8, 8, 8)
    assert again.is_append_only
    assert [path.name for path in table.folder.iterdir() if path.name.startswith("_")] == [
        LOG_FOLDER
    ]


def test_what_a_crash_left_of_a_checkpoint_is_in_nobodys_way(table: Table) -> None:
    append(table, 1, 3)
    leftover = table.folder / "_checkpoint" / LOG_FOLDER
    leftover.mkdir(parents=True)
    (leftover / "half.parquet").write_bytes(b"PAR1")
    checkpoint(table.folder)
    assert len(reopened(table).files()) == 3


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.7, 0.99])
@pytest.mark.parametrize("hinted", [True, False])
def test_a_torn_checkpoint_is_set_aside(table: Table, kept: float, hinted: bool) -> None:
    append(table, 1, 3)
    checkpoint(table.folder)
    append(table, 4, 6)
    checkpoint(table.folder)
    append(table, 7, 7)
    newest = log(table) / f"{6:020d}.checkpoint.parquet"
    content = newest.read_bytes()
    newest.write_bytes(content[: int(len(content) * kept)])
    if not hinted:
        (log(table) / HINT).unlink()
    assert set_aside_torn_checkpoint(table.folder)
    again = reopened(table)
    assert (len(again.files()), again.checkpoint("node")) == (7, 7)
    assert not set_aside_torn_checkpoint(table.folder)


@pytest.mark.parametrize("content", [b"", b'{"vers', b"\0" * 60])
def test_a_torn_hint_does_no_harm(table: Table, content: bytes) -> None:
    append(table, 1, 3)
    checkpoint(table.folder)
    append(table, 4, 5)
    (log(table) / HINT).write_bytes(content)
    assert len(reopened(table).files()) == 5


def test_a_table_whose_checkpoint_is_torn_says_so(table: Table) -> None:
    append(table, 1, 3)
    checkpoint(table.folder)
    (log(table) / f"{3:020d}.checkpoint.parquet").write_bytes(b"PAR1")
    with pytest.raises(TableError):
        reopened(table)


def test_old_entries_go_and_the_last_versions_stay(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_log, "LOG_ENTRIES_KEPT", 6)
    monkeypatch.setattr("eventlog.table.LOG_CHECKPOINT_EVERY_COMMITS", 4)
    append(table, 1, 18)
    assert names(table, "*.json")[0] == f"{8:020d}.json"
    assert names(table, "*.parquet")[0] == f"{8:020d}.checkpoint.parquet"
    again = reopened(table)
    assert (len(again.files()), again.checkpoint("node")) == (18, 18)
    assert int(again.metadata()["seq"]) == 18
    past = table.past_actions(10)
    assert past is not None
    assert past.height == 10
    assert table.past_actions(3) is None


def test_a_handle_sees_its_own_commits_across_checkpoints(table: Table) -> None:
    last = LOG_CHECKPOINT_EVERY_COMMITS + 1
    append(table, 1, last)
    assert (len(table.files()), table.checkpoint("node")) == (last, last)
    other = reopened(table)
    append(table, last + 1, last + 1)
    other.refresh()
    assert other.checkpoint("node") == last + 1


def test_a_handle_that_has_missed_a_checkpoint_sees_what_came_after(table: Table) -> None:
    append(table, 1, 3)
    other = reopened(table)
    append(table, 4, 2 * LOG_CHECKPOINT_EVERY_COMMITS)
    other.refresh()
    assert (other.version, len(other.files())) == (table.version, len(table.files()))


def test_files_are_rewritten_in_one_commit_that_changes_no_row(table: Table) -> None:
    append(table, 1, 3)
    old = [str(path.relative_to(table.folder)) for path in table.files()]
    both = pl.DataFrame([(seq, DAY) for seq in (1, 2, 3)], schema=SCHEMA, orient="row")
    table.rewrite(old, table.write(both), {"why": "test"})
    assert [pl.read_parquet(path)["seq"].to_list() for path in table.files()] == [[1, 2, 3]]
    assert all((table.folder / path).exists() for path in old)
    assert table.checkpoint("node") == 3
    assert table.actions().select("rows", "seq_min", "seq_max").rows() == [(3, 1, 3)]
    with pytest.raises(TableError, match="no longer part"):
        table.rewrite(old, [], {})
    past = DeltaTable(table.folder, version=table.version - 1)
    assert len(past.file_uris()) == 3
