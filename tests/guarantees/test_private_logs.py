"""No log line has anything in it that was sent: no number, uuid, text, token or path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx

from ingest.answers import BODY_BYTES_MAX
from ingest.tokens import PREFIX
from tests.ingest.records import FORM
from tests.serving import Server, run, serving, wait_until

NUMBER = "40733111222"
UUID = "5e3c7a10-1111-4222-8333-abcdefabcdef"
TEXT = "see you at the old mill"
WRONG = PREFIX + "y" * 32
QUERY = "from=40755666777"
LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ (info|warning|error) [a-z ]+( [a-z_]+=.*)?")


def form(**fields: str) -> bytes:
    return "&".join(f"{quote(name)}={quote(value)}" for name, value in fields.items()).encode()


def party(role: str) -> dict[str, str]:
    return {f"{role}[number]": f"+{NUMBER}", f"{role}[mcc]": "226", f"{role}[mnc]": "01"}


STATUS = form(uuid=UUID, status="delivered", sent_at="2026-11-02 08:15:00", **party("receiver"))
REPLY = form(body=TEXT, received_at="2026-11-02 08:15:00", **party("sender"))
DEAD = form(uuid=UUID, status="delivered", sent_at=TEXT, **party("receiver"))


def busy(server: Server, token: str) -> Iterator[httpx.Response]:
    """Do what servers see: the good, the bad and the curious."""
    url = f"{server.url}/webhooks/smso"
    headers = {"content-type": FORM}
    for body in (STATUS, REPLY, DEAD, TEXT.encode() * BODY_BYTES_MAX):
        yield httpx.post(
            f"{url}/{token}?campaign={NUMBER}", content=body, headers=headers, timeout=60
        )
        yield httpx.post(f"{url}/{WRONG}/{NUMBER}", content=body, headers=headers, timeout=60)
        yield httpx.post(f"{url}/{NUMBER}", content=body, headers=headers, timeout=60)
    encoded = {"content-encoding": TEXT}
    yield httpx.post(f"{url}/{token}", content=STATUS, headers=encoded, timeout=60)
    for path in (
        f"/{NUMBER}",
        f"/reports/{UUID}",
        f"/exports/{NUMBER}.csv",
        f"/exports/messages.csv?{QUERY}",
        f"/?{QUERY}",
        f"/static/{token}",
        f"/webhooks/smso/{token}",
        f"/webhooks/smso/{token}/a/b/c",
        "/readyz",
        "/metrics",
        "/dead-letters",
    ):
        yield httpx.get(server.url + path, timeout=60)


def test_a_busy_run_logs_nothing_of_what_was_sent(tmp_path: Path) -> None:
    data = tmp_path / "data"
    made = run("token", "create", "--data", data)
    token = made.stdout.split()[3]
    assert token.startswith(PREFIX)
    with serving(data, SMS_ANALYTICS_JOBS__REPORT_INTERVAL_SECONDS="1") as server:
        wait_until(lambda: httpx.get(server.url, timeout=60).status_code == 200, "published")
        answers = [answer.status_code for answer in busy(server, token)]
        assert {200, 204, 400, 404, 405, 413, 415, 422} <= set(answers)
        if (data / "reports").exists():
            (data / "reports").rename(data / "aside")
        (data / "reports").write_text("in the way")
        wait_until(lambda: "job failed job=report" in server.log.read_text(), "a job has failed")
        assert server.stop() == 0
    told = server.log.read_text()
    assert "webhooks refused reason=token" in told
    sent = (NUMBER, UUID, TEXT, quote(TEXT), token, WRONG, QUERY.partition("=")[2], "/webhooks/")
    assert [each for each in sent if each in told] == []
    lines = [line for line in told.splitlines() if line[:2] == "20"]
    assert [line for line in lines if not LINE.fullmatch(line)] == []
