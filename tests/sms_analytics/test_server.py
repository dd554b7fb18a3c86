"""What the server says of itself, and of what nobody foresaw."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from litestar import get
from litestar.params import FromPath
from litestar.testing import TestClient

from ingest.endpoint import Endpoint
from ingest.writer import JournalWriter
from reports.reader import Reader
from sms_analytics.clock import utc_now
from sms_analytics.server import application, create_app
from sms_analytics.settings import load
from tests.ingest.live import live


@get("/boom/{secret:str}")
async def boom(secret: FromPath[str]) -> None:
    """Fail in a way that nobody foresaw."""
    raise RuntimeError("unforeseen")


@pytest.fixture
def alive() -> list[bool]:
    return [True]


@pytest.fixture
def client(tmp_path: Path, alive: list[bool]) -> Iterator[TestClient]:  # type: ignore[type-arg]
    settings = load(data=tmp_path)
    with JournalWriter(settings.layout.journal) as journal:
        app = create_app(settings, journal, Reader(), "http://x/webhooks/smso", lambda: alive[0])
        with TestClient(app) as client:
            yield client


def test_the_probes_tell_when_the_jobs_have_died(
    client: TestClient,  # type: ignore[type-arg]
    alive: list[bool],
) -> None:
    assert client.get("/healthz").text == "ok\n"
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert {name: check["ok"] for name, check in ready.json().items()} == dict.fromkeys(
        ("journal", "jobs", "sealer", "disk"), True
    )
    alive[0] = False
    unready = client.get("/readyz")
    assert unready.status_code == 503
    assert unready.json()["jobs"] == {"ok": False, "reason": "the jobs process does not run"}


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/no", 404), ("PUT", "/", 405)])
def test_what_is_not_there_is_a_problem_document(
    client: TestClient,  # type: ignore[type-arg]
    method: str,
    path: str,
    status: int,
) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_where_a_password_is_required_and_none_is_set_nobody_sees_the_site(tmp_path: Path) -> None:
    settings = load(data=tmp_path)
    with JournalWriter(settings.layout.journal) as journal:
        app = create_app(settings, journal, Reader(), "", lambda: True, password_required=True)
        with live(Endpoint(journal, utc_now), app) as url:
            assert httpx.post(f"{url}/webhooks/smso").status_code == 422
        with TestClient(app) as client:
            client.follow_redirects = False
            assert client.get("/healthz").status_code == 200
            for path in ["/", "/metrics", "/exports/messages.csv", "/reports/index.html"]:
                assert client.get(path).status_code == 303
            assert client.post("/sign-in", data={"password": ""}).status_code == 503


def test_a_fault_of_ours_is_logged_without_the_path(caplog: pytest.LogCaptureFixture) -> None:
    with (
        caplog.at_level(logging.ERROR),
        TestClient(application([boom]), raise_server_exceptions=False) as client,
    ):
        answer = client.get("/boom/s3cret")
    assert answer.json()["title"] == "Something went wrong here"
    assert "unforeseen" in caplog.text
    assert "s3cret" not in caplog.text


def test_so_is_one_of_the_endpoint(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def broken_clock() -> datetime:
        raise RuntimeError("unforeseen")

    with JournalWriter(tmp_path / "journal.sqlite") as journal:
        endpoint = Endpoint(journal, broken_clock)
        with live(endpoint) as url, caplog.at_level(logging.ERROR):
            answer = httpx.post(f"{url}/webhooks/smso/s3cret")
    assert (answer.status_code, answer.json()["title"]) == (500, "Something went wrong here")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "unforeseen" in caplog.text
    assert "s3cret" not in caplog.text
