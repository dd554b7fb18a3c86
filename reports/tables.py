"""Tables as they are shown: every cell is text, with a quieter text beside it at need. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl

from reports import comparison, heat_map, words
from reports.comparison import Bin, Change
from reports.figures import Figures

Row = dict[str, Any]


@dataclass(frozen=True)
class Cell:
    """A text, a quieter one beside it, a tone (good, bad, mute), a colour class, an address."""

    text: str
    quiet: str = ""
    tone: str = ""
    dot: str = ""
    address: str | None = None


@dataclass(frozen=True)
class Table:
    """Column titles, and rows of cells; the first cell of a row names it.

    `kind` says where words stand, which begin at the left: "said" in the last column, as sentences,
    "named" in the second, as names, "text" in every column.
    """

    caption: str
    columns: tuple[str, ...]
    rows: list[list[Cell]] = field(default_factory=list)
    kind: Literal["", "said", "named", "text"] = ""


def by_step(
    caption: str,
    unit: str,
    steps: pl.DataFrame,
    counts: Iterable[str] = (),
    times: Mapping[str, str] | None = None,
) -> Table:
    """Tabulate counts and times (column → title) of each step over time."""
    named, timed = list(counts), times or {}
    rows = [
        [
            Cell(row["slot"], "provisional" if row["provisional"] else ""),
            *(Cell(words.number(row[name])) for name in named),
            *(Cell(words.seconds(row[column])) for column in timed),
        ]
        for row in steps.iter_rows(named=True)
    ]
    titles = [name.replace("_", " ") for name in named]
    return Table(caption, (unit, *titles, *timed.values()), rows)


def rates_by_step(
    caption: str, unit: str, steps: pl.DataFrame, column: str, counts: Mapping[str, str]
) -> Table:
    """Tabulate a rate with its interval, and the counts (column → title) that it is made of."""
    rows = [
        [
            Cell(row["slot"], "provisional" if row["provisional"] else ""),
            rate_cell(row, column),
            *(Cell(words.number(row[name] or 0)) for name in counts),
        ]
        for row in steps.iter_rows(named=True)
    ]
    return Table(caption, (unit, "rate", *counts.values()), rows)


def binned(bins: list[Bin], caption: str, first: str, many: str) -> Table:
    """Tabulate bins and the share that was there by their end."""
    total = sum(count for _, _, count in bins) or 1
    seen = 0
    rows = []
    for low, high, count in bins:
        seen += count
        name = f"{words.seconds(low)} or more"
        if high is not None:
            name = f"{words.seconds(low)} to under {words.seconds(high)}"
        rows.append([Cell(name), Cell(words.number(count)), Cell(words.percent(seen / total))])
    return Table(caption, (first, many, "by then"), rows)


def network_cell(row: Row, address: str | None = None) -> Cell:
    """Name a network (label, colour), with its codes, or that they are not known.

    With the names that it had before, where the row says so (`former`).
    """
    code = f"{row['mcc']}-{row['mnc']}"
    quiet = "unknown network" if row["label"] == code else code
    if former := row.get("former"):
        quiet = f"{quiet}, was {former}"
    return Cell(row["label"], quiet, dot=row["colour"], address=address)


def rate_cell(row: Row, name: str) -> Cell:
    """Show a rate with its interval."""
    if row[name] is None:
        return Cell(words.NONE)
    return Cell(words.percent(row[name]), words.interval(row[f"{name}_low"], row[f"{name}_high"]))


def network_change(figures: Figures, row: Row, column: str = "delivered") -> Change | None:
    """Compare a network's settled days with the days before, as one of all networks."""
    if figures.comparable is None:
        return None
    z = comparison.z_of_all(figures.networks.height)
    return comparison.change(
        comparison.rate(row[f"settled_{column}"], row["settled_messages"], z),
        comparison.rate(row[f"{column}_before"], row["messages_before"], z),
    )


def change_cell(change: Change | None, *, higher_is_better: bool = True) -> Cell:
    """Show a difference of rates in points, quiet where it may be noise."""
    if change is None:
        return Cell(words.NONE, tone="mute")
    better = (change.difference > 0) == higher_is_better
    tone = ("good" if better else "bad") if change.clear else "mute"
    return Cell(words.points(change.difference), tone=tone)


def weekly(frame: pl.DataFrame, value: str, caption: str, said: Any) -> Table:
    """Tabulate a value by weekday and hour, hours down; `said` puts one into words."""
    grid = heat_map.table(frame, value)
    return Table(
        caption,
        ("hour", *heat_map.WEEKDAYS),
        [
            [Cell(f"{hour:02}:00"), *(Cell(said(grid[day][hour])) for day in range(7))]
            for hour in range(24)
        ],
    )
