"""A webhook posted to the real server arrives in SQL, in the page and in the export."""

from __future__ import annotations

import signal
from pathlib import Path

import httpx
import pytest

from tests.serving import run, serving, wait_until

UUID = "0f0f0f0f-1111-4222-8333-944444444444"
RECEIPT = {
    "uuid": UUID,
    "status": "delivered",
    "sent_at": "2026-11-02 08:15:00",
    "delivered_at": "2026-11-02 08:15:04",
    "receiver[number]": "+40722334455",
    "receiver[mcc]": "226",
    "receiver[mnc]": "10",
}


def rows(data: Path, query: str) -> str:
    return run("sql", query, "--format", "csv", "--data", data).stdout


def test_a_webhook_travels_all_the_way(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(data, SMS_ANALYTICS_INGEST__SEAL_INTERVAL_SECONDS="0.2") as server:
        answer = httpx.post(
            f"{server.url}/webhooks/smso", params={"campaign": "spring"}, data=RECEIPT
        )
        assert answer.status_code == 204
        wait_until(lambda: UUID in rows(data, "select message_id from messages"), "message in SQL")
        page = httpx.get(f"{server.url}/?from=2026-11-01&to=2026-11-03", timeout=60)
        assert page.status_code == 200
        assert "Orange" in page.text
        assert UUID not in page.text
        exported = httpx.get(f"{server.url}/exports/campaign_performance.csv", timeout=60)
        assert "spring" in exported.text
        assert httpx.get(f"{server.url}/readyz").status_code == 200
        assert server.stop() == 0
    assert "error" not in server.log.read_text()
    assert "40722334455" not in server.log.read_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_server_leaves_nothing_in_the_journal(
    tmp_path: Path, number: signal.Signals
) -> None:
    data = tmp_path / "data"
    with serving(data, SMS_ANALYTICS_INGEST__SEAL_INTERVAL_SECONDS="3600") as server:
        assert httpx.post(f"{server.url}/webhooks/smso", data=RECEIPT).status_code == 204
        assert server.stop(number) == 0
    assert list(data.glob("events/ingested_date=*/*.parquet"))
    assert run("verify", "--data", data).returncode == 0


def test_the_jobs_end_with_a_killed_server(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(data) as server:
        assert httpx.post(f"{server.url}/webhooks/smso", data=RECEIPT).status_code == 204
        server.kill()
    wait_until(lambda: "jobs stopped" in server.log.read_text(), "jobs process ended")
    assert run("refresh", "--data", data).returncode == 0
    assert UUID in rows(data, "select message_id from messages")
