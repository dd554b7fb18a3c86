"""Only who may post can post, and a token is seen by nobody but its owner."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import polars as pl
import pytest

from ingest.answers import BODY_BYTES_MAX
from ingest.tokens import PREFIX
from tests.ingest.records import FORM, status_body
from tests.serving import Server, run, serving, wait_until

PASSWORD = "correct horse battery"
WRONG = PREFIX + "x" * 32


def create(data: Path, *arguments: str) -> tuple[str, str]:
    """Make a token with the command; return its id and the token."""
    done = run("token", "create", "--data", data, *arguments)
    assert done.returncode == 0, done.stderr
    token_id, secret, url = (line.split()[1] for line in done.stdout.splitlines())
    assert url.endswith(f":8090/webhooks/smso/{secret}")
    return token_id, secret


def post(url: str, path: str = "", body: bytes = b"", encoding: str = "identity") -> httpx.Response:
    headers = {"content-type": FORM, "content-encoding": encoding}
    content = body or status_body("m")
    return httpx.post(f"{url}/webhooks/smso{path}", content=content, headers=headers)


def without_date(answer: httpx.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    headers = [(name, value) for name, value in answer.headers.items() if name != "date"]
    return answer.status_code, answer.content, headers


def tried(url: str, secret: str) -> Iterator[httpx.Response]:
    """Use and misuse a token in every way that is answered."""
    yield post(url, f"/{secret}")
    yield post(url, f"/{secret}/spring")
    yield post(url, f"/{secret}/{secret}?campaign={secret}&token={secret}")
    yield post(url, f"/{secret}", b"hello=world")
    yield post(url, f"/{secret}", b"x" * (BODY_BYTES_MAX + 1))
    yield post(url, f"/{secret}", encoding="gzip")
    yield post(url, f"/{secret}x")
    yield post(url, f"/spring/{secret}")
    yield post(url, f"/{secret}/a/b")
    for path in [
        f"/webhooks/smso/{secret}",
        f"/{secret}",
        f"/exports/{secret}",
        f"/?from={secret}",
    ]:
        yield httpx.get(url + path)
    for path in ["/healthz", "/readyz", "/metrics", "/"]:
        yield httpx.get(url + path)


def raw(url: str, sent: bytes) -> bytes:
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
        connection.sendall(sent)
        return connection.recv(65_536)


def test_a_token_is_nowhere_but_in_its_owners_hand(tmp_path: Path) -> None:
    data = tmp_path / "data"
    _, secret = create(data)
    with serving(data) as server:
        answers = [answer.text + str(answer.headers) for answer in tried(server.url, secret)]
        answers.append(repr(raw(server.url, f"POST /webhooks/smso/{secret} HTTP/9".encode())))
        answers.append(repr(raw(server.url, f"POST /{secret}\xff HTTP/1.1\r\n\r\n".encode())))
        assert server.stop() == 0
    told = "".join([*answers, server.log.read_text(), run("token", "list", "--data", data).stdout])
    assert secret not in told
    for path in filter(Path.is_file, data.rglob("*")):
        assert secret.encode() not in path.read_bytes(), path
    for path in data.glob("*/*/*.parquet"):
        assert secret not in str(pl.read_parquet(path, hive_partitioning=False).rows()), path
    events = pl.read_parquet(list(data.glob("events/*/*.parquet")), hive_partitioning=False)
    tags = [json.loads(each or "{}") for each in events["tags"]]
    assert sorted(tags, key=len) == [{}, {}, {"campaign": "spring"}]


def test_a_running_server_takes_over_what_becomes_of_tokens(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(data) as server:
        assert post(server.url).status_code == 204
        (old_id, old), (_, new) = create(data, "--label", "old"), create(data)
        wait_until(lambda: post(server.url).status_code == 404, "a token is asked for")
        wait_until(lambda: post(server.url, f"/{new}").status_code == 204, "the new one holds")
        assert post(server.url, f"/{old}").status_code == 204
        refused = without_date(post(server.url, f"/{WRONG}"))
        assert refused == without_date(httpx.post(f"{server.url}/no/such/path", content=b"x"))
        assert run("token", "revoke", old_id, "--data", data).returncode == 0
        wait_until(lambda: post(server.url, f"/{old}").status_code == 404, "the old one is revoked")
        assert post(server.url, f"/{new}").status_code == 204
        assert server.stop() == 0
    assert "webhooks refused reason=token" in server.log.read_text()
    listed = run("token", "list", "--data", data).stdout
    assert len(listed.splitlines()) == 2
    assert "old" not in listed
    assert "never" not in listed


def test_beyond_loopback_token_and_password_are_needed_before_it_starts(tmp_path: Path) -> None:
    data = tmp_path / "data"
    token_id, secret = create(data)
    start = ("serve", "--host", "0.0.0.0", "--port", "0", "--data", data)
    refused = run(*start)
    assert (refused.returncode, "password set" in refused.stderr) == (1, True)
    assert run("password", "set", "--data", data, stdin=f"{PASSWORD}\n").returncode == 0
    with serving(data, "--host", "0.0.0.0") as server:
        url = server.url.replace("0.0.0.0", "127.0.0.1")
        assert [
            httpx.get(url + path).status_code for path in ("/", "/reports", "/exports/x.csv")
        ] == [303] * 3
        with httpx.Client(base_url=url) as viewer:
            assert viewer.post("/sign-in", data={"password": PASSWORD}).status_code == 303
            wait_until(lambda: viewer.get("/jobs").status_code == 200, "the site is shown")
        assert httpx.get(f"{url}/healthz").status_code == 200
        assert post(url, f"/{secret}").status_code == 204
        run("token", "revoke", token_id, "--data", data)
        wait_until(lambda: post(url, f"/{secret}").status_code == 404, "nobody is let in")
        assert post(url).status_code == 404
    assert PASSWORD not in server.log.read_text()
    again = run(*start)
    assert (again.returncode, "token create" in again.stderr) == (1, True)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve two addresses, behind two proxies."""
    environment = {
        "SMS_ANALYTICS_INGEST__ALLOWED_ADDRESSES": '["127.0.0.2", "198.51.100.0/24"]',
        "SMS_ANALYTICS_SERVER__TRUSTED_PROXIES": '["127.0.0.3", "127.0.0.64/26"]',
    }
    with serving(tmp_path_factory.mktemp("guarded") / "data", **environment) as server:
        yield server


ALLOWED, STRANGER, PROXY, OTHER_PROXY = "127.0.0.2", "127.0.0.9", "127.0.0.3", "127.0.0.65"


@pytest.mark.parametrize(
    ("peer", "forwarded", "status"),
    [
        (ALLOWED, [], 204),
        (STRANGER, [], 403),
        (STRANGER, [ALLOWED], 403),
        (PROXY, [], 403),
        (PROXY, [ALLOWED], 204),
        (PROXY, ["198.51.100.7:4711"], 204),
        (PROXY, [f"203.0.113.9, {ALLOWED}"], 204),
        (PROXY, [f"{ALLOWED}, 203.0.113.9"], 403),
        (PROXY, [ALLOWED, "203.0.113.9"], 403),
        (PROXY, [f"{ALLOWED}, {OTHER_PROXY}"], 204),
        (OTHER_PROXY, [f"{ALLOWED}, {PROXY}"], 204),
        (PROXY, [OTHER_PROXY], 403),
        (PROXY, ["unknown"], 403),
        (PROXY, [""], 403),
    ],
)
def test_only_allowed_addresses_may_post(
    guarded: Server, peer: str, forwarded: list[str], status: int
) -> None:
    headers = [("x-forwarded-for", value) for value in forwarded]
    with httpx.Client(transport=httpx.HTTPTransport(local_address=peer)) as client:
        answer = client.post(
            f"{guarded.url}/webhooks/smso",
            content=status_body("m"),
            headers=[("content-type", FORM), *headers],
        )
        assert answer.status_code == status
        assert client.get(f"{guarded.url}/healthz").status_code == 200
    if status == 403:
        assert answer.json()["status"] == 403
        assert answer.headers["content-type"] == "application/problem+json"
