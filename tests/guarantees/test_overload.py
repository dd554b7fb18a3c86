"""While the disk stands still a bounded number waits; the others are told when to come back."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import httpx
from litestar import Litestar

from eventlog.layout import Layout
from ingest.counters import Counters, totals
from ingest.journal import Journal
from ingest.routes import Endpoint
from ingest.writer import JournalWriter
from tests.ingest.live import live
from tests.ingest.records import FORM, status_body

WAITING_MAX = 5
POSTED = 40


def test_a_disk_that_stands_still_keeps_few_waiting_and_loses_none(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    with (
        JournalWriter(layout.journal, WAITING_MAX) as writer,
        Counters.claim(layout.counters) as counters,
        live(Endpoint(writer, lambda: datetime.now(UTC), Litestar([]), counters=counters)) as url,
    ):
        answers = asyncio.run(_posted_while_it_stands(layout, writer, url))
    codes = Counter(answer.status_code for answer in answers)
    assert codes == {204: WAITING_MAX, 503: POSTED - WAITING_MAX}
    assert all(int(each.headers["retry-after"]) > 0 for each in answers if each.status_code == 503)
    with Journal.open(layout.journal) as journal:
        assert journal.seqs() == list(range(1, WAITING_MAX + 1))
    counted = totals(layout.counters)
    assert counted.taken["status"] == WAITING_MAX
    assert counted.refused["overload"] == POSTED - WAITING_MAX


async def _posted_while_it_stands(
    layout: Layout, writer: JournalWriter, url: str
) -> list[httpx.Response]:
    """Post while another holds the journal, until all that may wait do; return the answers."""
    async with httpx.AsyncClient(timeout=30) as client:
        with Journal.open(layout.journal) as other, other._transaction():
            posts = [asyncio.ensure_future(_post(client, url, number)) for number in range(POSTED)]
            while sum(post.done() for post in posts) < POSTED - WAITING_MAX:
                assert writer.waiting() <= WAITING_MAX
                await asyncio.sleep(0.01)
        return await asyncio.gather(*posts)


async def _post(client: httpx.AsyncClient, url: str, number: int) -> httpx.Response:
    return await client.post(
        f"{url}/webhooks/smso",
        content=status_body(f"message-{number}"),
        headers={"content-type": FORM},
    )
