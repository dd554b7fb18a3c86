"""Which numbers moved from network to network, and whether delivery suffers: a card of networks.

A message that is still open may be told to be delivered yet. So delivery is said to be worse after
a move only if it is so with all open messages taken as delivered, and better only with none.
"""

from __future__ import annotations

import polars as pl

from reports import comparison, glossary, tables, words
from reports.cards import Card
from reports.comparison import Change
from reports.figures import Figures, dates
from reports.query import Query
from reports.tables import Cell, Row, Table

SHOWN_MAX = 20
SUMMED = ("messages", "delivered", "open")


def flows_query(figures: Figures) -> Query:
    """Return what the card asks."""
    return Query("flows", dates(figures.period))


def card(figures: Figures) -> Card:
    """Return the card of the period; most numbers first."""
    query = flows_query(figures)
    frame = figures.desk.ask(query)
    if figures.asked.network is not None:
        mcc, mnc = figures.asked.network
        ours = [
            (row["from_mcc"], row["from_mnc"]) == (mcc, mnc)
            or (row["to_mcc"], row["to_mnc"]) == (mcc, mnc)
            for row in frame.iter_rows(named=True)
        ]
        frame = frame.filter(ours)
    left = frame.height - SHOWN_MAX
    hidden = f" {words.counted(left, 'smaller one')} left out." if left > 0 else ""
    columns = ("From", "To", "Numbers", "Delivered before", "Delivered after", "Change, points")
    return Card(
        slug="flows",
        title="Who moved to another network, and does delivery suffer?",
        reading=f"{suffering(frame)} Within 30 days of the move; grey: may be noise.{hidden}",
        definition=glossary.FLOWS,
        query=query,
        view="network_flows",
        rows=frame,
        table=Table(
            "Numbers that moved from network to network",
            (*columns, "Networks differ by"),
            [_row(figures, row) for row in frame.head(SHOWN_MAX).iter_rows(named=True)],
            kind="named",
        ),
        empty="" if frame.height else "No number was seen on a new network in this period.",
    )


def suffering(frame: pl.DataFrame) -> str:
    """Say over all moves whether fewer messages arrive after than before."""
    names = [f"{name}_{when}" for name in SUMMED for when in ("before", "after")]
    row = frame.select(pl.sum(*names)).row(0, named=True)
    moved = change(row)
    if moved is None:
        return "Delivery before and after, as far as there are messages."
    if min(row["messages_before"], row["messages_after"]) < comparison.COUNT_MIN:
        before, after = _arrived(row, "before"), _arrived(row, "after")
        return f"{before} messages arrived before a move, {after} after: too few to tell."
    rates = [
        comparison.rate(row[f"delivered_{w}"], row[f"messages_{w}"]) for w in ("before", "after")
    ]
    said = " to ".join(words.share(one) for one in rates)
    if not moved.clear:
        return f"No clear change of delivery around moves: {said}."
    verb = "falls" if moved.difference < 0 else "rises"
    return f"Delivery {verb} around moves, {said}."


def _arrived(row: Row, when: str) -> str:
    part, whole = (words.number(row[f"{name}_{when}"]) for name in ("delivered", "messages"))
    return f"{part} of {whole}"


def change(row: Row) -> Change | None:
    """Compare delivery after moves with before, as far as open messages allow."""
    found = _change(row, 0, 0)
    if found is None:
        return None
    fallen = found.difference < 0
    opened = row["open_after" if fallen else "open_before"]
    bound = _change(row, 0 if fallen else opened, opened if fallen else 0)
    same = bound is not None and bound.clear and (bound.difference < 0) == fallen
    return Change(found.difference, found.clear and same)


def _change(row: Row, more_before: int, more_after: int) -> Change | None:
    return comparison.change(
        comparison.rate(row["delivered_after"] + more_after, row["messages_after"]),
        comparison.rate(row["delivered_before"] + more_before, row["messages_before"]),
    )


def _row(figures: Figures, row: Row) -> list[Cell]:
    return [
        Cell(words.apart(row["from_network"]), f"{row['from_mcc']}-{row['from_mnc']}"),
        Cell(words.apart(row["to_network"]), f"{row['to_mcc']}-{row['to_mnc']}"),
        Cell(words.number(row["numbers"])),
        tables.rate_cell(row, "delivery_rate_before"),
        tables.rate_cell(row, "delivery_rate_after"),
        tables.change_cell(change(row)),
        _difference(figures, row),
    ]


def _difference(figures: Figures, row: Row) -> Cell:
    """Say by how much the two networks' rates differ, whoever moves: a move may explain as much."""
    rates = {
        (one["mcc"], one["mnc"]): comparison.rate(one["settled_delivered"], one["settled_messages"])
        for one in figures.networks.iter_rows(named=True)
    }
    ends = (rates.get((row[f"{end}_mcc"], row[f"{end}_mnc"])) for end in ("to", "from"))
    return tables.change_cell(comparison.change(*ends))
