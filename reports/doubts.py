"""The messages whose receipts a reply contradicts: a card of the page of data quality."""

from __future__ import annotations

from reports import behind, glossary, words
from reports.cards import Card
from reports.figures import Figures, dates
from reports.query import Query
from reports.tables import Cell, Row, Table

ROWS_MAX = 1_000
SHOWN_MAX = 20


def card(figures: Figures) -> Card:
    """Return the latest cases of the period, without numbers and ids."""
    most = {"most": ROWS_MAX}
    query = Query("doubts", dates(figures.period) | behind.ours(figures) | most)
    frame = figures.desk.ask(query)
    columns = ("Message sent", "Network", "We were told", "Yet a reply came", "Named by the reply")
    shown = f"The latest {SHOWN_MAX} of {_many(frame.height)}." if frame.height > SHOWN_MAX else ""
    return Card(
        slug="doubts",
        title="Which messages are these?",
        reading=f"Messages that a reply proves delivered, or sooner than told. {shown}".strip(),
        definition=glossary.HONESTY,
        query=query,
        view="receipt_doubts",
        rows=frame,
        table=Table(
            "Messages whose receipts a reply contradicts",
            columns,
            [_row(figures, row) for row in frame.head(SHOWN_MAX).iter_rows(named=True)],
            kind="text",
        ),
        empty="" if frame.height else "No reply contradicts a receipt of this period.",
    )


def _many(rows: int) -> str:
    return f"{words.number(rows)}{' or more' if rows == ROWS_MAX else ''}"


def _row(figures: Figures, row: Row) -> list[Cell]:
    code = f"{row['mcc']}-{row['mnc']}"
    told = "nothing" if row["state"] == "unknown" else row["state"]
    sent_day, _, sent_time = words.moment(row["sent_at"], figures.about.time_zone).rpartition(" ")
    return [
        Cell(sent_day, sent_time),
        Cell(words.apart(row["network"] or code), code),
        Cell(told),
        Cell(_when(row)),
        Cell("yes" if row["attribution"] == "explicit" else "no, inferred"),
    ]


def _when(row: Row) -> str:
    if row["early_seconds"] is not None:
        return f"{words.seconds(row['early_seconds'])} before its delivery"
    after = (row["received_at"] - row["sent_at"]).total_seconds()
    return f"{words.seconds(after)} after it was sent" if after >= 0 else "before it was sent"
