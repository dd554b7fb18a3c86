"""When projections are brought up to date, made again, pruned and checked."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from analytics.definitions import Definitions
from analytics.projections.check import differences
from analytics.projections.engine import HERE, ProjectionError
from analytics.projections.keys import FOLDER
from analytics.projections.schema import PARTITIONED_BY, SCHEMAS
from analytics.projector import project, prune, rebuild
from eventlog.layout import Layout
from eventlog.lock import held
from eventlog.table import Table
from eventlog.table_log import LOG_FOLDER
from tests.analytics.projections.log import (
    NODES,
    SMALL,
    Log,
    at,
    everything,
    record,
    reply,
    rows,
    status,
)

DAY = timedelta(days=1)
SEARCHED_NEAR = [name for name in SCHEMAS if name != "network_stays"]  # it has few rows
FINE = replace(SMALL, rows_per_file=1, events_per_pass=1)


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(Layout(tmp_path))


def opened(layout: Layout, name: str) -> Table:
    return Table.open(layout.projection(name), SCHEMAS[name], PARTITIONED_BY[name])


def now() -> datetime:
    return datetime.now(UTC)


def test_without_a_log_the_projections_are_empty_tables(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    assert project(layout, Definitions(), SMALL) == 0
    assert rebuild(layout, Definitions(), SMALL) == 0
    assert everything(layout) == {name: [] for name in SCHEMAS}
    assert not layout.events.exists(), "the log is not ours to make"


def test_each_event_is_folded_once(log: Log) -> None:
    log.seal([record(status()), record(reply())])
    assert project(log.layout, Definitions(), SMALL) == 2
    assert project(log.layout, Definitions(), SMALL) == 0
    log.seal([record(status())], NODES[1])
    assert project(log.layout, Definitions(), SMALL) == 1
    assert rebuild(log.layout, Definitions(), SMALL) == 3


def test_a_run_without_news_commits_nothing(log: Log) -> None:
    log.seal([record(status()), record(reply())])
    project(log.layout, Definitions(), SMALL)
    before = [opened(log.layout, name).version for name in SCHEMAS]
    project(log.layout, Definitions(), SMALL)
    assert [opened(log.layout, name).version for name in SCHEMAS] == before


def test_events_that_compaction_moved_are_not_folded_again(log: Log) -> None:
    log.seal([record(status())])
    project(log.layout, Definitions(), SMALL)
    log.seal([record(status(status="sent"))])
    log.compact()
    assert project(log.layout, Definitions(), SMALL) == 1
    (row,) = rows(log.layout, "messages")
    assert row["status_events"] == 2


def test_only_partitions_with_news_are_written(log: Log) -> None:
    log.seal([record(status("m1")), record(status("m2", sent_at=at(days=5)))])
    project(log.layout, Definitions(), SMALL)
    before = set(opened(log.layout, "messages").files())
    log.seal([record(status("m2", sent_at=at(days=5)))])
    project(log.layout, Definitions(), SMALL)
    stayed = {path.parent.name for path in before & set(opened(log.layout, "messages").files())}
    assert stayed == {"sent_day=2026-03-27"}


def test_an_unreadable_projection_is_made_again(log: Log) -> None:
    log.seal([record(status()), record(reply())])
    project(log.layout, Definitions(), SMALL)
    before = everything(log.layout)
    for name in SCHEMAS:
        entries = (log.layout.projection(name) / LOG_FOLDER).glob("*.json")
        max(entries).write_bytes(b"{torn")
    project(log.layout, Definitions(), SMALL)
    assert everything(log.layout) == before


def test_a_projection_with_other_columns_is_made_again(log: Log) -> None:
    layout = log.layout
    Table.open(layout.projection("messages"), pl.Schema({"sent_day": pl.Date()}), "sent_day")
    log.seal([record(status())])
    assert project(layout, Definitions(), SMALL) == 1
    assert len(rows(layout, "messages")) == 1


def test_a_bad_definition_leaves_the_projections_as_they_are(log: Log) -> None:
    log.seal([record(status())])
    project(log.layout, Definitions(), SMALL)
    before = everything(log.layout)
    with pytest.raises(ProjectionError):
        project(log.layout, Definitions(time_zone="Mars/Olympus"), SMALL)
    assert everything(log.layout) == before


def test_replaced_files_stay_for_the_grace_period(log: Log) -> None:
    log.seal([record(status())])
    project(log.layout, Definitions(), SMALL)
    (named_by_a_catalogue,) = opened(log.layout, "messages").files()
    replaced = sum(len(opened(log.layout, name).files()) for name in SCHEMAS)
    long_ago = (now() - 9 * DAY).timestamp()
    os.utime(named_by_a_catalogue, (long_ago, long_ago))
    rebuild(log.layout, Definitions(), SMALL)
    assert prune(log.layout, DAY, now()) == 0
    assert named_by_a_catalogue.exists()
    assert prune(log.layout, DAY, now() + 2 * DAY) == replaced
    assert not named_by_a_catalogue.exists()


def test_pruning_leaves_what_is_in_use_and_the_log(log: Log) -> None:
    log.seal([record(status()), record(reply())])
    project(log.layout, Definitions(), SMALL)
    before = everything(log.layout)
    assert prune(log.layout, DAY, now() + 99 * DAY) == 0
    assert everything(log.layout) == before
    assert rebuild(log.layout, Definitions(), SMALL) == 2


def test_a_second_job_waits_for_the_first(log: Log) -> None:
    log.seal([record(status())])
    second = threading.Thread(target=project, args=(log.layout, Definitions(), SMALL))
    with held(log.layout.job_lock):
        second.start()
        second.join(0.3)
        assert second.is_alive()
    second.join()
    assert len(rows(log.layout, "messages")) == 1


def test_a_check_finds_nothing_in_sound_projections(log: Log) -> None:
    assert differences(log.layout, Definitions(), SMALL) == []
    log.seal([record(status(), at(days=1)), record(reply(), at(days=1))])
    assert differences(log.layout, Definitions(), SMALL) == []
    assert not log.layout.job_scratch.exists()


def test_a_check_names_a_projection_that_was_tampered_with(log: Log) -> None:
    log.seal([record(status())])
    project(log.layout, Definitions(), SMALL)
    (path,) = opened(log.layout, "messages").files()
    pl.read_parquet(path, hive_partitioning=False).with_columns(mnc=pl.lit("99")).write_parquet(
        path
    )
    (fault,) = differences(log.layout, Definitions(), SMALL)
    assert fault == "messages: 1 rows that a rebuild has not, 1 rows that only it has"


def paths(layout: Layout, name: str) -> set[str]:
    return {path.name for path in opened(layout, name).files()}


def test_only_the_hours_with_news_of_a_large_day_are_written(log: Log) -> None:
    two_a_file = replace(SMALL, rows_per_file=2)
    log.seal(record(status(f"m{hours}", sent_at=at(hours=hours))) for hours in (0, 1, -12))
    project(log.layout, Definitions(), two_a_file)
    before = paths(log.layout, "messages")
    assert {name[:5] for name in before} == {"00-12", "12-24"}
    log.seal([record(status("m-12", "sent", sent_at=at(hours=-12)))])
    project(log.layout, Definitions(), two_a_file)
    (stayed,) = before & paths(log.layout, "messages")
    assert stayed.startswith("12-24")


def test_a_day_that_grows_is_cut_into_hours(log: Log) -> None:
    log.seal([record(status("m1"))])
    project(log.layout, Definitions(), FINE)
    assert {name[:5] for name in paths(log.layout, "messages")} == {"00-24"}
    log.seal([record(status("m2", sent_at=at(hours=1)))])
    project(log.layout, Definitions(), FINE)
    assert {name[:5] for name in paths(log.layout, "messages")} == {"12-24"}
    log.seal([record(status("m3", sent_at=at(hours=1)))])
    project(log.layout, Definitions(), FINE)
    assert {name[:5] for name in paths(log.layout, "messages")} == {"18-24"}


def test_a_late_webhook_moves_a_message_to_the_hour_that_its_first_one_says(log: Log) -> None:
    log.seal([record(status(sent_at=at(days=2)), at(days=2)), record(status("m2"))])
    project(log.layout, Definitions(), FINE)
    log.seal([record(status(status="sent"), at(seconds=1))])
    project(log.layout, Definitions(), FINE)
    incremental = everything(log.layout)
    assert [row["sent_day"] for row in rows(log.layout, "messages")] == [at().date()] * 2
    rebuild(log.layout, Definitions(), FINE)
    assert everything(log.layout) == incremental


def test_a_run_reads_no_file_that_is_far_from_its_news(log: Log) -> None:
    log.seal([record(status("old")), record(reply(replied_to="old"))])
    project(log.layout, Definitions(), SMALL)
    for name in SEARCHED_NEAR:
        for path in opened(log.layout, name).files():
            path.write_bytes(b"not to be read")
    later = at(days=60)
    log.seal([record(status("new", sent_at=later))])
    log.seal(record(reply(to, received_at=later, replied_to=to)) for to in ("new", "sent"))
    assert project(log.layout, Definitions(), SMALL) == 3
    written = [path for path in opened(log.layout, "replies").files() if "2026-05" in str(path)]
    found = pl.concat(pl.read_parquet(path) for path in written).sort("body")
    assert found["message_id"].to_list() == ["new", "new"]
    assert found["attribution"].to_list() == ["explicit", "inferred"]


def test_a_late_webhook_finds_its_message_however_old_it_is(log: Log) -> None:
    log.seal([record(status("old", "sent"))])
    log.seal(record(status(f"m{days}", sent_at=at(days=days))) for days in range(1, 40))
    project(log.layout, Definitions(), FINE)
    log.seal([record(status("old", sent_at=at(days=39)), at(days=40))])
    project(log.layout, Definitions(), FINE)
    (row,) = (row for row in rows(log.layout, "messages") if row["message_id"] == "old")
    assert (row["sent_at"], row["status_events"]) == (at(), 2)


@pytest.mark.parametrize("name", ["messages", "replies"])
def test_without_its_keys_a_projection_is_made_again(log: Log, name: str) -> None:
    log.seal([record(status("m1", "sent")), record(reply(replied_to="m1"))])
    project(log.layout, Definitions(), SMALL)
    for path in (log.layout.projection(name) / FOLDER).iterdir():
        path.unlink()
    log.seal([record(status("m1"), at(days=1))])
    project(log.layout, Definitions(), SMALL)
    (row,) = rows(log.layout, "messages")
    assert (row["status_events"], row["final_status"]) == (2, "delivered")
    (answer,) = rows(log.layout, "replies")
    assert answer["message_status"] == "delivered"


def test_keys_of_a_commit_that_never_came_are_deleted(log: Log) -> None:
    log.seal([record(status("m1"))])
    project(log.layout, Definitions(), SMALL)
    leftover = log.layout.projection("messages") / FOLDER / "0f.keys"
    leftover.write_bytes(bytes(16))
    log.seal([record(status("m2"))])
    project(log.layout, Definitions(), SMALL)
    assert not leftover.exists()


@pytest.mark.parametrize(
    ("projection", "query", "column"),
    [
        ("messages", "messages/located.sql", "state_key"),
        ("messages", "replies/located.sql", "state_key"),
        ("replies", "replies/naming.sql", "state_replied_key"),
    ],
)
def test_a_search_for_keys_reads_eight_bytes_a_row(
    log: Log, projection: str, query: str, column: str
) -> None:
    log.seal([record(status()), record(reply(replied_to="m1"))])
    project(log.layout, Definitions(), SMALL)
    files = [str(path) for path in opened(log.layout, projection).files()]
    with duckdb.connect() as connection:
        for name in ("stored", "searched"):
            connection.read_parquet(files, filename=True).create_view(name)
        for name in ("touched", "wanted", "changed_messages"):
            connection.execute(f"create table {name} (state_key bigint)")
        sql = (HERE / query).read_text("utf-8")
        ((_, plan),) = connection.execute(f"explain (format json) {sql}").fetchall()
    assert scanned(json.loads(plan)) == [column, "filename"]
    assert SCHEMAS[projection][column] == pl.Int64


def scanned(nodes: list[dict[str, Any]]) -> list[str]:
    """Return the columns that a plan reads from Parquet files."""
    found: list[str] = []
    for node in nodes:
        if "PARQUET" in node["name"]:
            found += node["extra_info"]["Projections"]
        found += scanned(node["children"])
    return found
