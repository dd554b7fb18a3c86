"""Metrics of a real server, read as strictly as Prometheus reads them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import httpx

from eventlog.event import encode_record
from eventlog.layout import Layout
from ingest.answers import BODY_BYTES_MAX
from ingest.counters import Counters
from ingest.journal import Journal
from sms_analytics.exposition import exposition
from sms_analytics.metrics import gather
from tests.ingest.records import FORM, START, record, status_body
from tests.serving import run, serving, wait_until

LINE = re.compile(r'([a-z_]+)(?:\{((?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)+)\})? (\S+)')
LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')
SUFFIXES = {
    "counter": {""},
    "gauge": {""},
    "histogram": {"_bucket", "_sum", "_count"},
    "summary": {"_sum", "_count"},
}

Series = dict[str, float]


def parsed(text: str) -> Series:
    """Read an exposition, family by family; fail on anything that the format does not allow."""
    assert text.endswith("\n")
    found: Series = {}
    name = kind = ""
    families: list[str] = []
    for line in text.splitlines():
        if line.startswith("# HELP "):
            name = line.split(" ", 3)[2]
            assert name not in families
            families.append(name)
        elif line.startswith("# TYPE "):
            assert line.split(" ")[2] == name
            kind = line.split(" ")[3]
            assert name.endswith("_total") == (kind == "counter"), name
        else:
            match = LINE.fullmatch(line)
            assert match, line
            assert match[1].removeprefix(name) in SUFFIXES[kind], line
            series = match[1] + "".join(f"|{value}" for _, value in LABEL.findall(match[2] or ""))
            assert series not in found, line
            found[series] = float(match[3])
    return found


def scraped(url: str) -> Series:
    answer = httpx.get(f"{url}/metrics", timeout=60)
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return parsed(answer.text)


def test_a_server_tells_what_it_took_and_what_its_jobs_did(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as server:
        url = f"{server.url}/webhooks/smso"
        for body in [status_body("a"), status_body("b"), b"hello=world", b"x" * BODY_BYTES_MAX * 2]:
            httpx.post(url, content=body, headers={"content-type": FORM}, timeout=60)
        httpx.get(url)
        found = scraped(server.url)
        wait_until(
            lambda: scraped(server.url).get("sms_analytics_job_seconds_count|refresh", 0) > 0,
            "refreshed",
        )
        wait_until(lambda: scraped(server.url)["sms_analytics_journal_records"] == 0, "sealed")
        later = scraped(server.url)
    kinds = {kind: found[f"sms_analytics_webhooks_total|{kind}"] for kind in ("status", "reply")}
    assert kinds == {"status": 2, "reply": 0}
    assert found["sms_analytics_webhooks_total|dead_letter"] == 1
    refused = {name: n for name, n in found.items() if "refused" in name and n}
    assert refused == {
        "sms_analytics_webhooks_refused_total|too_large": 1,
        "sms_analytics_webhooks_refused_total|method": 1,
    }
    assert found["sms_analytics_acknowledgement_seconds_count"] == 3
    assert found["sms_analytics_acknowledgement_seconds_bucket|+Inf"] == 3
    assert found["sms_analytics_jobs_up"] == 1
    assert found["sms_analytics_disk_free_bytes"] > 0
    assert later["sms_analytics_job_last_success_timestamp_seconds|seal"] > 1_700_000_000
    assert later["sms_analytics_catalogue_published_timestamp_seconds"] > 1_700_000_000
    assert later["sms_analytics_journal_oldest_seconds"] == 0


def test_the_journal_tells_how_long_its_first_webhook_has_waited(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    with Journal.open(layout.journal) as journal:
        journal.append_many([encode_record(record(1)), encode_record(record(2))])
    now = datetime(2026, 11, 3, 0, 1, tzinfo=UTC)
    found = parsed(exposition(gather(layout, False, now)))
    assert found["sms_analytics_journal_records"] == 2
    assert found["sms_analytics_journal_oldest_seconds"] == (now - START).total_seconds() - 1
    assert found["sms_analytics_jobs_up"] == 0


def test_counts_of_every_process_are_in_any_answer(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    with Counters.claim(layout.counters) as one, Counters.claim(layout.counters) as other:
        one.took("reply", 1)
        other.took("reply", 1)
    found = parsed(exposition(gather(layout, True, START)))
    assert found["sms_analytics_webhooks_total|reply"] == 2


def test_the_operation_page_explains_every_family(tmp_path: Path) -> None:
    assert run("refresh", "--data", tmp_path).returncode == 0
    layout = Layout(tmp_path)
    page = (Path(__file__).parents[2] / "docs/operation.md").read_text()
    for family in gather(layout, True, START):
        assert f"`{family.name}" in page, family.name
