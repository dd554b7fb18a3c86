"""The endpoint over real HTTP: what is answered, and that it is on disk by then."""

from __future__ import annotations

import asyncio
import json
import random
import shutil
import socket
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from eventlog.event import DeadLetter, Record, ReplyReceived, StatusReported, decode_record
from eventlog.layout import Layout
from ingest.answers import BODY_BYTES_MAX
from ingest.endpoint import Endpoint as Taking
from ingest.journal import Journal
from ingest.writer import JournalWriter
from sms_analytics.limits import Limits
from tests.ingest.live import live
from tests.ingest.records import FORM, status_body
from tests.ingest.test_writer import full_disk

WIRE = Path(__file__).parents[1] / "wire"
CASES = [json.loads(line) for line in (WIRE / "webhooks.ndjson").read_text().splitlines()]
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


class Endpoint:
    """One live endpoint, and what its journal holds."""

    def __init__(self, url: str, layout: Layout) -> None:
        self.url = f"{url}/webhooks/smso"
        self.layout = layout
        self.client = httpx.Client()

    def post(self, raw: bytes, content_type: str = FORM, path: str = "") -> httpx.Response:
        headers = {"content-type": content_type}
        return self.client.post(self.url + path, content=raw, headers=headers)

    def records(self) -> list[Record]:
        with Journal.open(self.layout.journal) as journal:
            return [decode_record(blob) for _, blob in journal.head(0, 10_000)]

    def connect(self) -> socket.socket:
        parts = urlsplit(self.url)
        return socket.create_connection((parts.hostname, parts.port), timeout=5)


def serve(
    layout: Layout, queue_records_max: int = 1_000, limits: Limits | None = None
) -> Iterator[Endpoint]:
    with (
        JournalWriter(layout.journal, queue_records_max) as journal,
        live(Taking(journal, lambda: NOW), limits=limits) as url,
    ):
        endpoint = Endpoint(url, layout)
        with endpoint.client:
            yield endpoint


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    yield from serve(Layout(tmp_path_factory.mktemp("data")))


@pytest.fixture
def small_endpoint(tmp_path: Path) -> Iterator[Endpoint]:
    yield from serve(Layout(tmp_path), queue_records_max=1)


@pytest.fixture
def impatient_endpoint(tmp_path: Path) -> Iterator[Endpoint]:
    yield from serve(Layout(tmp_path), limits=Limits(body_seconds=0.2))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_webhook_on_the_wire_is_answered_as_it_decodes(
    endpoint: Endpoint, case: dict[str, Any]
) -> None:
    raw = case["body"].encode()
    response = endpoint.post(raw, case["content_type"])
    bad = case["expect"].get("dead_letter")
    if bad is None:
        assert (response.status_code, response.content) == (204, b"")
    else:
        assert response.status_code == 422
        assert [error["field"] for error in response.json()["errors"]] == bad
    record = endpoint.records()[-1]
    assert (record.webhook.raw, record.webhook.content_type) == (raw, case["content_type"])
    assert isinstance(record.outcome, DeadLetter) == bool(bad)
    assert (record.source, record.ingested_at) == ("webhook", NOW)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize(("name", "kind"), [("status", StatusReported), ("reply", ReplyReceived)])
def test_the_curl_command_of_smsos_page_is_taken(
    endpoint: Endpoint, name: str, kind: type[Any]
) -> None:
    command = (WIRE / f"smso-{name}.sh").read_text()
    command = command.replace("https://your-server.com/webhooks/smso", endpoint.url)
    command = command.replace("curl ", "curl --silent --include ", 1)
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("HTTP/1.1 204")
    assert isinstance(endpoint.records()[-1].outcome, kind)


def test_a_dead_letter_is_a_problem_that_names_each_field(endpoint: Endpoint) -> None:
    response = endpoint.post(b"uuid=x&status=sent")
    problem = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "instance", "errors"} == set(problem)
    assert problem["instance"] == f"urn:uuid:{endpoint.records()[-1].event_id}"
    assert [error["field"] for error in problem["errors"]] == [
        "sent_at",
        "receiver[number]",
        "receiver[mcc]",
        "receiver[mnc]",
    ]


def test_the_url_says_campaign_and_tags(endpoint: Endpoint) -> None:
    endpoint.post(status_body("a"), path="/black%20friday?team=shop")
    assert endpoint.records()[-1].webhook.tags == {"campaign": "black friday", "team": "shop"}
    endpoint.post(status_body("a"), path="?campaign=spring")
    assert endpoint.records()[-1].webhook.tags == {"campaign": "spring"}


def test_a_webhook_without_content_type_or_body_is_answered(endpoint: Endpoint) -> None:
    assert endpoint.client.post(endpoint.url).status_code == 422
    assert endpoint.client.post(endpoint.url, content=status_body("a")).status_code == 204


def test_a_body_beyond_the_limit_is_refused_and_one_at_it_is_kept(endpoint: Endpoint) -> None:
    before = len(endpoint.records())
    too_large: list[bytes | Iterator[bytes]] = [
        b"x" * (BODY_BYTES_MAX + 1),
        iter([b"x" * 40_000] * 2),
    ]
    for content in too_large:
        response = endpoint.client.post(endpoint.url, content=content)
        assert response.status_code == 413
        assert response.headers["content-type"] == "application/problem+json"
    assert endpoint.post(b"x" * BODY_BYTES_MAX).status_code == 422
    assert len(endpoint.records()) == before + 1


def test_random_bytes_are_kept_and_never_a_server_error(endpoint: Endpoint) -> None:
    chance = random.Random(11)
    before = len(endpoint.records())
    for _ in range(60):
        kind = chance.choice(
            [FORM, "application/json", "multipart/form-data; boundary=x", "\xff;;"]
        )
        raw = chance.randbytes(chance.randrange(300))
        headers = {b"content-type": kind.encode("latin-1")}
        answer = endpoint.client.post(endpoint.url, content=raw, headers=headers)
        assert answer.status_code == 422
    assert len(endpoint.records()) == before + 60


def test_a_body_that_trickles_is_cut_off(impatient_endpoint: Endpoint) -> None:
    with impatient_endpoint.connect() as connection:
        connection.sendall(
            b"POST /webhooks/smso HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nuuid="
        )
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"problem+json" in answer


def test_a_client_that_leaves_within_its_body_leaves_nothing(endpoint: Endpoint) -> None:
    before = len(endpoint.records())
    with endpoint.connect() as connection:
        connection.sendall(
            b"POST /webhooks/smso HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nuuid="
        )
    assert endpoint.post(status_body("a")).status_code == 204
    assert len(endpoint.records()) == before + 1


def test_a_full_disk_answers_503_until_there_is_room(endpoint: Endpoint) -> None:
    with full_disk():
        refused = endpoint.post(status_body("refused"))
    assert refused.status_code == 503
    assert int(refused.headers["retry-after"]) > 0
    assert refused.headers["content-type"] == "application/problem+json"
    assert endpoint.post(status_body("taken")).status_code == 204


def test_overload_answers_503_and_loses_nothing_acknowledged(small_endpoint: Endpoint) -> None:
    async def storm() -> list[httpx.Response]:
        async with httpx.AsyncClient() as client:
            posts = [
                client.post(small_endpoint.url, content=status_body(f"m-{n}")) for n in range(50)
            ]
            return await asyncio.gather(*posts)

    responses = asyncio.run(storm())
    codes = [response.status_code for response in responses]
    assert set(codes) == {204, 503}
    assert all("retry-after" in each.headers for each in responses if each.status_code == 503)
    assert len(small_endpoint.records()) == codes.count(204)


def test_only_posting_is_answered_as_a_webhook(endpoint: Endpoint) -> None:
    answer = endpoint.client.get(endpoint.url)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert answer.json()["status"] == 405


@pytest.mark.parametrize("path", ["//webhooks/smso", "/webhooks//smso/", "/webhooks/smso/spring/"])
def test_slashes_too_many_do_no_harm(endpoint: Endpoint, path: str) -> None:
    url = endpoint.url.removesuffix("/webhooks/smso") + path
    assert endpoint.client.post(url, content=status_body("a")).status_code == 204
