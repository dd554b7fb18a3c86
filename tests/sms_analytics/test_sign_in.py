"""Whoever does not know the password sees nothing of the site, and cannot find it out."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar.testing import TestClient

from analytics.catalogue import publish
from analytics.definitions import Definitions
from ingest.writer import JournalWriter
from reports.reader import Reader
from sms_analytics import password
from sms_analytics.clock import utc_now
from sms_analytics.server import create_app
from sms_analytics.settings import Settings, load
from sms_analytics.sign_in import local

SECRET = "correct horse battery"
PAGES = ("/", "/jobs", "/dead-letters", "/exports/messages.csv", "/reports/x.html", "/no/such")
Client = TestClient[Any]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = load(data=tmp_path_factory.mktemp("data"))
    password.keep(settings.layout.viewer_password, SECRET)
    publish(settings.layout, Definitions(), utc_now())
    settings.layout.reports.mkdir()
    return settings


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    reader = Reader(1)
    yield reader
    reader.close()


@pytest.fixture
def client(data: Settings, reader: Reader) -> Iterator[Client]:
    data.layout.viewer_attempts.unlink(missing_ok=True)
    with JournalWriter(data.layout.journal) as journal:
        app = create_app(data, journal, reader, "http://x/webhooks/smso", lambda: True)
        with TestClient(app, base_url="http://sms.example") as client:
            client.follow_redirects = False
            yield client


def sign_in(
    client: Client, tried: str = SECRET, onward: str = "/", **headers: str
) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    form = {"password": tried, "next": onward}
    return client.post("/sign-in", data=form, headers=named)


def test_nothing_of_the_site_is_shown_before_signing_in(client: Client) -> None:
    for page in PAGES:
        for method in ("GET", "HEAD"):
            answer = client.request(method, page)
            assert (answer.status_code, answer.content) == (303, b"")
            assert answer.headers["location"].startswith("/sign-in")
    asked = client.get("/?from=2026-11-01&network=226-01").headers["location"]
    assert asked == "/sign-in?next=%2F%3Ffrom%3D2026-11-01%26network%3D226-01"


def test_probes_and_static_files_need_no_password(client: Client) -> None:
    assert client.get("/healthz").text == "ok\n"
    assert client.head("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200
    style = client.get("/sign-in").text.split('stylesheet" href="')[1].split('"')[0]
    assert client.get(style).status_code == 200
    for path in ("/static/../jobs", "/static/a/b", "/healthz/", "//jobs", "/static/"):
        assert client.get(f"http://sms.example{path}").status_code in (303, 404)


def test_a_post_to_the_closed_site_is_answered_as_one_to_nowhere(client: Client) -> None:
    answers = [client.post(path, content=b"x") for path in ("/", "/no/such", "/exports/x.csv")]
    assert {(each.status_code, each.content) for each in answers} == {(404, answers[0].content)}


def test_who_knows_the_password_is_let_in_and_led_on(client: Client) -> None:
    page = client.get("/sign-in?next=/jobs")
    assert 'name="next" value="/jobs"' in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    answer = sign_in(client, onward="/jobs")
    assert (answer.status_code, answer.headers["location"]) == (303, "/jobs")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly; SameSite=Lax" in cookie
    assert "Path=/; Max-Age=43200" in cookie
    assert "Secure" not in cookie
    assert client.get("/jobs").status_code == 200
    assert client.head("/jobs").status_code == 200
    assert 'action="/sign-out"' in client.get("/jobs").text
    assert client.get("/sign-in?next=/jobs").headers["location"] == "/jobs"


def test_signing_out_ends_the_session_for_whoever_has_its_cookie(client: Client) -> None:
    sign_in(client)
    stolen = {"cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items())}
    assert client.get("/sign-out").headers["location"] == "/"
    assert client.post("/sign-out", headers={"origin": "http://evil.example"}).status_code == 403
    assert client.get("/jobs").status_code == 200
    answer = client.post("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert client.get("/jobs", headers=stolen).status_code == 303


def test_a_wrong_password_is_told_once_and_tried_a_few_times(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        for tried in ("", "wrong", SECRET + " ", "x" * 1_000, "wr\x00ng"):
            answer = sign_in(client, tried)
            assert answer.status_code == 403
            assert "That is not the password." in answer.text
            assert "set-cookie" not in answer.headers
        held = sign_in(client)
    assert held.status_code == 429
    assert int(held.headers["retry-after"]) > 800
    assert re.search(r"Try again in 1[0-5]\u00a0min", held.text)
    assert "sign-in refused" in caplog.text
    assert "wrong" not in caplog.text.replace("wrong password", "")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"sec_fetch_site": "same-origin"}, 303),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"origin": "http://sms.example"}, 303),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec_fetch_site": "cross-site", "origin": "http://sms.example"}, 403),
    ],
)
def test_only_forms_of_this_site_are_taken(
    client: Client, headers: dict[str, str], status: int
) -> None:
    assert sign_in(client, **headers).status_code == status


def test_a_form_that_is_too_large_is_not_read(client: Client) -> None:
    assert sign_in(client, "x" * 10_000).status_code == 413


def test_a_cookie_that_is_none_of_ours_opens_nothing(client: Client) -> None:
    for value in ("", "x", "a" * 5_000, "../../password", '"', "\xff"):
        header = f"sms_analytics_session={value}".encode("latin-1")
        assert client.get("/jobs", headers=[(b"cookie", header)]).status_code == 303


def test_a_new_password_signs_everybody_out(client: Client, data: Settings) -> None:
    from sms_analytics import credentials

    sign_in(client)
    assert client.get("/jobs").status_code == 200
    credentials.set_password(data, SECRET)
    assert client.get("/jobs").status_code == 303


@pytest.mark.parametrize(
    ("onward", "leads"),
    [
        ("/jobs?days=7", "/jobs?days=7"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/\t/evil.example", "/"),
        ("/x\r\nset-cookie: a=b", "/"),
        ("/sign-in?next=/sign-in", "/"),
        ("", "/"),
        ("evil", "/"),
    ],
)
def test_after_signing_in_one_stays_on_this_site(onward: str, leads: str) -> None:
    assert local(onward) == leads


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out"])
@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "OPTIONS"])
def test_sign_in_and_sign_out_are_asked_for_in_no_other_way(
    client: Client, method: str, path: str
) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST")
    assert answer.json()["status"] == 405
    assert client.head(path).status_code == client.get(path).status_code


@contextmanager
def serve(settings: Settings, reader: Reader, base_url: str, address: str) -> Iterator[Client]:
    """Serve to somebody at an address."""
    with JournalWriter(settings.layout.journal) as journal:
        app = create_app(settings, journal, reader, "", lambda: True)

        async def asked(scope: Any, receive: Any, send: Any) -> None:
            await app({**scope, "client": (address, 1)}, receive, send)

        with TestClient(asked, base_url=base_url) as client:
            yield client


def test_where_no_password_is_set_there_is_nothing_to_sign_in_to(
    tmp_path: Path, reader: Reader
) -> None:
    settings = load(data=tmp_path)
    with serve(settings, reader, "http://sms.example", "127.0.0.1") as client:
        answers = [sign_in(client) for _ in range(7)]
        assert {answer.status_code for answer in answers} == {404}
        assert "No password is set: the site is open to all." in answers[0].text
        assert sign_in(client, origin="http://evil.example").status_code == 403
        password.keep(settings.layout.viewer_password, SECRET)
        assert sign_in(client, "wrong").status_code == 403
        password.remove(settings.layout.viewer_password)
        assert sign_in(client).status_code == 503


@pytest.mark.parametrize("base_url", ["https://other.example", "http://sms.example"])
def test_behind_tls_the_cookie_is_for_tls_alone(
    data: Settings, reader: Reader, base_url: str
) -> None:
    settings = load(data=data.data, server__public_url="https://sms.example")
    with serve(settings, reader, base_url, "127.0.0.1") as client:
        client.follow_redirects = False
        cookie = sign_in(client).headers["set-cookie"]
    assert cookie.startswith("__Host-sms_analytics_session=")
    assert cookie.endswith("; Secure")


@pytest.mark.parametrize(
    ("client", "headers", "trusted", "status"),
    [
        ("127.0.0.1", {}, [], 200),
        ("198.51.100.7", {}, [], 303),
        ("127.0.0.1", {"x-forwarded-for": "198.51.100.7"}, [], 303),
        ("127.0.0.1", {"x-forwarded-for": "127.0.0.1"}, ["127.0.0.3"], 200),
        ("unknown", {}, [], 303),
    ],
)
def test_metrics_are_for_the_machine_itself(
    data: Settings,
    reader: Reader,
    client: str,
    headers: dict[str, str],
    trusted: list[str],
    status: int,
) -> None:
    settings = load(data=data.data, server__trusted_proxies=trusted)
    with serve(settings, reader, "http://sms.example", client) as asked:
        answer = asked.get("/metrics", headers=headers, follow_redirects=False)
    assert answer.status_code == status
