"""The page of the jobs says how each is, and what went wrong."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from analytics.catalogue import publish
from analytics.definitions import Definitions
from eventlog.layout import Layout
from reports.links import MENU
from reports.site import job_runs_page
from tests.analytics.make_catalogue import make_catalogue

AS_OF = datetime(2026, 11, 24, 12, tzinfo=UTC)
BUCHAREST = Definitions(time_zone="Europe/Bucharest")
RUN = (
    '{"job":"%s","started_at":"2026-11-24T03:30:05Z","ended_at":%s,"duration_seconds":%s,'
    '"outcome":"%s","error":%s,"events":null}\n'
)


def page(layout: Layout) -> str:
    return job_runs_page(layout.catalogue, MENU).decode()


def rows(html: str) -> list[list[str]]:
    return [re.findall("<bdi>(.*?)</bdi>", row) for row in html.split("<tr>")[1:]]


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path)
    layout.job_runs.parent.mkdir()
    layout.job_runs.write_text("")
    publish(layout, BUCHAREST, AS_OF)
    return layout


def test_before_the_first_run_the_page_says_so(layout: Layout) -> None:
    assert "No job has run yet" in page(layout)


def test_each_job_is_told_with_its_last_run(layout: Layout) -> None:
    ended = '"2026-11-24T03:30:05.25Z"'
    layout.job_runs.write_text(RUN % ("seal", ended, 0.25, "succeeded", "null"))
    told = page(layout)
    assert "The only job that has run yet went well the last time." in told
    assert "None of the runs that are remembered went wrong." in told
    at = "24\u00a0Nov\u00a005:30:05"
    assert rows(told)[1][1:6] == ["ended well", at, "250\u00a0ms", at, "0 of 1"]


def test_what_went_wrong_comes_first_and_is_said(layout: Layout) -> None:
    lines = [
        RUN % ("refresh", "null", "null", "interrupted", "null"),
        RUN % ("seal", '"2026-11-24T03:30:06Z"', 1, "failed", '"<b>OSError"'),
        RUN % ("compact", '"2026-11-24T03:30:06Z"', 1, "idle", "null"),
    ]
    layout.job_runs.write_text("".join(lines))
    told = page(layout)
    assert "The last run of refresh and seal went wrong;" in told
    assert [row[0] for row in rows(told)[1:4]] == ["refresh", "seal", "compact"]
    assert "&lt;b&gt;OSError" in told
    assert "<b>" not in told


def test_while_the_file_of_runs_is_gone_the_page_says_so(layout: Layout) -> None:
    layout.job_runs.unlink()
    told = page(layout)
    assert "The file of the jobs&#39; runs is not there" in told
    assert "No job has run yet" not in told


def test_many_runs_of_many_jobs(tmp_path: Path) -> None:
    made = make_catalogue(tmp_path / "data", AS_OF, BUCHAREST, count=10, days=2)
    told = page(made)
    assert "All 3 jobs went well the last time they ran." in told
    assert told.count("No space left on device") == 3
