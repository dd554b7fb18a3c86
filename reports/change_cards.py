"""Cards that split a change: by network in steps and a table, and by the hour of the day. Pure."""

from __future__ import annotations

from itertools import chain

import polars as pl

from reports import axes, behind, glossary, tables, theme, waterfall, words
from reports.cards import Card, Legend
from reports.change_figures import NOUNS, ChangeFigures
from reports.effects import Effect, Split, moved, visible, why
from reports.period import Period
from reports.query import Query
from reports.tables import Cell, Table
from reports.theme import Figure

TITLES = {
    "delivery_rate": "What changed the delivery rate?",
    "within_30s": "What changed how many arrive within 30 s?",
    "reply_rate": "What changed the reply rate?",
}
HOUR_TITLES = {
    "delivery_rate": "At which hours did it change?",
    "within_30s": "At which hours did arriving within 30 s change?",
    "reply_rate": "At which hours did the reply rate change?",
}
BY = {"rate": "", "mix": " by its traffic"}
VIEWS = {
    "delivery_rate": "delivery_daily",
    "within_30s": "delivery_daily",
    "reply_rate": "reply_daily",
}
NOTHING = "Nothing settled to compare: choose a longer period, or other days to compare with."


def steps(of: ChangeFigures, measure: str) -> Card:
    """From the rate before to the rate now, network by network."""
    found = of.split(measure)
    return Card(
        slug=f"change-{measure.replace('_', '-')}",
        title=TITLES[measure],
        reading="Points, largest first: how a network did, and its traffic. Grey: may be noise.",
        definition=glossary.CHANGES,
        query=_query(of, measure),
        view=VIEWS[measure],
        rows=_rows(found, "mcc", "mnc", "network"),
        table=_steps_table(found, TITLES[measure]) if found else None,
        figure=waterfall.chart(found) if found else None,
        summary=_said(measure, found, of.figures.asked.than) if found else "",
        empty=NOTHING,
    )


def hours(of: ChangeFigures, measure: str) -> Card:
    """Which hours of the day the change of a measure is of."""
    found = of.hours(measure)
    return Card(
        slug=f"change-{measure.replace('_', '-')}-hours",
        title=HOUR_TITLES[measure],
        reading=f"Points by hour sent, {of.figures.about.time_zone}. Pale: may be noise.",
        definition=glossary.CHANGES,
        query=behind.hour_changes(of.figures, measure, _before(of, measure)),
        view="reply_daily" if measure == "reply_rate" else "delivery_hourly",
        rows=_rows(found, "hour_of_day"),
        table=_hours_table(found, HOUR_TITLES[measure]) if found else None,
        figure=_hours_chart(found) if found else None,
        summary=_hours_said(found) if found else "",
        empty=NOTHING,
        legend=(Legend("explicit", "did better or worse"), Legend("pending", "traffic")),
    )


def networks(of: ChangeFigures) -> Card:
    """Every network's part in the change of the delivery rate."""
    found = of.split("delivery_rate")
    columns = ("Network", "Share before", "Share now", "Rate before", "Rate now")
    return Card(
        slug="change-networks",
        title="Every network's part in the delivery rate",
        reading="Busiest first. Points add up to the change; grey: may be noise.",
        definition=glossary.CHANGES,
        query=_query(of, "delivery_rate"),
        view="delivery_daily",
        rows=_rows(found, "mcc", "mnc", "network"),
        table=Table(
            "Change of the delivery rate by network",
            (*columns, "By its rate", "By its traffic", "Together"),
            _network_rows(found) if found else [],
        ),
        empty="" if found else NOTHING,
    )


def _said(measure: str, found: Split, than: str) -> str:
    return f"{moved(NOUNS[measure], found, than)} {why(NOUNS[measure], found)}".strip()


def _query(of: ChangeFigures, measure: str) -> Query:
    return behind.changes(of.figures, measure, _before(of, measure))


def _before(of: ChangeFigures, measure: str) -> Period:
    return of.before(measure) or of.figures.period.previous()


def _rows(found: Split | None, *keys: str) -> pl.DataFrame:
    if found is None:
        return pl.DataFrame(schema=dict.fromkeys(keys, pl.String))
    kept = ("share", "share_before", "rate_effect", "mix_effect", "effect")
    counts = ("messages", "successes", "messages_before", "successes_before")
    return found.rows.select(*keys, *counts, "rate", "rate_before", *kept)


def _steps_table(found: Split, caption: str) -> Table:
    rows = [
        [Cell("Before"), Cell(words.percent(found.before.value)), Cell("")],
        *(
            [Cell(waterfall.name(one)), _points(one.size, clear=one.clear), Cell(_noise(one))]
            for one in waterfall.steps(found)
        ),
        [Cell("Now"), Cell(words.percent(found.now.value)), Cell("")],
    ]
    return Table(caption, ("Step", "Points", "Beyond chance"), rows)


def _noise(effect: Effect) -> str:
    return words.NONE if effect.label == "All else" else "yes" if effect.clear else "no"


def _network_rows(found: Split) -> list[list[Cell]]:
    clear = {(one.label, one.kind): one.clear for one in found.effects}
    rows = [
        [
            tables.network_cell(row),
            Cell(words.percent(row["share_before"])),
            Cell(words.percent(row["share"])),
            tables.rate_cell(row, "rate_before"),
            tables.rate_cell(row, "rate"),
            _points(row["rate_effect"], clear=clear[row["label"], "rate"]),
            _points(row["mix_effect"], clear=clear[row["label"], "mix"]),
            _points(row["effect"], clear=False),
        ]
        for row in found.rows.iter_rows(named=True)
    ]
    return [*rows, _total(found)]


def _total(found: Split) -> list[Cell]:
    whole = words.percent(1)
    rates = [
        Cell(words.percent(one.value), words.interval(one.low, one.high))
        for one in (found.before, found.now)
    ]
    sums = [_points(found.total(kind), clear=False) for kind in ("rate", "mix")]
    together = _points(found.change.difference, clear=found.change.clear)
    return [Cell("All networks"), Cell(whole), Cell(whole), *rates, *sums, together]


def _points(size: float, *, clear: bool) -> Cell:
    tone = ("good" if size > 0 else "bad") if clear else "mute"
    return Cell(words.signed(size * 100, 2), tone=tone)


def _hours_said(found: Split) -> str:
    clear = visible(found.effects)
    if not clear:
        return "No hour of the day stands out beyond chance."
    named = [f"{one.label} {words.points(one.size)}{BY[one.kind]}" for one in clear[:3]]
    return f"Beyond chance, points: {words.listed(named)}."


def _hours_table(found: Split, caption: str) -> Table:
    clear = {(one.label, one.kind): one.clear for one in found.effects}
    rows = [
        [
            Cell(row["label"]),
            tables.rate_cell(row, "rate_before"),
            tables.rate_cell(row, "rate"),
            _points(row["rate_effect"], clear=clear[row["label"], "rate"]),
            _points(row["mix_effect"], clear=clear[row["label"], "mix"]),
        ]
        for row in found.rows.iter_rows(named=True)
    ]
    columns = ("hour", "rate before", "rate now", "by its rate", "by its traffic")
    return Table(caption, columns, rows)


def _hours_chart(found: Split) -> Figure:
    sizes = {kind: [100 * size for size in found.rows[f"{kind}_effect"]] for kind in BY}
    figure = theme.figure(
        barmode="relative",
        bargap=0.3,
        hovermode="x unified",
        xaxis={
            "tickvals": list(range(0, 24, 3)),
            "ticktext": [f"{hour:02}" for hour in range(0, 24, 3)],
            "range": [-0.7, 23.7],
            "tickangle": 0,
        },
        yaxis=axes.points(chain(*sizes.values())),
    )
    for kind, colour, said in (("rate", "explicit", "did"), ("mix", "pending", "traffic")):
        clear = {one.label for one in found.effects if one.kind == kind and one.clear}
        figure["data"].append(
            {
                "type": "bar",
                "name": said,
                "x": found.rows["hour_of_day"].to_list(),
                "y": sizes[kind],
                "marker": {
                    "color": theme.variable(colour),
                    "opacity": [1 if label in clear else 0.4 for label in found.rows["label"]],
                    "line": {"width": 0},
                },
                "text": [f"{said} {words.signed(size, 2)}" for size in sizes[kind]],
                "textposition": "none",
                "hovertemplate": "%{text}<extra></extra>",
            }
        )
    return figure
