"""SIGTERM under load cuts no request: each is answered, or finds nobody listening any more."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from eventlog.layout import Layout
from ingest.journal import Journal
from tests.guarantees.test_kill_9 import assert_every_seq_once, rows
from tests.ingest.records import FORM, status_body
from tests.serving import DEADLINE_SECONDS, serving

CLIENTS = 24
POSTS_BEFORE_THE_STOP = 400


class Load:
    """Clients that post one webhook after the other until nobody listens."""

    def __init__(self, url: str, connection: str) -> None:
        self.url = url
        self.headers = {"content-type": FORM, "connection": connection}
        self.told: Counter[str] = Counter()
        self.acknowledged: list[str] = []

    async def run(self, stop: Callable[[], None]) -> None:
        """Post from every client, call `stop` in the midst of it, and go on to the end."""
        limits = httpx.Limits(max_connections=CLIENTS)
        async with httpx.AsyncClient(limits=limits) as client:
            posting = [
                asyncio.create_task(self._keep_posting(client, f"client-{number}"))
                for number in range(CLIENTS)
            ]
            while self.told.total() < POSTS_BEFORE_THE_STOP:
                await asyncio.sleep(0.005)
            stop()
            await asyncio.gather(*posting)

    async def _keep_posting(self, client: httpx.AsyncClient, name: str) -> None:
        for number in range(1_000_000):
            message_id = f"{name}-{number}"
            body = b"hello=world" if number % 10 == 5 else status_body(message_id)
            try:
                answer = await client.post(self.url, content=body, headers=self.headers)
            except httpx.ConnectError:
                self.told["refused"] += 1
                return
            except httpx.TransportError as error:
                self.told[f"cut: {error!r}"] += 1
                return
            self.told[str(answer.status_code)] += 1
            if answer.status_code == 204:
                self.acknowledged.append(message_id)


@pytest.mark.parametrize(
    ("connection", "workers"), [("keep-alive", "1"), ("close", "1"), ("close", "2")]
)
def test_a_stop_under_load_loses_nothing_and_cuts_nobody(
    tmp_path: Path, connection: str, workers: str
) -> None:
    layout = Layout(tmp_path / "data")
    with serving(layout.root, SMS_ANALYTICS_SERVER__WORKERS=workers) as server:
        load = Load(f"{server.url}/webhooks/smso", connection)
        asyncio.run(load.run(server.process.terminate))
        assert server.process.wait(DEADLINE_SECONDS) == 0
    assert load.told.keys() == {"204", "422", "refused"}, load.told
    with Journal.open(layout.journal) as journal:
        assert journal.depth() == 0, "what was taken is sealed before the end"
    assert_every_seq_once(layout)
    events, _ = rows(layout)
    assert sorted(events["message_id"]) == sorted(load.acknowledged)
