"""Whether receipts tell the truth, and how late they come: cards of the page of data quality."""

from __future__ import annotations

from math import inf

import polars as pl

from reports import behind, charts, glossary, labels, rows, slots, tables, tiles, words
from reports.cards import Card
from reports.comparison import Percentile
from reports.figures import CODES, Figures, dates, filled
from reports.period import Period
from reports.query import Query
from reports.tables import Cell, Table

MANY = 30  # doubts that are worth a warning
LINES = {"receipt_lag_p50": "p50", "receipt_lag_p95": "p95"}


def lag_tile(figures: Figures) -> tiles.Tile:
    """How late receipts come."""
    row = lag_of(figures, figures.period)
    period = figures.asked.before()
    before = _p95(lag_of(figures, period)) if period else None
    small = f"p95, our clock less SMSO's; median {words.seconds(row['receipt_lag_p50'])}"
    return tiles.lasting(figures, "Receipt lag", _p95(row), before, small)


def _p95(row: tables.Row) -> Percentile | None:
    """Return the p95 with its interval, which has no ends where receipts are too few for it."""
    if not row["receipts"]:
        return None
    low, high = row["receipt_lag_p95_low"], row["receipt_lag_p95_high"]
    ends = (-inf, inf) if low is None or high is None else (low, high)
    return Percentile(row["receipts"], row["receipt_lag_p95"], *ends)


def lag_of(figures: Figures, period: Period) -> tables.Row:
    """Return how late the receipts of a period came, as `lag_query` asks; nothing if none came."""
    found = figures.desk.ask(lag_query(figures, period))
    return found.row(0, named=True) if found.height else dict.fromkeys(found.columns)


def lag_query(figures: Figures, period: Period, *, by_day: bool = False) -> Query:
    """Ask how late the receipts of a period came: receipts, receipt_lag_p50, receipt_lag_p95."""
    return Query("lag", dates(period) | behind.ours(figures) | {"by_day": by_day})


def lag(figures: Figures) -> Card:
    """How late receipts come, by the day sent."""
    found = figures.desk.ask(lag_query(figures, figures.period, by_day=True))
    found = found.rename({"date": "step"})
    steps = filled(slots.date_slots(figures.shown, "day"), found, ("receipts",))
    steps = steps.with_columns(provisional=pl.lit(value=False))
    return Card(
        slug="receipt-lag",
        title="How late do receipts come?",
        reading=f"Delivered to told, by day sent; p95: 95{words.SPACE}% interval. Log scale.",
        definition=glossary.LAG,
        query=behind.lag(figures),
        view="receipt_lag_daily",
        rows=rows.by_step(steps, "day", "receipts", *LINES),
        table=tables.by_step("Receipt lag by day sent", "day", steps, ("receipts",), LINES),
        figure=charts.percentiles(steps, LINES) if found.height else None,
        summary="Lines of the median and the p95 of the receipt lag by day sent.",
        empty="No receipt of a delivery came for this period.",
    )


def doubts(figures: Figures) -> tuple[str, bool]:
    """Say what speaks against receipts, and whether it is many replies that name their message."""
    frame = figures.desk.ask(behind.honesty(figures))
    total, named = (int(frame[name].sum()) for name in ("doubts", "explicit_doubts"))
    if not total:
        return "No reply contradicts a receipt.", False
    verb = "contradicts" if total == 1 else "contradict"
    said = f"{words.counted(total, 'reply', 'replies')} {verb}"
    return f"{said} what receipts say; {words.number(named)} by naming the message.", named >= MANY


def receipts(figures: Figures) -> Card:
    """What speaks against the receipts of each network."""
    query = behind.honesty(figures)
    found = labels.labelled(figures.desk.ask(query))
    colours = figures.labelled.select(*CODES, "colour")
    frame = found.join(colours, on=CODES, how="left", maintain_order="left")
    frame = frame.with_columns(pl.col("colour").fill_null("network-other"))
    columns = ("Network", "Not delivered", "Yet answered", "Replies in doubt", "In 0–1 s")
    return Card(
        slug="honesty",
        title="Do receipts tell the truth?",
        reading="A reply is proof of delivery. Small print: intervals. An indicator, no proof.",
        definition=glossary.HONESTY,
        query=query,
        view="receipt_honesty",
        rows=found.drop("label"),
        table=Table(
            "Receipt honesty by network",
            (*columns, "Chance of no reply"),
            [_row(row) for row in frame.iter_rows(named=True)],
        ),
    )


def _row(row: tables.Row) -> list[Cell]:
    silent = Cell(words.NONE, tone="mute")
    if row["no_reply_chance"] is not None:
        chance = row["no_reply_chance"]
        said = "all delivered, no reply" if row["all_delivered_no_replies"] else ""
        silent = Cell(words.percent(chance), said, tone="bad" if chance < 0.05 else "")
    named = f"{words.number(row['explicit_doubts'])} named" if row["doubts"] else ""
    return [
        tables.network_cell(row),
        Cell(words.number(row["not_delivered"])),
        tables.rate_cell(row, "not_delivered_replied_share"),
        Cell(words.number(row["doubts"]), named),
        tables.rate_cell(row, "instant_share"),
        silent,
    ]
