"""Merging and tidying never take away a file that the published catalogue names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from analytics.projector import project
from eventlog.event import encode_record
from ingest.compactor import Compactor
from ingest.journal import Journal
from sms_analytics import jobs
from sms_analytics.settings import Settings
from tests.ingest.records import record
from tests.serving import run


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(data=tmp_path / "data", ingest={"seal_records_max": 4})
    with Journal.open(settings.layout.journal) as journal:
        journal.append_many([encode_record(record(number)) for number in range(1, 41)])
    jobs.seal(settings)
    project(settings.layout, settings.definitions_of_numbers())
    jobs.publish(settings, jobs.utc_now())
    return settings


def files(settings: Settings) -> set[Path]:
    return set(settings.layout.events.glob("*=*/*.parquet"))


def events(settings: Settings) -> int:
    with duckdb.connect(settings.layout.catalogue, read_only=True) as connection:
        ((count,),) = connection.execute("select count(*) from events").fetchall()
    return int(count)


def test_after_compact_readers_have_left_the_old_files(settings: Settings) -> None:
    old = files(settings)
    assert jobs.compact(settings, jobs.utc_now(), lambda _: None) >= len(old)
    assert all(path.exists() for path in old)
    for path in old:
        path.unlink()
    assert events(settings) == 27


def test_replaced_files_stay_while_the_catalogue_may_name_them(settings: Settings) -> None:
    old = files(settings)
    with Compactor(settings.layout, 1_000) as compactor:
        assert jobs.merge(compactor) > 0
    much_later = datetime.now(UTC) + timedelta(days=99)
    jobs.tidy(settings, much_later)
    assert old <= files(settings), "nothing was published since"
    assert events(settings) == 27
    jobs.publish(settings, jobs.utc_now())
    jobs.tidy(settings, jobs.utc_now())
    assert old <= files(settings), "replaced just now"
    jobs.tidy(settings, much_later)
    assert not old & files(settings)
    assert events(settings) == 27


def test_compact_deletes_what_was_replaced_long_ago(settings: Settings) -> None:
    old = files(settings)
    jobs.compact(settings, jobs.utc_now(), lambda _: None)
    assert old <= files(settings), "replaced just now"
    jobs.compact(settings, datetime.now(UTC) + timedelta(days=99), lambda _: None)
    assert not old & files(settings)
    assert events(settings) == 27


def test_the_command_merges_and_the_proof_still_holds(settings: Settings) -> None:
    assert run("compact", "--data", settings.data).returncode == 0
    proved = run("verify", "--data", settings.data)
    assert proved.returncode == 0, proved.stdout
