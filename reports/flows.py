"""Which numbers moved from network to network: a card of the page of networks."""

from __future__ import annotations

from reports import glossary, tables, words
from reports.cards import Card
from reports.figures import Figures, dates
from reports.query import Query
from reports.tables import Cell, Row, Table

SHOWN_MAX = 20


def card(figures: Figures) -> Card:
    """Return the card of the period; most numbers first."""
    query = Query("flows", dates(figures.period))
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
    columns = ("From", "To", "Numbers", "Delivered before", "Delivered after")
    return Card(
        slug="flows",
        title="Who moved to another network?",
        reading=f"Numbers seen on a new network, and delivery 30 days around it.{hidden}",
        definition=glossary.FLOWS,
        query=query,
        view="network_flows",
        rows=frame,
        table=Table(
            "Numbers that moved from network to network",
            columns,
            [_row(row) for row in frame.head(SHOWN_MAX).iter_rows(named=True)],
        ),
        empty="" if frame.height else "No number was seen on a new network in this period.",
    )


def _row(row: Row) -> list[Cell]:
    return [
        Cell(row["from_network"], f"{row['from_mcc']}-{row['from_mnc']}"),
        Cell(row["to_network"], f"{row['to_mcc']}-{row['to_mnc']}"),
        Cell(words.number(row["numbers"])),
        tables.rate_cell(row, "delivery_rate_before"),
        tables.rate_cell(row, "delivery_rate_after"),
    ]
