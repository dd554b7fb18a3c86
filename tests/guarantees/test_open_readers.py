"""Who has the catalogue open keeps what it opened, through compaction and publication."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from analytics.door import Catalogue
from eventlog.event import encode_record
from ingest.journal import Journal
from sms_analytics import jobs
from sms_analytics.settings import Settings
from tests.ingest.records import record

COUNT = "select count(*) from events"
# Another program: opens the catalogue, says so, asks when told to, and again until told to stop.
READER = f"""
import duckdb, sys
with duckdb.connect(sys.argv[1], read_only=True) as catalogue:
    print("open", flush=True)
    for _ in sys.stdin:
        print(catalogue.execute("{COUNT}").fetchone()[0], flush=True)
"""


def append(settings: Settings, numbers: range) -> None:
    with Journal.open(settings.layout.journal) as journal:
        journal.append_many([encode_record(record(number)) for number in numbers])


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(data=tmp_path / "data", ingest={"seal_records_max": 4})
    append(settings, range(1, 41))
    jobs.bring_in(settings, jobs.utc_now(), lambda _: None)
    return settings


def events(settings: Settings) -> int:
    with duckdb.connect(settings.layout.catalogue, read_only=True) as connection:
        ((count,),) = connection.execute(COUNT).fetchall()
    return int(count)


def test_open_readers_keep_their_snapshot(settings: Settings) -> None:
    before = events(settings)
    command = [sys.executable, "-c", READER, str(settings.layout.catalogue)]
    with (
        Catalogue.open(settings.layout.catalogue) as door,
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as another,
    ):
        assert another.stdin is not None and another.stdout is not None
        assert another.stdout.readline() == "open\n"
        append(settings, range(41, 81))
        assert jobs.compact(settings, jobs.utc_now(), lambda _: None) > 0
        jobs.tidy(settings, jobs.utc_now())
        assert events(settings) > before
        assert door.frame(COUNT).item() == before
        another.stdin.write("ask\n")
        another.stdin.close()
        assert another.stdout.readline() == f"{before}\n"
