"""The page says what it is about, leaks nothing, and is the same for the same input."""

from __future__ import annotations

import html as entities
import json
import re
from base64 import b64decode
from functools import cache
from pathlib import Path

import plotly.graph_objects as go
import pytest

from analytics.door import Catalogue
from reports import assets
from reports.asked import Asked
from reports.desk import Desk
from reports.links import Links
from reports.nouns import NETWORK, OVERVIEW
from reports.pages import MADE
from reports.period import Period, last_days
from reports.render import render
from sms_analytics.settings import ServerSettings
from tests.reports import catalogues
from tests.reports.catalogues import MONTH, TODAY, Made

SITE = Links(asset=lambda name: f"/static/{name}", site=True, menu=(("SQL", "/sql"),))
FILE = Links(asset=lambda name: f"assets/{name}")

COLOUR = re.compile(r"var\((--[\w-]+)\)")
WRITTEN = re.compile(r"^  (--[\w-]+):", re.MULTILINE)


@cache
def page(path: Path, period: Period = MONTH, links: Links = FILE, slug: str = OVERVIEW) -> str:
    with Catalogue.open(path) as catalogue:
        network = ("226", "10") if slug == NETWORK else None
        return render(Desk(catalogue), slug, Asked(period, network=network), links=links)


def every_page(path: Path, period: Period = MONTH, links: Links = FILE) -> list[str]:
    return [page(path, period, links, slug) for slug in MADE]


def charts(html: str) -> dict[str, dict[str, object]]:
    found = re.search(r'<script type="application/json" id="charts">(.*?)</script>', html, re.S)
    assert found
    figures: dict[str, dict[str, object]] = json.loads(found[1])["figures"]
    return figures


@pytest.mark.parametrize("slug", MADE)
def test_page_states_its_period_time_zone_and_instants(made: Made, slug: str) -> None:
    html = page(made.path, slug=slug)
    assert html.count("<h1") == 1
    for stated in (
        "26 Oct – 24 Nov 2026",
        "Europe/Bucharest",
        "last event 24 Nov 2026",
        "as of 24 Nov 2026 11:30",
        "Rates are over messages seen",
    ):
        assert stated in html


CHARTS = {
    "overview": "outcomes percentiles network-rates histogram replies weekly",
    "changes": "change-delivery-rate change-delivery-rate-hours change-within-30s "
    "change-within-30s-hours change-reply-rate change-reply-rate-hours",
    "delivery": "outcomes rate network-rates volume-week",
    "latency": "percentiles histogram curve network-latency latency-week",
    "networks": "network-rates network-latency",
    "network": "outcomes rate percentiles histogram network-rates network-latency replies "
    "volume-week",
    "replies": "replies reply-rate time-to-reply weekly best-hour",
    "conversations": "conversations turns first-reply",
    "data-quality": "checks receipt-lag restatements",
}


@pytest.mark.parametrize("slug", MADE)
def test_page_has_its_charts_each_with_table_definition_and_query(made: Made, slug: str) -> None:
    html = page(made.path, slug=slug)
    figures = charts(html)
    assert set(figures) == set(CHARTS[slug].split())
    for figure in figures.values():
        go.Figure(figure)  # refuses what Plotly does not know
    for name in figures:
        card = html.partition(f'<section class="card" id="{name}"')[2].partition("</section>")[0]
        for part in ("<table>", f'id="definition-{name}"', f'id="sql-{name}"', "figcaption"):
            assert part in card, (name, part)


def test_queries_shown_give_the_same_answer_when_pasted(made: Made) -> None:
    pages = "".join(every_page(made.path))
    shown = set(re.findall(r'id="sql-.*?<code>(.*?)</code>', pages, re.S))
    assert len(shown) >= 12
    with Catalogue.open(made.path) as catalogue:
        for sql in shown:
            assert catalogue.frame(entities.unescape(sql)).width > 1


def test_same_input_gives_the_same_page(made: Made) -> None:
    assert page(made.path) == page.__wrapped__(made.path)


def test_no_number_message_id_or_text_that_came_in_is_in_any_page(made: Made) -> None:
    with Catalogue.open(made.path) as catalogue:
        known = catalogue.frame("select number, message_id, event_id, digest, body from events")
    numbers = {number.lstrip("+") for number in known["number"]}
    ids = {*known["message_id"].drop_nulls(), *known["event_id"], *known["digest"]}
    texts = {body for body in known["body"].drop_nulls() if len(body) > 12}
    pages = [*every_page(made.path), *every_page(made.path, links=SITE), page(made.path, TODAY)]
    rows = re.findall(r'"data:text/csv;base64,([^"]*)"', "".join(pages))
    html = "".join([*pages, *(b64decode(each).decode() for each in rows)])
    assert len(rows) > 30
    assert len(numbers) > 500
    assert len(ids) > 5_000
    assert texts
    assert [found for found in numbers | ids | texts if found in html] == []


def test_a_day_is_drawn_by_the_hour(made: Made) -> None:
    html = page(made.path, TODAY)
    assert "each hour&#39;s messages" in html
    assert "weekly" not in charts(html)
    assert len(charts(html)["outcomes"]["data"][0]["x"]) == 24  # type: ignore[index]


def test_site_links_to_exports_and_other_periods_and_a_file_does_not(made: Made) -> None:
    site, file = page(made.path, links=SITE), page(made.path)
    assert 'href="/exports/delivery_daily.csv?from=2026-10-26&amp;to=2026-11-24"' in site
    assert 'href="/sql"' in site
    assert ">7 days</a>" in site
    assert "/exports/" not in file
    assert 'href="/' not in file
    assert 'name="network"' in site
    assert "<form" not in file


def test_every_colour_that_a_page_names_is_in_the_stylesheet(made: Made) -> None:
    named = {name for html in every_page(made.path) for name in COLOUR.findall(html)}
    written = set(WRITTEN.findall(assets.content(assets.STYLE).decode()))
    assert "--p95-band" in named
    assert named <= written


@pytest.mark.parametrize("slug", MADE)
def test_page_is_light(made: Made, slug: str) -> None:
    for days in (30, 365):
        assert len(page(made.path, last_days(days, MONTH.to_date), SITE, slug).encode()) < 300_000


def test_nothing_yet_shows_how_to_begin(tmp_path: Path) -> None:
    html = page(catalogues.empty(tmp_path).path)
    assert f"curl http://127.0.0.1:{ServerSettings().port}/webhooks/smso" in html
    assert "No events yet" in html


def test_ten_messages_are_enough_for_a_page_and_too_few_for_claims(tmp_path: Path) -> None:
    html = page(catalogues.sparse(tmp_path).path)
    assert "of 10 messages" in html
    assert "less than" not in html
    assert "the log begins on" in html


def test_a_quiet_period_says_where_messages_are(made: Made) -> None:
    html = page(made.path, MONTH.previous().previous().previous(), SITE)
    assert "Nothing was sent or received in this period" in html
    assert "The log has messages sent from 15 Oct 2026 to 24 Nov 2026" in html


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    path = catalogues.hostile(tmp_path).path
    for one in every_page(path):
        assert "<img" not in one
        assert one.count("</script>") == one.count("<script")
        assert "<img" not in json.dumps(charts(one))
    html = page(path, slug="delivery")
    assert "<img" not in html
    assert (
        entities.escape(catalogues.HOSTILE, quote=True)
        .replace("&quot;", "&#34;")
        .replace("&#x27;", "&#39;")
        in html
    )
    assert "&lt;/script&gt;" in json.dumps(charts(html))


def test_replies_without_any_message_are_shown_too(tmp_path: Path) -> None:
    alone = catalogues.made(tmp_path, [catalogues.reply(1), catalogues.reply(2)])
    html = page(alone.path)
    assert "No messages were sent in this period; 2 replies came in." in html
    assert set(charts(html)) == {"replies", "weekly"}


def test_a_network_that_was_renamed_is_one_network_on_every_page(tmp_path: Path) -> None:
    path = catalogues.renamed(tmp_path).path
    html = page(path, slug="networks")
    table = html.partition('id="networks"')[2].partition("</table>")[0]
    assert re.findall(r"<bdi>(Elder|Younger).*?</small>", table, re.S) == ["Younger"]
    assert "226-01, was Elder" in table
    assert "<bdi>40</bdi>" in table
    assert "60 messages went to 2 networks; Younger had 67" in html
    for slug in ("overview", "networks", "latency", "delivery"):
        drawn = json.dumps(charts(page(path, slug=slug)))
        assert "Younger" in drawn
        assert "Elder" not in drawn
    with Catalogue.open(path) as catalogue:
        frame = catalogue.frame(
            "select network, sum(messages)::int from network_performance group by 1"
        )
        assert dict(frame.iter_rows())["Elder"] > 0
