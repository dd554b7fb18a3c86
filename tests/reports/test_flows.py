"""Moves from network to network, and replies that contradict receipts, as pages tell of them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from analytics.door import Catalogue
from reports import doubts, flows
from reports.asked import Asked
from reports.desk import Desk
from reports.figures import Figures
from simulator.traffic import Delivery
from tests.reports import catalogues
from tests.reports.catalogues import MONTH


def moves(before: tuple[int, int, int], after: tuple[int, int, int]) -> dict[str, int]:
    """Return the counts of a flow: messages, delivered and open on either side."""
    sides = {"before": before, "after": after}
    return {
        f"{name}_{when}": count
        for when, counts in sides.items()
        for name, count in zip(flows.SUMMED, counts, strict=True)
    }


def test_fewer_delivered_after_a_move_is_clear_unless_open_messages_may_make_up_for_it() -> None:
    clear = flows.change(moves((1000, 950, 0), (1000, 850, 20)))
    maybe = flows.change(moves((1000, 950, 0), (1000, 850, 90)))
    assert clear
    assert maybe
    assert (clear.clear, maybe.clear) == (True, False)
    assert clear.difference == pytest.approx(-0.1)


def test_more_delivered_after_a_move_is_clear_unless_open_messages_may_explain_it() -> None:
    clear = flows.change(moves((1000, 850, 20), (1000, 950, 0)))
    maybe = flows.change(moves((1000, 850, 90), (1000, 950, 0)))
    assert clear
    assert maybe
    assert (clear.clear, maybe.clear) == (True, False)


def test_few_messages_around_moves_are_counts_and_not_rates() -> None:
    few = pl.DataFrame([moves((18, 18, 0), (52, 41, 2))])
    assert flows.suffering(few) == (
        "18 of 18 messages arrived before a move, 41 of 52 after: too few to tell."
    )
    enough = pl.DataFrame([moves((1000, 950, 0), (1000, 850, 20))])
    assert flows.suffering(enough) == ("Delivery falls around moves, 95.0\u00a0% to 85.0\u00a0%.")


def a_day_later(one: Delivery) -> Delivery:
    """Return the receipt of another message to the same number, by then on Orange."""
    body = one.body.replace(b"uuid=1", b"uuid=2").replace(b"mnc%5D=01", b"mnc%5D=10")
    for day in (20, 19):
        body = body.replace(b"2026-11-%d" % day, b"2026-11-%d" % (day + 1))
    return Delivery(one.at + timedelta(days=1), one.content_type, body, one.url)


def test_cards_show_moves_and_the_messages_behind_doubts(tmp_path: Path) -> None:
    first = [catalogues.receipt(n) for n in range(1, 60)]
    later = [a_day_later(one) for one in first]
    made = catalogues.made(tmp_path, [*first, *later, catalogues.receipt(0), catalogues.reply(0)])
    with Catalogue.open(made.path) as catalogue:
        figures = Figures(Desk(catalogue), Asked(MONTH))
        card, cases = flows.card(figures), doubts.card(figures)
    assert card.table
    ((origin, target, numbers, *_),) = card.table.rows
    assert (origin.text, target.text, numbers.text) == ("Vodafone", "Orange", "40")
    assert card.reading.startswith("No clear change of delivery around moves")
    assert cases.table
    ((sent, network, told, yet, named),) = cases.table.rows
    assert (network.text, told.text, named.text) == ("Orange", "undelivered", "no, inferred")
    assert (sent.text, sent.quiet) == ("20 Nov 2026", "11:30")
    assert yet.text == "1\u00a0d after it was sent"


def test_names_that_would_turn_text_around_keep_it_in_its_order(tmp_path: Path) -> None:
    names = tmp_path / "names.csv"
    names.write_text(
        "mcc,mnc,network,country,country_code,valid_from,valid_to\n"
        "226,01,Voda\u202eenof,Romania,RO,,\n226,10,Or\u202eegna,Romania,RO,,\n",
        encoding="utf-8",
    )
    first = [catalogues.receipt(n) for n in range(1, 60)]
    later = [a_day_later(one) for one in first]
    deliveries = [*first, *later, catalogues.receipt(0), catalogues.reply(0)]
    made = catalogues.made(tmp_path / "made", deliveries, names)
    with Catalogue.open(made.path) as catalogue:
        figures = Figures(Desk(catalogue), Asked(MONTH))
        card, cases = flows.card(figures), doubts.card(figures)
    assert card.table
    assert cases.table
    shown = [cell.text for cell in (*card.table.rows[0][:2], cases.table.rows[0][1])]
    assert shown == ["Voda enof", "Or egna", "Or egna"]
