"""Cards about messages say of how many they speak, and how sure that is."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.door import Catalogue
from reports import message_cards
from reports.asked import Asked
from reports.desk import Desk
from reports.figures import Figures
from tests.reports import catalogues
from tests.reports.catalogues import MONTH

HOURS = 24
UNDELIVERED_EVERY = 5


@pytest.mark.parametrize(
    ("sent", "sure"), [(50, "too few for an interval"), (100, "95\u00a0% interval")]
)
def test_the_slowest_hour_of_the_week_is_told_with_its_messages(
    tmp_path: Path, sent: int, sure: str
) -> None:
    made = catalogues.made(tmp_path, map(catalogues.receipt, range(HOURS * sent)))
    with Catalogue.open(made.path) as catalogue:
        card = message_cards.latency_week(Figures(Desk(catalogue), Asked(MONTH)))
    longest = card.rows.drop_nulls().sort("latency_p95").row(-1, named=True)
    many = sent - sent // UNDELIVERED_EVERY
    assert longest["latency_count"] == many
    assert f"{longest['hour_of_day']:02}:00, 10\u00a0s of {many} messages ({sure}" in card.reading
    assert card.summary.endswith(").")
