"""The view of job runs tells of them as they are now, not as they were at publication."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from analytics.catalogue import publish
from analytics.definitions import Definitions
from analytics.door import Catalogue
from analytics.sources import JOB_RUNS
from eventlog.layout import Layout

AS_OF = datetime(2026, 11, 24, tzinfo=UTC)
LINE = '{"job":"seal","started_at":"2026-11-24T03:30:0%dZ","outcome":"%s"}\n'


def runs(layout: Layout) -> list[tuple[str, bool]]:
    with Catalogue.open(layout.catalogue) as catalogue:
        answer = catalogue.ask("select outcome, is_last from job_runs order by started_at")
        return [(outcome, is_last) for outcome, is_last in answer.rows]


def test_before_a_job_ever_ran_the_view_is_empty_with_the_same_columns(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    publish(layout, Definitions(), AS_OF)
    assert runs(layout) == []
    with Catalogue.open(layout.catalogue) as catalogue:
        assert catalogue.ask("from job_runs").columns == [*JOB_RUNS, "is_last"]


def test_a_published_catalogue_tells_of_later_runs(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layout.job_runs.parent.mkdir()
    layout.job_runs.write_text("")
    publish(layout, Definitions(), AS_OF)
    assert runs(layout) == []
    layout.job_runs.write_text(LINE % (5, "succeeded") + LINE % (9, "failed"))
    assert runs(layout) == [("succeeded", False), ("failed", True)]
    with duckdb.connect(layout.catalogue, read_only=True) as connection:
        assert len(connection.execute("from job_runs").fetchall()) == 2
