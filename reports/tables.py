"""Tables as they are shown: every cell is text, with a quieter text beside it at need. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from reports import charts, comparison, heat_map, theme, words
from reports.comparison import Change
from reports.figures import Figures


@dataclass(frozen=True)
class Cell:
    """A text, a quieter one beside it, a tone (good, bad, mute), a colour class for a dot."""

    text: str
    quiet: str = ""
    tone: str = ""
    dot: str = ""


@dataclass(frozen=True)
class Table:
    """Column titles, and rows of cells; the first cell of a row names it."""

    caption: str
    columns: tuple[str, ...]
    rows: list[list[Cell]] = field(default_factory=list)


def outcomes(figures: Figures) -> Table:
    """Tabulate what became of the messages of each step of the period."""
    steps = figures.steps
    return Table(
        "Messages by time sent and outcome",
        (_step_name(figures), "messages", *theme.OUTCOMES),
        [
            [
                Cell(row["slot"], "provisional" if row["provisional"] else ""),
                *(Cell(words.number(row[name])) for name in ("messages", *theme.OUTCOMES)),
            ]
            for row in steps.iter_rows(named=True)
        ],
    )


def _step_name(figures: Figures) -> str:
    return "hour" if "hours" in figures.queries else "day"


def latency(figures: Figures) -> Table:
    """Tabulate the percentiles of each step of the period."""
    return Table(
        "Latency by time sent",
        (_step_name(figures), *(name for _, name in charts.PERCENTILES)),
        [
            [
                Cell(row["slot"], "provisional" if row["provisional"] else ""),
                *(Cell(words.seconds(row[column])) for column, _ in charts.PERCENTILES),
            ]
            for row in figures.steps.iter_rows(named=True)
        ],
    )


def histogram(figures: Figures) -> Table:
    """Tabulate the bins of latency and the share that had arrived by their end."""
    total = sum(count for _, _, count in figures.now.bins) or 1
    seen = 0
    rows = []
    for low, high, count in figures.now.bins:
        seen += count
        name = f"{words.seconds(low)} or more"
        if high is not None:
            name = f"{words.seconds(low)} to under {words.seconds(high)}"
        rows.append([Cell(name), Cell(words.number(count)), Cell(words.percent(seen / total))])
    return Table("Delivered messages by latency", ("latency", "messages", "arrived by then"), rows)


def labelled(networks: pl.DataFrame) -> pl.DataFrame:
    """Give networks, busiest first, a `label` each that no other has.

    Of several with one name the busiest keeps it; the others are told apart by country or codes.
    """
    labels: list[str] = []
    for row in networks.iter_rows(named=True):
        code = f"{row['mcc']}-{row['mnc']}"
        name = row["network"] or code
        tries = (name, f"{name}, {row['country'] or code}", f"{name}, {code}")
        labels.append(next((one for one in tries if one not in labels), tries[-1]))
    return networks.with_columns(label=pl.Series(labels, dtype=pl.String))


def _network_code(row: dict[str, str | None]) -> str:
    """Return what stands beside the name: the codes, or that they are not known."""
    code = f"{row['mcc']}-{row['mnc']}"
    return "unknown network" if row["label"] == code else code


def networks(figures: Figures, colours: dict[tuple[str, str], str]) -> Table:
    """Tabulate the networks, with a change only where the period before can be compared."""
    columns = ("Network", "Messages", "Delivery rate", "Change, points", "p50", "p95")
    return Table(
        "Networks",
        (*columns, "Within 10 s", "Reply rate"),
        [
            [
                Cell(
                    row["label"],
                    _network_code(row),
                    dot=colours.get((row["mcc"], row["mnc"]), "network-other"),
                ),
                Cell(words.number(row["messages"]), words.percent(row["share"], 0)),
                _rate_cell(row, "delivery_rate"),
                change_cell(network_change(figures, row)),
                Cell(words.seconds(row["latency_p50"])),
                Cell(words.seconds(row["latency_p95"])),
                Cell(words.percent(row["within_10s"], 0)),
                _rate_cell(row, "reply_rate"),
            ]
            for row in labelled(figures.networks).iter_rows(named=True)
        ],
    )


def _rate_cell(row: dict[str, float | None], name: str) -> Cell:
    if row[name] is None:
        return Cell(words.NONE)
    return Cell(words.percent(row[name]), words.interval(row[f"{name}_low"], row[f"{name}_high"]))


def network_change(figures: Figures, row: dict[str, int]) -> Change | None:
    """Compare a network's settled days with the period before."""
    if figures.comparable is None:
        return None
    return comparison.change(
        comparison.rate(row["settled_delivered"], row["settled_messages"]),
        comparison.rate(row["delivered_before"], row["messages_before"]),
    )


def change_cell(change: Change | None) -> Cell:
    """Show a difference of rates in points, quiet where it may be noise."""
    if change is None:
        return Cell(words.NONE, tone="mute")
    tone = ("good" if change.difference > 0 else "bad") if change.clear else "mute"
    return Cell(words.points(change.difference), tone=tone)


def campaigns(figures: Figures) -> Table:
    """Tabulate the campaigns."""
    columns = ("Campaign", "Messages", "Delivery rate", "p50", "p95", "Within 10 s", "Reply rate")
    return Table(
        "Campaigns",
        columns,
        [
            [
                Cell(row["campaign"]),
                Cell(words.number(row["messages"])),
                _rate_cell(row, "delivery_rate"),
                Cell(words.seconds(row["latency_p50"])),
                Cell(words.seconds(row["latency_p95"])),
                Cell(words.percent(row["within_10s"], 0)),
                _rate_cell(row, "reply_rate"),
            ]
            for row in figures.campaigns.iter_rows(named=True)
        ],
    )


def replies(figures: Figures) -> Table:
    """Tabulate the replies received each day."""
    return Table(
        "Replies by time received",
        (_step_name(figures), *theme.ATTRIBUTIONS, "reply rate of messages sent"),
        [
            [
                Cell(row["slot"]),
                *(Cell(words.number(row[name])) for name in theme.ATTRIBUTIONS),
                Cell(words.percent(row["reply_rate"])),
            ]
            for row in figures.reply_steps.iter_rows(named=True)
        ],
    )


def weekly(frame: pl.DataFrame, noun: str) -> Table:
    """Tabulate counts by weekday and hour, hours down."""
    counted = {(day, hour): count for day, hour, count in frame.iter_rows()}
    return Table(
        f"{noun.capitalize()} by weekday and hour",
        ("hour", *heat_map.WEEKDAYS),
        [
            [
                Cell(f"{hour:02}:00"),
                *(Cell(words.number(counted.get((day, hour), 0))) for day in range(1, 8)),
            ]
            for hour in range(24)
        ],
    )
