"""Projections go on after files of the log were merged, and do not read again what they folded."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from analytics.definitions import Definitions
from analytics.projections.engine import Engine
from analytics.projector import project, rebuild
from eventlog.event import encode_record
from eventlog.layout import Layout
from ingest.compactor import Compactor
from ingest.journal import Journal
from ingest.sealer import Sealer
from tests.analytics.projections.log import SMALL, everything
from tests.ingest.records import record


def merge(layout: Layout) -> None:
    with Compactor(layout, 100, lambda: datetime(2026, 12, 1, tzinfo=UTC)) as compactor:
        assert compactor.compact()
        while compactor.compact():
            pass


def seal(layout: Layout, first: int, last: int) -> None:
    with Journal.open(layout.journal) as journal, Sealer(layout) as sealer:
        journal.append_many([encode_record(record(number)) for number in range(first, last + 1)])
        while sealer.seal(5):
            pass


def test_only_what_is_new_is_folded_after_a_merge(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = Layout(tmp_path)
    seal(layout, 1, 20)
    assert project(layout, Definitions(), SMALL) == 13
    seal(layout, 21, 28)
    merge(layout)  # new rows and old ones in one file
    assert project(layout, Definitions(), SMALL) == 6
    seal(layout, 29, 60)
    project(layout, Definitions(), SMALL)
    merge(layout)
    shown: list[str] = []
    show = Engine.show

    def noted(engine: Engine, name: str, files: list[Path], schema: object, **more: bool) -> None:
        if name == "log_files":
            shown.extend(str(path) for path in files)
        show(engine, name, files, schema, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Engine, "show", noted)
    assert project(layout, Definitions(), SMALL) == 0
    assert shown == [], "merged files without news are not read"
    incremental = everything(layout)
    assert rebuild(layout, Definitions(), SMALL) == 40
    assert incremental == everything(layout)
