"""When projections are brought up to date, made again, pruned and checked."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from analytics.definitions import Definitions
from analytics.projections.check import differences
from analytics.projections.engine import ProjectionError
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
