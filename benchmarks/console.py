"""Acknowledging beside the SQL console, where ten clients ask the worst that may be asked.

They ask without a pause. Webhooks are sent in an open loop at a moderate rate (`openloop`), in
turns with and without the ten.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import Any

import msgspec

from benchmarks import endpoint, fold
from benchmarks.catchup import children, published, ready, server
from benchmarks.report import Table, ratio
from eventlog.layout import Layout
from reports.console import PLACES, WAITING_MAX

CLIENTS = 10
EVENTS = 2_000_000
RATES = (500, 2_000)
ROUNDS = 3
SECONDS = 6.0
CONNECTIONS = 64
UNDER_WAY_SECONDS = 3.0
SETTLING_SECONDS = 8.0
ASK_SECONDS_MAX = 60
# The processor for as long as it is given, as much memory as it is given, all files at once, and
# the longest answers: what is allowed and takes most.
WORST = (
    "select count(*) from messages a, messages b where hash(a.message_id || b.message_id) = 1",
    "select count(distinct md5(i::varchar)) from range(900_000_000) t(i)",
    "select number, count(*) over (partition by network order by sent_at) from messages",
    "select *, repeat('x', 1_000) from messages order by hash(message_id)",
)

Told = dict[str, Any]


def measure(work: Path) -> Table:
    """Measure acknowledgements with and without ten clients at the console."""
    data = work / "console-data"
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(fold.generated(work, EVENTS), data)
    shutil.rmtree(Layout(data).projections, ignore_errors=True)
    seen: dict[tuple[int, bool], list[Told]] = {}
    became: Counter[str] = Counter()
    at_once = 0
    with server(data) as (process, address):
        while not (ready(address) and published(data) >= EVENTS):
            time.sleep(0.2)
        time.sleep(SETTLING_SECONDS)
        for rate in RATES * ROUNDS:
            seen.setdefault((rate, False), []).append(_load(address, rate))
            with _asking(address, became):
                time.sleep(UNDER_WAY_SECONDS)
                at_once = max(at_once, _at_work(process.pid))
                seen.setdefault((rate, True), []).append(_load(address, rate))
    shutil.rmtree(data)
    asked = ", ".join(f"{times} × {what}" for what, times in sorted(became.items()))
    return Table(
        title=f"Acknowledging beside {CLIENTS} clients at the SQL console",
        method=(
            f"`sms-analytics serve` with its jobs and a log of {EVENTS:,} events; webhooks in an "
            f"open loop over {CONNECTIONS} connections, {ROUNDS} rounds of {SECONDS:.0f} s, in "
            f"turns without and with {CLIENTS} clients who ask the worst allowed queries without "
            "a pause; medians. "
            f"{PLACES} queries are answered at once and {WAITING_MAX} may wait; seen at once: "
            f"{at_once}. What became of the queries: {asked}."
        ),
        columns=("load", "beside", "p50", "p99", "of the usual", "most", "accepted"),
        rows=[_row(rate, beside, seen) for rate in RATES for beside in (False, True)],
    )


def _at_work(process_id: int) -> int:
    """Return how many queries are being answered: the children of the console's keeper."""
    keepers = [
        child
        for child in children(process_id)
        if b"sandbox_keeper" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]
    return sum(len(children(keeper)) for keeper in keepers)


def _load(address: str, rate: int) -> Told:
    command = [sys.executable, "-m", "benchmarks.openloop", endpoint.ROUTE.format(address)]
    command += [str(number) for number in (rate, SECONDS, CONNECTIONS)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(msgspec.json.decode(done.stdout))


def _row(rate: int, beside: bool, seen: dict[tuple[int, bool], list[Told]]) -> tuple[str, ...]:
    rounds, usual = seen[rate, beside], seen[rate, False]
    p99 = median(each["p99_ms"] for each in rounds)
    due = sum(each["due"] for each in rounds)
    return (
        f"{rate:,}/s",
        f"{CLIENTS} clients" if beside else "nothing",
        f"{median(each['p50_ms'] for each in rounds):.1f} ms",
        f"{p99:.1f} ms",
        ratio(p99, median(each["p99_ms"] for each in usual)),
        f"{max(each['max_ms'] for each in rounds):.0f} ms",
        f"{sum(each.get('accepted', 0) for each in rounds) / due:.4f}",
    )


@contextmanager
def _asking(address: str, became: Counter[str]) -> Iterator[None]:
    """Let the clients ask until the block ends."""
    over = threading.Event()
    clients = [
        threading.Thread(target=_client, args=(address, at, over, became)) for at in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    try:
        yield
    finally:
        over.set()
        for client in clients:
            client.join()


def _client(address: str, at: int, over: threading.Event, became: Counter[str]) -> None:
    queries = cycle(WORST[at % len(WORST) :] + WORST[: at % len(WORST)])
    while not over.is_set():
        became[_ask(address, next(queries))] += 1


def _ask(address: str, sql: str) -> str:
    request = urllib.request.Request(
        f"{address}/sql/answers",
        data=msgspec.json.encode({"sql": sql}),
        headers={"Content-Type": "application/json", "Accept-Encoding": "gzip"},
    )
    try:
        with urllib.request.urlopen(request, timeout=ASK_SECONDS_MAX) as answer:
            answer.read()
            return "answered"
    except urllib.error.HTTPError as error:
        return str(msgspec.json.decode(error.read())["detail"])
    except OSError as error:
        return type(error).__name__
