"""Whether the last hour is as usual, before its receipts are in: a card of the page of latency.

What still waits counts for as long as it was watched, in that hour and in the period it is held
against (Aalen and Johansen's estimator).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import polars as pl

from reports import behind, comparison, curve, glossary, incidence, network_cards, words
from reports.cards import Card
from reports.curve import Line, Point
from reports.figures import Figures, of_network
from reports.query import Query
from reports.tables import Cell, Table, network_cell

HOUR = timedelta(hours=1)
JUDGED_SECONDS = 30
LATE_SECONDS = 300
COLUMNS = (
    *("Network", "Messages", "Still waiting", "Within 30 s", "Within 5 min"),
    *("Usual within 30 s", "The hour is"),
)
SHARES = ("within_30s", "within_300s", "usual_within_30s")
SCHEMA = {
    "network": pl.String,
    "messages": pl.Int64,
    "waiting": pl.Int64,
    **{f"{name}{end}": pl.Float64 for name in SHARES for end in ("", "_low", "_high")},
    "within_30s_is": pl.String,
}


@dataclass(frozen=True)
class Hour:
    """The last hour of one network, or of all: shares delivered within a time, and as usual."""

    name: Cell
    messages: int
    waiting: int
    judged: Point | None
    late: Point | None
    usual: Point | None

    @property
    def verdict(self) -> str:
        """Say how the hour compares, as far as the intervals allow."""
        if self.judged is None or self.usual is None or self.messages < comparison.COUNT_MIN:
            return "too few to tell"
        if self.judged[2] < self.usual[1]:
            return "worse"
        return "better" if self.judged[1] > self.usual[2] else "no clear difference"


def card(figures: Figures, usual: list[Line]) -> Card:
    """Return the card; the curves of the period are what is usual."""
    ended = figures.desk.ask(ended_query(figures))
    hours = _hours(figures, ended, {label: points for label, _, points in usual})
    since = {"since": figures.about.as_of - HOUR}
    return Card(
        slug="last-hour",
        title="Is the last hour as usual?",
        reading=sentence(hours),
        definition=glossary.LAST_HOUR,
        query=Query("last_hour_shown", since | behind.ours(figures)),
        view="messages",
        rows=pl.DataFrame([_values(hour) for hour in hours], schema=SCHEMA, orient="row"),
        table=Table("The last hour by network", COLUMNS, [_row(hour) for hour in hours]),
        empty="" if hours else "No message was sent in the hour before these figures.",
    )


def ended_query(figures: Figures) -> Query:
    """Return what the card asks."""
    return Query("last_hour", behind.ours(figures))


def sentence(hours: list[Hour]) -> str:
    """Say how the hour of all networks, the first one, compares with the period."""
    if not hours or hours[0].judged is None or hours[0].usual is None:
        return "Of messages sent in the hour before these figures."
    share, low, high = hours[0].judged
    said = f"{words.percent(share)} ({words.interval(low, high)}) arrive within 30{words.SPACE}s"
    usual = f"{words.percent(hours[0].usual[0])} in the period"
    return f"Of {words.counted(hours[0].messages, 'message')} {said}, {usual}: {hours[0].verdict}."


def _hours(figures: Figures, ended: pl.DataFrame, usual: dict[str, dict[int, Point]]) -> list[Hour]:
    networks = network_cards.drawn(figures).filter(of_network(figures.asked.network))
    rows = [(network_cell(row), row) for row in networks.iter_rows(named=True)]
    hours = [
        _hour(name, ended.filter(of_network((row["mcc"], row["mnc"]))), usual[name.text])
        for name, row in rows
        if name.text in usual
    ]
    if curve.ALL in usual:
        hours = [_hour(Cell(curve.ALL), ended, usual[curve.ALL]), *hours]
    return [hour for hour in hours if hour.messages]


def _hour(name: Cell, ended: pl.DataFrame, usual: dict[int, Point]) -> Hour:
    counts: dict[str, int] = ended.select(pl.sum("delivered", "other", "open")).row(0, named=True)
    judged, late = shares_by(ended, JUDGED_SECONDS, LATE_SECONDS)
    return Hour(
        name=name,
        messages=sum(counts.values()),
        waiting=counts["open"],
        judged=judged,
        late=late,
        usual=curve.by(usual, JUDGED_SECONDS),
    )


def shares_by(ended: pl.DataFrame, *seconds: int) -> list[Point | None]:
    """Return the shares delivered within some seconds; None where nothing was watched so long."""
    counts = ended.select(pl.sum("delivered", "other", "open")).row(0)
    none = comparison.rate(0, sum(counts))
    if none is None:
        return [None] * len(seconds)
    estimate = incidence.estimated(ended)
    all_ended = counts[-1] == 0

    def by(second: int) -> Point | None:
        if not all_ended and not (ended["seconds"] >= second).any():
            return None
        reached = estimate["seconds"].search_sorted(second, "right")
        return estimate.row(reached - 1)[1:] if reached else (none.value, none.low, none.high)

    return [by(second) for second in seconds]


def _values(hour: Hour) -> list[Any]:
    shares = [hour.judged, hour.late, hour.usual]
    ends = [end for point in shares for end in point or (None, None, None)]
    return [hour.name.text, hour.messages, hour.waiting, *ends, hour.verdict]


def _row(hour: Hour) -> list[Cell]:
    tone = {"worse": "bad", "better": "good"}.get(hour.verdict, "mute")
    return [
        hour.name,
        Cell(words.number(hour.messages)),
        Cell(words.number(hour.waiting)),
        *(_share(point) for point in (hour.judged, hour.late, hour.usual)),
        Cell(hour.verdict, tone=tone),
    ]


def _share(point: Point | None) -> Cell:
    if point is None:
        return Cell(words.NONE)
    return Cell(words.percent(point[0]), words.interval(*point[1:]))
