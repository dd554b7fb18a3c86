"""Data quality: can the figures be believed?"""

from __future__ import annotations

import polars as pl

from reports import (
    behind,
    charts,
    doubts,
    glossary,
    honesty,
    notes,
    restatements,
    rows,
    slots,
    tiles,
    words,
)
from reports.cards import Card, Legend
from reports.figures import Figures, filled
from reports.links import Links
from reports.page import Page
from reports.reply_figures import ReplyFigures
from reports.sentences import Headline
from reports.tables import Cell, Table


def page(figures: Figures, links: Links) -> Page:
    """Put the page together."""
    replies = ReplyFigures(figures)
    counts = notes.quality(figures, replies)
    return Page(
        headline=headline(figures, counts),
        tiles=[honesty.lag_tile(figures), *_tiles(figures, replies, counts)],
        rows=[
            [_over_time(figures, replies), honesty.lag(figures)],
            [restatements.card(figures)],
            [honesty.receipts(figures)],
            [doubts.card(figures)],
            [_table(figures, counts)],
        ],
    )


def headline(figures: Figures, counts: dict[str, int]) -> Headline:
    """Say what was found, most frequent first, or that nothing was."""
    found = sorted(((many, check) for check, many in counts.items() if many), reverse=True)
    total = words.counted(figures.now.messages, "message")
    if not found:
        return Headline(f"Nothing is wrong with the data of {total}.", *honesty.doubts(figures))
    named = [words.counted(many, *notes.NOUNS[check]) for many, check in found[:3]]
    first = f"Beside {total}: {words.listed(named)}."
    return Headline(first, *honesty.doubts(figures))


def _tiles(figures: Figures, replies: ReplyFigures, counts: dict[str, int]) -> list[tiles.Tile]:
    whole = figures.now.messages
    compared = figures.asked.before() if figures.is_before_whole else None
    before = notes.quality(figures, replies, compared) if compared else {}
    days = notes.checks_by_day(figures, replies)
    return [
        tiles.counted(
            notes.CHECKS[check],
            counts[check],
            before.get(check),
            SAID[check] + _share(counts[check], whole),
            days[check].to_list(),
        )
        for check in ("duplicates", "out_of_order", "conflicting_finals", "clock_anomalies")
    ]


def _share(part: int, whole: int) -> str:
    return f"{words.SPACE}· {words.percent(part / whole, 2)} of messages" if whole and part else ""


SAID = {
    "duplicates": "webhooks that came again, counted once",
    "out_of_order": "messages whose earlier status came after the final one",
    "conflicting_finals": "messages with two different final statuses; the first stands",
    "clock_anomalies": "messages delivered before they were sent, by SMSO's clock",
    "dead_letters": "webhooks that could not be decoded, kept whole",
    "unknown_networks": "messages on a network that no list knows",
    "unknown_references": "replies to a message that is not known",
    "replies_before_delivery": "replies that came before their message was delivered",
}


def _over_time(figures: Figures, replies: ReplyFigures) -> Card:
    unit = "day" if figures.unit == "hour" else figures.unit
    days = notes.checks_by_day(figures, replies)
    stepped = (
        days.with_columns(step=slots.step_of(pl.col("date"), unit))
        .group_by("step")
        .agg(pl.sum(*notes.CHECKS))
    )
    steps = filled(slots.date_slots(figures.shown, unit), stepped, tuple(notes.CHECKS))
    steps = steps.with_columns(provisional=pl.lit(value=False))
    shown = [check for check in notes.CHECKS if days[check].sum()]
    return Card(
        slug="checks",
        title="When did it happen?",
        reading=f"By {unit} sent, received or refused.",
        definition=glossary.QUALITY,
        query=behind.quality(figures),
        view="data_quality",
        rows=rows.by_step(steps, unit, *notes.CHECKS),
        table=Table(
            "Checks by time",
            (unit, *(notes.CHECKS[check].lower() for check in notes.CHECKS)),
            [
                [Cell(row["slot"]), *(Cell(words.number(row[check])) for check in notes.CHECKS)]
                for row in steps.iter_rows(named=True)
            ],
        ),
        figure=charts.stacked(steps.with_columns(provisional=pl.lit(value=False)), shown)
        if shown
        else None,
        summary="Stacked bars of the checks of data quality.",
        empty="Nothing was found in this period.",
        legend=tuple(Legend(check, notes.CHECKS[check]) for check in shown),
    )


def _table(figures: Figures, counts: dict[str, int]) -> Card:
    return Card(
        slug="quality",
        title="What is looked for",
        reading="Counts over the period.",
        definition=glossary.QUALITY,
        query=behind.quality(figures),
        view="data_quality",
        rows=pl.DataFrame({"check": list(counts), "count": list(counts.values())}),
        table=Table(
            "Checks of data quality",
            ("Check", "Count", "What it is"),
            [
                [Cell(title), Cell(words.number(counts[check])), Cell(SAID[check])]
                for check, title in notes.CHECKS.items()
            ],
            kind="said",
        ),
    )
