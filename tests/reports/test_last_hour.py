"""A bad hour shows before its receipts are in, and is not called so where chance may explain it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import polars as pl
import pytest

from analytics.door import Catalogue
from reports import comparison, curve, last_hour
from reports.asked import Asked
from reports.desk import Desk
from reports.figures import Figures
from simulator.traffic import Delivery
from tests.reports import catalogues
from tests.reports.catalogues import AS_OF, MONTH


def sent_now(number: int, latency_seconds: int | None) -> Delivery:
    """Return the receipt of a message of half an hour ago; without a latency it still waits."""
    sent = AS_OF - timedelta(minutes=30)
    done = sent + timedelta(seconds=latency_seconds or 0)
    form = {
        "uuid": f"22222222-2222-4333-8444-{number:012d}",
        "status": "sent" if latency_seconds is None else "delivered",
        "sent_at": f"{sent:%Y-%m-%d %H:%M:%S}",
        "delivered_at": "" if latency_seconds is None else f"{done:%Y-%m-%d %H:%M:%S}",
        "receiver[number]": f"+40722{number:06d}",
        "receiver[mcc]": "226",
        "receiver[mnc]": "01",
    }
    return Delivery(
        done, "application/x-www-form-urlencoded", urlencode(form).encode(), "/webhooks/smso"
    )


def table(folder: Path, latencies: list[int | None]) -> tuple[str, list[list[str]]]:
    """Return the sentence and cells of the card, of an hour after days of which 4 in 5 arrive."""
    usual = [catalogues.receipt(number) for number in range(100)]
    now = [sent_now(number, latency) for number, latency in enumerate(latencies)]
    made = catalogues.made(folder, [*usual, *now])
    with Catalogue.open(made.path) as catalogue:
        figures = Figures(Desk(catalogue), Asked(MONTH))
        card = last_hour.card(figures, curve.lines(figures))
    assert card.table
    assert card.rows["network"].to_list() == [row[0].text for row in card.table.rows]
    return card.reading, [[cell.text for cell in row] for row in card.table.rows]


def test_an_hour_that_waits_is_worse_and_one_like_the_others_is_not(tmp_path: Path) -> None:
    said, rows = table(tmp_path / "bad", [8] * 15 + [60] * 5 + [None] * 40)
    assert [row[0] for row in rows] == ["All networks", "Vodafone"]
    assert rows[0][1:5] == ["60", "40", "25.0\u00a0%", "33.3\u00a0%"]
    assert rows[0][6] == "worse"
    assert said.startswith("Of 60 messages 25.0\u00a0% (")
    assert said.endswith("59.4\u00a0% in the period: worse.")
    said, rows = table(tmp_path / "good", [8] * 45 + [None] * 15)
    assert rows[0][6] == "no clear difference"


def test_before_an_hour_was_watched_so_long_nothing_is_said_of_it() -> None:
    ended = pl.DataFrame(
        {"seconds": [5, 20], "delivered": [9, 0], "other": [0] * 2, "open": [0, 9]}
    )
    assert last_hour.shares_by(ended, 30) == [None]
    (share,) = last_hour.shares_by(ended.with_columns(open=pl.lit(0)), 30)
    assert share == pytest.approx((1, 0.7, 1), abs=0.01)
    none = comparison.rate(0, 18)
    assert none
    assert last_hour.shares_by(ended, 4) == [(0.0, none.low, none.high)]
