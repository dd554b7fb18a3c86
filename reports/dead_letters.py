"""The page of dead letters: why webhooks could not be decoded, and the latest of them.

What strangers sent stays out of it: it shows our own words, times and sizes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from analytics.door import Catalogue
from reports import words
from reports.query import Query
from reports.tables import Cell, Table

LATEST_MAX = 50


@dataclass(frozen=True)
class DeadLetters:
    """Everything on the page; without dead letters the tables are empty."""

    headline: str
    second: str
    total: int
    reasons: Table
    latest: Table
    example: int | None


def dead_letters(catalogue: Catalogue) -> DeadLetters:
    """Put the page together."""
    about = catalogue.about()
    totals = Query("dead_letter_totals").run(catalogue).row(0, named=True)
    latest = Query("dead_letter_latest", {"rows": LATEST_MAX}).run(catalogue)
    total = totals["dead_letters"]
    return DeadLetters(
        headline=_headline(total, about.events, totals["last_at"], about.time_zone),
        second=_second(total, totals["decoded_since"]),
        total=total,
        reasons=_reasons(Query("dead_letter_reasons").run(catalogue), about.time_zone),
        latest=_latest(latest, about.time_zone),
        example=latest["seq"][0] if total else None,
    )


def _headline(total: int, events: int, last_at: datetime | None, time_zone: str) -> str:
    if last_at is None:
        if not events:
            return "No webhook has come yet."
        return f"Every webhook could be decoded: {words.counted(events, 'event')}, no dead letter."
    share = words.percent(total / (total + events), 2)
    return (
        f"{words.counted(total, 'webhook')} could not be decoded, {share} of all;"
        f" the last came on {words.moment(last_at, time_zone)}."
    )


def _second(total: int, decoded_since: int) -> str:
    left = total - decoded_since
    if not decoded_since:
        return ""
    if not left:
        return "All of them were decoded since."
    one_was = f"{words.number(decoded_since)} of them {'was' if decoded_since == 1 else 'were'}"
    one_is = f"{words.number(left)} {'is' if left == 1 else 'are'} left"
    return f"{one_was} decoded since, {one_is}."


def _reasons(frame: pl.DataFrame, time_zone: str) -> Table:
    return Table(
        "Dead letters by reason",
        ("Field", "Expected", "Dead letters", "Last"),
        [
            [
                Cell(row["field"]),
                Cell(row["expected"]),
                Cell(words.number(row["dead_letters"])),
                Cell(words.moment(row["last_at"], time_zone)),
            ]
            for row in frame.iter_rows(named=True)
        ],
    )


def _latest(frame: pl.DataFrame, time_zone: str) -> Table:
    return Table(
        "The latest dead letters",
        ("Came", "Seq", "Fields at fault", "Content type", "Bytes", "Decoded since"),
        [
            [
                Cell(words.moment(row["ingested_at"], time_zone)),
                Cell(str(row["seq"])),
                Cell(", ".join(row["fields"])),
                Cell(row["content_type"]),
                Cell(words.number(row["bytes"])),
                Cell("yes", tone="good") if row["decoded_since"] else Cell("no", tone="mute"),
            ]
            for row in frame.iter_rows(named=True)
        ],
    )
