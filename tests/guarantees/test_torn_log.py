"""The last entry of a table's log, cut short by a power cut, also exactly between two lines."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import accumulate, islice
from pathlib import Path

import pytest

from analytics.definitions import Definitions
from analytics.projections.schema import SCHEMAS
from analytics.projector import project, prune
from eventlog.event import encode_record
from eventlog.layout import Layout
from eventlog.table import TableError
from eventlog.table_log import log_entry, newest_version
from ingest.compactor import Compactor
from ingest.journal import Journal
from ingest.sealer import Sealer
from ingest.tables import TABLES, folder_of
from tests.analytics.projections.log import SMALL, Log, at, everything, record, reply, status
from tests.guarantees.crashes import LATER
from tests.guarantees.test_kill_9 import assert_every_seq_once, drain
from tests.guarantees.test_projection_equals_rebuild import CrashError, crashing_at
from tests.ingest import records

DEFINITIONS = Definitions()
OFFSETS = (1, 100, -2)


def cuts(entry: Path) -> Iterator[bytes]:
    """Yield what may be left of a log entry: nothing, some whole lines, and not whole ones."""
    content = entry.read_bytes()
    ends = [0, *accumulate(map(len, content.splitlines(keepends=True)))]
    for end in (*ends[:-1], *OFFSETS):
        yield content[:end]


@pytest.fixture(scope="module")
def projected(tmp_path_factory: pytest.TempPathFactory) -> Log:
    """An event log that was projected, and has gone on since."""
    log = Log(Layout(tmp_path_factory.mktemp("projected") / "data"))
    log.seal([record(status("m1")), record(status("m2", sent_at=at(days=1))), record(reply())])
    project(log.layout, DEFINITIONS, SMALL)
    later = at(hours=1)
    log.seal([record(status("m1", "sent"), later), record(status("m3"), later)])
    log.seal([record(reply("nu", replied_to="m1", received_at=later), later)])
    return log


@pytest.mark.parametrize("stride", [3, pytest.param(1, marks=pytest.mark.soak)])
@pytest.mark.parametrize("name", SCHEMAS)
def test_a_torn_entry_of_a_projection_costs_no_event_and_counts_none_twice(
    projected: Log, tmp_path: Path, name: str, stride: int
) -> None:
    """Go on from the cuts, one in `stride`, of which each projection has others."""
    torn, left = Layout(tmp_path / "torn"), Layout(tmp_path / "left")
    shutil.copytree(projected.layout.root, torn.root)
    with suppress(CrashError):
        project(torn, DEFINITIONS, SMALL, crashing_at(f"{name} committed"))
    entry = log_entry(torn.projection(name), newest_version(torn.projection(name)))
    shutil.copytree(torn.root, tmp_path / "whole")
    project(Layout(tmp_path / "whole"), DEFINITIONS, SMALL)
    expected = everything(Layout(tmp_path / "whole"))
    first = [*SCHEMAS].index(name) % stride
    for content in islice(cuts(entry), first, None, stride):
        shutil.copytree(torn.root, left.root)
        log_entry(left.projection(name), newest_version(left.projection(name))).write_bytes(content)
        project(left, DEFINITIONS, SMALL)
        assert everything(left) == expected, content
        shutil.rmtree(left.root)


@pytest.mark.parametrize("content", [b"", b'{"add":', b'{"commitInfo":{}}\n{"add":'])
def test_no_file_is_deleted_of_a_projection_that_cannot_be_read(
    projected: Log, tmp_path: Path, content: bytes
) -> None:
    layout = Layout(tmp_path / "data")
    shutil.copytree(projected.layout.root, layout.root)
    folder = layout.projection("messages")
    log_entry(folder, newest_version(folder)).write_bytes(content)
    before = sorted(folder.rglob("*"))
    with suppress(TableError):
        prune(layout, timedelta(0), LATER + timedelta(days=9999))
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("name", TABLES)
def test_a_torn_entry_of_a_seal_loses_and_doubles_nothing(tmp_path: Path, name: str) -> None:
    torn = Layout(tmp_path / "torn")
    with Journal.open(torn.journal) as journal, Sealer(torn) as sealer:
        journal.append_many([encode_record(records.record(number)) for number in range(1, 21)])
        sealer.seal(10)
    with suppress(CrashError), Sealer(torn, reached=crashing_at(f"{name} committed")) as sealer:
        sealer.seal(10)
    assert recovered(torn, name, tmp_path) >= 5


@pytest.mark.parametrize("name", TABLES)
def test_a_torn_entry_of_a_merge_loses_and_doubles_nothing(tmp_path: Path, name: str) -> None:
    torn = Layout(tmp_path / "torn")
    with Journal.open(torn.journal) as journal, Sealer(torn) as sealer:
        journal.append_many([encode_record(records.record(number)) for number in range(1, 21)])
        while sealer.seal(5):
            pass
    before = newest_version(folder_of(torn, name))
    while newest_version(folder_of(torn, name)) == before:
        reached = crashing_at("merge committed")
        with suppress(CrashError), Compactor(torn, 100, lambda: LATER, reached) as compactor:
            assert compactor.compact()
    assert recovered(torn, name, tmp_path) >= 5


def recovered(torn: Layout, name: str, tmp_path: Path) -> int:
    """Go on from each cut of a table's newest entry; return how many cuts there were."""
    left = Layout(tmp_path / "left")
    entry = log_entry(folder_of(torn, name), newest_version(folder_of(torn, name)))
    contents = list(cuts(entry))
    for content in contents:
        shutil.copytree(torn.root, left.root)
        log_entry(folder_of(left, name), newest_version(folder_of(left, name))).write_bytes(content)
        drain(left)
        with Compactor(left, 100, lambda: LATER) as compactor:
            while compactor.compact():
                pass
        assert assert_every_seq_once(left) == 20
        shutil.rmtree(left.root)
    return len(contents)
