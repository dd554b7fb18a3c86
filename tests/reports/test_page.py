"""The page says what it is about, leaks nothing, and is the same for the same input."""

from __future__ import annotations

import html as entities
import json
import re
from functools import cache
from pathlib import Path

from analytics.door import Catalogue
from reports.links import Links
from reports.page import render_overview
from reports.period import Period
from tests.reports import catalogues
from tests.reports.catalogues import MONTH, TODAY

SITE = Links(asset=lambda name: f"/static/{name}", site=True, menu=(("SQL", "/sql"),))
FILE = Links(asset=lambda name: f"assets/{name}")


@cache
def page(path: Path, period: Period = MONTH, links: Links = FILE) -> str:
    with Catalogue.open(path) as catalogue:
        return render_overview(catalogue, period, links=links)


def charts(html: str) -> dict[str, dict[str, object]]:
    found = re.search(r'<script type="application/json" id="charts">(.*?)</script>', html, re.S)
    assert found
    figures: dict[str, dict[str, object]] = json.loads(found[1])["figures"]
    return figures


def test_page_states_its_period_time_zone_and_instants(busy: Path) -> None:
    html = page(busy)
    for stated in (
        "26 Oct – 24 Nov 2026",
        "Europe/Bucharest",
        "last event 24 Nov 2026",
        "as of 24 Nov 2026 05:30",
        "Rates are over messages seen",
        "provisional",
    ):
        assert stated in html


def test_page_has_its_charts_each_with_table_definition_and_query(busy: Path) -> None:
    html = page(busy)
    figures = charts(html)
    assert set(figures) == {
        *("delivery", "latency", "network-rates", "histogram", "replies", "weekly")
    }
    for name in figures:
        card = html.partition(f'<section class="card" id="{name}"')[2].partition("</section>")[0]
        for part in ("<table>", f'id="definition-{name}"', f'id="sql-{name}"', "figcaption"):
            assert part in card, (name, part)


def test_queries_shown_give_the_same_answer_when_pasted(busy: Path) -> None:
    shown = re.findall(r'id="sql-.*?<code>(.*?)</code>', page(busy), re.S)
    assert len(shown) >= 7
    with Catalogue.open(busy) as catalogue:
        for sql in shown:
            assert catalogue.frame(entities.unescape(sql)).width > 1


def test_same_input_gives_the_same_page(busy: Path) -> None:
    assert page(busy) == page.__wrapped__(busy)


def test_no_number_and_no_message_id_is_in_any_page(busy: Path) -> None:
    with Catalogue.open(busy) as catalogue:
        people = catalogue.frame("select distinct number, message_id from messages")
        bodies = catalogue.frame("select distinct reply_id, body from replies")
    html = page(busy) + page(busy, TODAY) + page(busy, links=SITE)
    assert people.height > 3_000
    for number, message_id in people.iter_rows():
        assert number.lstrip("+") not in html
        assert message_id not in html
    assert not any(reply_id in html for reply_id in bodies["reply_id"])
    assert "multumesc" not in html


def test_a_day_is_drawn_by_the_hour(busy: Path) -> None:
    html = page(busy, TODAY)
    assert "each hour&#39;s messages" in html
    assert "weekly" not in charts(html)
    assert len(charts(html)["delivery"]["data"][0]["x"]) == 24  # type: ignore[index]


def test_site_links_to_exports_and_other_periods_and_a_file_does_not(busy: Path) -> None:
    site, file = page(busy, links=SITE), page(busy)
    assert 'href="/exports/delivery_daily.csv?from=2026-10-26&amp;to=2026-11-24"' in site
    assert 'href="/sql"' in site
    assert ">7 days</a>" in site
    assert "/exports/" not in file
    assert 'href="/' not in file


def test_nothing_yet_shows_how_to_begin(tmp_path: Path) -> None:
    html = page(catalogues.empty(tmp_path))
    assert "curl http://127.0.0.1:8000/webhooks/smso" in html
    assert "No events yet" in html


def test_ten_messages_are_enough_for_a_page_and_too_few_for_claims(tmp_path: Path) -> None:
    html = page(catalogues.sparse(tmp_path))
    assert "of 10 messages" in html
    assert "less than" not in html
    assert "the log begins on" in html


def test_a_quiet_period_says_where_messages_are(busy: Path) -> None:
    html = page(busy, MONTH.previous().previous().previous(), SITE)
    assert "Nothing was sent or received in this period" in html
    assert "The log has messages sent from 20 Sep 2026 to 24 Nov 2026" in html


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    html = page(catalogues.hostile(tmp_path))
    assert "<img" not in html
    assert (
        entities.escape(catalogues.HOSTILE, quote=True)
        .replace("&quot;", "&#34;")
        .replace("&#x27;", "&#39;")
        in html
    )
    drawn = json.dumps(charts(html))
    assert "&lt;/script&gt;" in drawn
    assert "<img" not in drawn
    assert html.count("</script>") == html.count("<script")
