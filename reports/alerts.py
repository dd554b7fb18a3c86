"""Alerts as people look at them: a page of those that there were, and a card while one is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl

from analytics.door import Catalogue
from analytics.failures import CatalogueError
from reports import words
from reports.cards import Card
from reports.figures import Figures
from reports.query import Query
from reports.tables import Cell, Table

ROWS_MAX = 100
GONE = "The file of the alerts is not there, or cannot be read: see the job of the alerts."
DEFINITION = (
    "Delivery: the share of a network's messages that were delivered within 5 minutes has fallen"
    " against the same hours of the last 7 days, by more than chance brings about once in 90 days."
    " Webhooks: none came for twice as long as was usual at this time of day. Jobs: two runs in a"
    " row failed. An alert ends by itself when what it tells of is over."
)


@dataclass(frozen=True)
class Alerts:
    """Everything on the page; before the first alert the tables are empty."""

    headline: str
    now: Table
    over: Table
    definition: str = DEFINITION
    sql: str = ""
    is_gone: bool = False


def alerts(catalogue: Catalogue) -> Alerts:
    """Put the page together."""
    time_zone = catalogue.about().time_zone
    query = Query("alerts", {"open": False, "rows": ROWS_MAX})
    try:
        found = query.run(catalogue)
    except CatalogueError:
        return Alerts(GONE, Table("", ()), Table("", ()), is_gone=True)
    now, over = found.filter("is_open"), found.filter(~pl.col("is_open"))
    return Alerts(
        headline=_headline(now),
        now=_table("What is wrong now", now, time_zone),
        over=_table("What was wrong", over, time_zone),
        sql=query.shown(),
    )


def card(figures: Figures) -> list[list[Card]]:
    """Return a row with the card of what is wrong now; none while nothing is."""
    query = Query("alerts", {"open": True, "rows": ROWS_MAX})
    try:
        found = figures.desk.ask(query)
    except CatalogueError:  # the page of the alerts says what is the matter
        return []
    if found.is_empty():
        return []
    one = Card(
        slug="alerts",
        title="What is wrong now?",
        reading="Whatever the period above: alerts that are open.",
        definition=DEFINITION,
        query=query,
        view="alerts",
        rows=found,
        table=_table("Open alerts", found, figures.about.time_zone),
    )
    return [[one]]


def _headline(now: pl.DataFrame) -> str:
    if now.is_empty():
        return "Nothing is wrong that the alerts look for."
    if now.height == 1:
        return f"{_what(now.row(0, named=True))}."
    return f"{words.number(now.height)} alerts are open."


def _table(caption: str, found: pl.DataFrame, time_zone: str) -> Table:
    return Table(
        caption,
        ("Alert", "Since", "Found", "Over", "What is known"),
        [
            [
                Cell(_what(row).replace(" ", words.SPACE)),
                Cell(_moment(row["began_at"], time_zone)),
                Cell(_moment(row["fired_at"], time_zone)),
                Cell("open", tone="bad")
                if row["is_open"]
                else Cell(_moment(row["resolved_at"], time_zone), tone="mute"),
                Cell(_known(row)),
            ]
            for row in found.iter_rows(named=True)
        ],
        kind="said",
    )


def _what(row: dict[str, object]) -> str:
    if row["kind"] == "silence":
        return "No webhook came" if not row["is_open"] else "No webhook comes"
    if row["kind"] == "job":
        return f"Job {row['job']} {'fails' if row['is_open'] else 'failed'}"
    return f"Delivery {'has fallen' if row['is_open'] else 'fell'} on {row['network']}"


def _known(row: dict[str, object]) -> str:
    said = {"silence": "usual_silence_seconds", "job": "error"}.get(str(row["kind"]), "messages")
    if row[said] is None:  # as of a time at which it was open
        return words.NONE
    if row["kind"] == "silence":
        return f"usually {_seconds(row['usual_silence_seconds'])} at most at this time of day"
    if row["kind"] == "job":
        return str(row["error"])
    rate, usual = (_percent(row[name]) for name in ("delivered_rate", "usual_rate"))
    return f"{rate} of {_number(row['messages'])} within 5{words.SPACE}min, usually {usual}"


def _percent(value: object) -> str:
    return words.percent(value if isinstance(value, float) else None)


def _number(value: object) -> str:
    return words.counted(value, "message") if isinstance(value, int) else words.NONE


def _seconds(value: object) -> str:
    return words.seconds(value if isinstance(value, float) else None)


def _moment(instant: datetime, time_zone: str) -> str:
    """Tell a moment, without the year that the rows beside it make plain."""
    local = instant.astimezone(ZoneInfo(time_zone))
    return f"{words.day(local.date())} {local:%H:%M}".replace(" ", words.SPACE)
