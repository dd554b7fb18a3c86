"""Each day reads now as all pages show it, and no day is read before it has ended."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from analytics.door import Catalogue
from reports import restatements
from reports.asked import Asked
from reports.desk import Desk
from reports.figures import Figures
from tests.reports import catalogues
from tests.reports.catalogues import MONTH, Made


def read(first: float, later: float, now: float, messages: int = 1_000) -> dict[str, float]:
    """Return how a day read, thrice."""
    rates: dict[str, float] = {"rate_first": first, "rate_next": later, "rate_now": now}
    return rates | {"messages_first": messages, "messages_next": messages}


def said(*days: dict[str, float]) -> str:
    dates = pl.Series("date", [date(2026, 11, 9 + n) for n in range(len(days))])
    frame = pl.DataFrame(list(days)).with_columns(dates)
    return restatements.sentence(frame).replace("\u00a0", " ")


def test_the_day_that_changed_most_is_told() -> None:
    assert said(read(0.90, 0.912, 0.94), read(0.92, 0.95, 0.95)) == (
        "Mon 9 Nov read 90.0 % that evening, 94.0 % now: no day changed more."
    )


def test_days_that_did_not_change_or_are_small_are_not_told() -> None:
    assert said(read(0.94, 0.94, 0.9401)).startswith("No day reads otherwise now")
    assert said(read(0.5, 0.5, 0.94, messages=29)).startswith("No day has enough messages")


def test_days_read_now_as_pages_show_them_and_not_before_their_end(made: Made) -> None:
    with Catalogue.open(made.path) as catalogue:
        figures = Figures(Desk(catalogue), Asked(MONTH))
        rows = restatements.card(figures).rows
        days = figures.days.select("date", "messages", "delivered")
    assert rows["date"].to_list() == days["date"].to_list()
    assert rows["messages_now"].to_list() == days["messages"].to_list()
    assert rows["delivered_now"].to_list() == days["delivered"].to_list()
    first, later = (rows[f"rate_{when}"].is_null().to_list() for when in ("first", "next"))
    assert first == [day == figures.today for day in rows["date"]]
    assert sum(later) == 2


def test_days_none_of_which_changed_are_said_and_not_drawn(tmp_path: Path) -> None:
    made = catalogues.made(tmp_path, [catalogues.receipt(n) for n in range(1, 60)])
    with Catalogue.open(made.path) as catalogue:
        card = restatements.card(Figures(Desk(catalogue), Asked(MONTH)))
    assert card.reading == "No day reads otherwise now than on its own evening."
    assert card.figure is None
    assert card.empty == "No day has changed."
