"""How soon what was acknowledged is in the answers of a new SQL session, as set by default."""

from __future__ import annotations

import random
import shutil
import time
import urllib.request
from pathlib import Path
from statistics import median

from analytics.door import Catalogue
from benchmarks import endpoint
from benchmarks.catchup import published, ready, server
from benchmarks.openloop import BODY
from benchmarks.report import Table
from eventlog.layout import Layout

WEBHOOKS = 20
LOOK_SECONDS = 0.2
SETTLING_SECONDS = 5.0
SECONDS_MAX = 60.0


def measure(work: Path) -> Table:
    """Send webhooks at moments of chance, and look for each in sessions that are opened anew."""
    data = work / "freshness-data"
    shutil.rmtree(data, ignore_errors=True)
    chance = random.Random(1)
    with server(data) as (_, address):
        while not (ready(address) and Layout(data).catalogue.exists()):
            time.sleep(0.1)
        time.sleep(SETTLING_SECONDS)
        took = []
        for number in range(WEBHOOKS):
            time.sleep(chance.uniform(0, 5))
            took.append(_seen_after(address, data, number))
    opening = _opening_seconds(data)
    shutil.rmtree(data)
    return Table(
        title="From the acknowledgement to the answer of a new SQL session",
        method=(
            f"`sms-analytics serve` as it is set by default, a small log; {WEBHOOKS} webhooks at "
            f"moments of chance, each looked for every {LOOK_SECONDS * 1000:.0f} ms in a session "
            "that is opened anew."
        ),
        columns=("what", "seconds"),
        rows=[
            ("median", f"{median(took):.1f} s"),
            ("least", f"{min(took):.1f} s"),
            ("most", f"{max(took):.1f} s"),
            ("to open a session and count", f"{opening:.2f} s"),
        ],
    )


def _seen_after(address: str, data: Path, number: int) -> float:
    before = published(data)
    body = BODY % (number, number)
    urllib.request.urlopen(endpoint.ROUTE.format(address), body, timeout=SECONDS_MAX).close()
    began = time.monotonic()
    while published(data) == before and time.monotonic() < began + SECONDS_MAX:
        time.sleep(LOOK_SECONDS)
    return time.monotonic() - began


def _opening_seconds(data: Path) -> float:
    began = time.monotonic()
    with Catalogue.open(Layout(data).catalogue) as catalogue:
        catalogue.frame("select count(*) from events")
    return time.monotonic() - began
