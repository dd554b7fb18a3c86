"""The page of dead letters says why, and nothing of what strangers sent."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from analytics.catalogue import publish
from analytics.projector import project
from eventlog.event import DeadLetter, Reason, Record, Webhook, encode_record
from eventlog.layout import Layout
from ingest.journal import Journal
from ingest.redriver import redrive
from ingest.sealer import Sealer
from reports.links import MENU
from reports.site import dead_letters_page
from reports.site import page as site_page
from tests.ingest.records import START, record, status_body
from tests.reports import catalogues
from tests.reports.catalogues import AS_OF, DEFINITIONS
from tests.reports.test_routes import serving

NUMBER = "+40722334455"
SECRET = "9f8b1c2d-aaaa-bbbb-cccc-1234567890ab"
UNTIL_NOW = Reason("sent_at", "a time that an older decoder could read")


def dead(number: int, raw: bytes, content_type: str, *reasons: Reason) -> Record:
    return msgspec.structs.replace(
        record(1),
        event_id=f"{number:032x}",
        ingested_at=START + timedelta(minutes=number),
        webhook=Webhook(raw=raw, content_type=content_type, tags={"campaign": SECRET}),
        outcome=DeadLetter(reasons=list(reasons)),
    )


def made(folder: Path, *letters: Record, redriven: bool = False) -> Layout:
    layout = Layout(folder / "data")
    with Journal.open(layout.journal) as journal, Sealer(layout) as sealer:
        journal.append_many([encode_record(each) for each in [record(1), *letters]])
        sealer.seal(100)
        if redriven:
            redrive(layout, journal, lambda _done, _total: None)
            sealer.seal(100)
    project(layout, DEFINITIONS)
    publish(layout, DEFINITIONS, AS_OF)
    return layout


def page(layout: Layout) -> str:
    return dead_letters_page(layout.catalogue, MENU).decode()


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    number, mcc = Reason("receiver[number]", "a number"), Reason("receiver[mcc]", "3 digits")
    hostile = f"text/{NUMBER}; boundary=<script>{SECRET}"
    return made(
        tmp_path_factory.mktemp("letters"),
        dead(1, f"uuid={SECRET}&body={NUMBER}".encode(), "application/json", number, mcc),
        dead(2, f"<script>{NUMBER}".encode(), hostile, number),
        dead(3, status_body("late"), "application/x-www-form-urlencoded; charset=x", UNTIL_NOW),
        redriven=True,
    )


def test_reasons_and_the_latest_are_told(layout: Layout) -> None:
    told = page(layout)
    assert "3 webhooks could not be decoded, 60.00\u00a0% of all;" in told
    assert "1 of them was decoded since, 2 are left." in told
    rows = [re.findall("<bdi>(.*?)</bdi>", row) for row in told.split("<tr>")]
    assert ["receiver[number]", "a number", "2"] in [row[:3] for row in rows]
    assert [row[2:4] + row[5:] for row in rows if len(row) == 6] == [
        ["sent_at", "form", "yes"],
        ["receiver[number]", "another", "no"],
        ["receiver[number], receiver[mcc]", "JSON", "no"],
    ]


def test_nothing_that_strangers_sent_is_on_the_page(layout: Layout) -> None:
    told = page(layout)
    for private in (NUMBER, NUMBER[1:], SECRET, "<script>+", f"{1:032x}"):
        assert private not in told


def test_a_log_without_dead_letters_says_so(tmp_path: Path) -> None:
    told = page(made(tmp_path))
    assert "Every webhook could be decoded" in told
    assert "No dead letters" in told


def test_an_empty_log_claims_nothing(tmp_path: Path) -> None:
    made_empty = catalogues.empty(tmp_path)
    assert "No webhook has come yet." in dead_letters_page(made_empty.path, MENU).decode()


def test_each_page_leads_to_the_other(layout: Layout) -> None:
    with serving(layout) as site:
        assert site.get("/dead-letters").status_code == 200
    asked = {"from": "2026-11-02", "to": "2026-11-03"}
    overview = site_page(layout.catalogue, "overview", asked, MENU, "http://x").decode()
    assert '<a href="/dead-letters">Dead letters</a>' in overview
    assert '<a href="/dead-letters" aria-current="page">Dead letters</a>' in page(layout)
    assert re.search(r'<a href="/"[^>]*>Overview</a>', page(layout))
