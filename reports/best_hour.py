"""When messages are best sent: cards of the page of replies.

An hour is named only where its 95 % interval meets that of no other hour, and where it differs from
each beyond chance, all hours, parts of the day and networks asked about taken together; failing
that, one of the four parts of the day on the same terms; failing that, none is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial

import polars as pl

from reports import (
    behind,
    charts,
    comparison,
    glossary,
    measures,
    network_cards,
    rows,
    tables,
    words,
)
from reports.cards import Card
from reports.comparison import COUNT_MIN, Bounded, Percentile, Z
from reports.figures import CODES, NETWORK, Figures, dates, of_network
from reports.query import Query
from reports.tables import Cell, Table

PARTS = ("at night", "in the morning", "in the afternoon", "in the evening")
PART_HOURS = 24 // len(PARTS)
HOUR = pl.col("hour_of_day")
LINES = {"time_to_reply_p50": "p50", "time_to_reply_p90": "p90"}
UNJUDGED = "No message of this period is old enough to be judged."
NONE_APART = "no hour stands out"
TIMES = (*rows.rate("time_to_reply_p50"), "time_to_reply_p90")
COLUMNS = ("eligible", "replied", *rows.rate("reply_rate"), "answers", *TIMES)
Key = tuple[str | None, str | None]  # mcc and mnc of a network, neither for all together
Judged = Callable[[float], Mapping[Key, Mapping[int, Bounded]]]  # of the z of an interval
Judge = Callable[[pl.DataFrame, pl.Expr], Judged]


@dataclass(frozen=True)
class Best:
    """A time of day that differs from all others for the better: an hour, or a part of the day."""

    said: str
    figure: Bounded
    is_hour: bool


def rate(figures: Figures, frame: pl.DataFrame) -> Card:
    """Which hour is answered most. Takes the hours."""
    found = answered_most(frame)
    return Card(
        slug="best-hour",
        title="When is it best to send?",
        reading=f"Share answered by hour sent, {figures.about.time_zone}. {most(found)}",
        definition=glossary.best_hour(figures.about),
        query=_query(figures),
        view="reply_daily",
        rows=frame.select("hour_of_day", *COLUMNS),
        table=_table(frame),
        figure=charts.rates(frame, "reply_rate", "explicit", "eligible") if _any(frame) else None,
        summary=most(found),
        empty=UNJUDGED,
    )


def times(figures: Figures, frame: pl.DataFrame) -> Card:
    """How soon people answer, by the hour sent. Takes the hours."""
    enough = pl.col("answers") >= COUNT_MIN
    judged = frame.with_columns(pl.when(enough).then(pl.col(name)).alias(name) for name in TIMES)
    known = judged["time_to_reply_p50"].drop_nulls().len() > 0
    said = soonest(answered_soonest(_ours(figures)))
    return Card(
        slug="best-hour-times",
        title="When do people answer soonest?",
        reading=f"By hour sent. Log scale. Blank: under {COUNT_MIN} answers. {said}",
        definition=glossary.best_hour(figures.about),
        query=_query(figures),
        view="replies",
        rows=frame.select("hour_of_day", *COLUMNS),
        table=_times_table(frame),
        figure=charts.percentiles(judged, LINES, counts="answers") if known else None,
        summary=f"Median, with its interval, and p90 of the time to reply by hour sent. {said}",
        empty="No hour has enough answers to judge.",
    )


def networks(figures: Figures) -> Card:
    """The best time of each of the busiest networks."""
    drawn = _shown(figures)
    timed = _measured(_ours(figures), list(CODES)).select(*CODES, "answers", *TIMES)
    drawn = drawn.join(timed, on=CODES, how="left", maintain_order="left")
    best_rates = _best_of_each(_ours(figures), _rates, drawn.height, most=True)
    best_times = _best_of_each(_ours(figures), _medians, drawn.height, most=False)
    columns = ("Network", "Delivered, old enough", "Answered most", "First replies")
    return Card(
        slug="best-hour-networks",
        title="When is it best to send, by network?",
        reading=f"By hour sent, the busiest. Small: 95{words.SPACE}% intervals.",
        definition=glossary.best_hour(figures.about),
        query=Query("best_hours_network", dates(figures.period) | behind.ours(figures)),
        view="reply_daily",
        rows=_measured(_ours(figures), [*NETWORK, "hour_of_day"])
        .filter(pl.col("eligible") > 0)
        .select(*NETWORK, "hour_of_day", *COLUMNS)
        .sort(*NETWORK, "hour_of_day"),
        table=Table(
            "Best hour to send by network",
            (*columns, "Their median time", "Answered soonest"),
            [_row(row, best_rates, best_times) for row in drawn.iter_rows(named=True)],
        ),
    )


def _shown(figures: Figures) -> pl.DataFrame:
    """Return the busiest networks, or the one looked at, however small."""
    if figures.asked.network is None:
        return network_cards.drawn(figures)
    return figures.labelled.filter(of_network(figures.asked.network))


def _row(
    row: tables.Row, best_rates: Mapping[Key, Best], best_times: Mapping[Key, Best]
) -> list[Cell]:
    key = (row["mcc"], row["mnc"])
    return [
        tables.network_cell(row),
        Cell(words.number(row["eligible"])),
        _named(best_rates.get(key), _share),
        Cell(words.number(row["answers"] or 0)),
        _median_cell(row),
        _named(best_times.get(key), _time),
    ]


def _named(found: Best | None, said: Callable[[Bounded], str]) -> Cell:
    return Cell(found.said, said(found.figure)) if found else Cell(NONE_APART, tone="mute")


def hours(figures: Figures) -> pl.DataFrame:
    """Return one row for each of the 24 hours, of the networks looked at."""
    every = pl.DataFrame({"hour_of_day": range(24)}, schema={"hour_of_day": pl.Int64})
    measured = _measured(_ours(figures), ["hour_of_day"])
    joined = every.join(measured, on="hour_of_day", how="left", maintain_order="left")
    slot = HOUR.cast(pl.String).str.zfill(2) + ":00"
    return joined.with_columns(
        pl.col("eligible", "replied", "answers").fill_null(0),
        slot=slot,
        tick=pl.when(HOUR % 3 == 0).then(slot.str.head(2)),
        provisional=pl.lit(value=False),
    )


def _ours(figures: Figures) -> pl.DataFrame:
    return _facts(figures).filter(of_network(figures.asked.network))


def _facts(figures: Figures) -> pl.DataFrame:
    return figures.desk.ask(facts_query(figures))


def facts_query(figures: Figures) -> Query:
    """Return what all these cards ask."""
    return Query("reply_hour_facts", dates(figures.period))


def _measured(facts: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Return one row a key: the counts, the reply rate and the time to reply."""
    counted = facts.group_by(keys).agg(pl.sum("eligible", "replied", "answers"))
    ranked = measures.ranked(facts, keys, "seconds", "answers")
    timed = measures.percentiles_of(ranked, keys, "seconds", "time_to_reply")
    ends = measures.medians(ranked, keys, "seconds", "time_to_reply_p50").select(
        *keys, "time_to_reply_p50_low", "time_to_reply_p50_high"
    )
    joined = counted.join(timed, on=keys, how="left", nulls_equal=True)
    joined = joined.join(ends, on=keys, how="left", nulls_equal=True)
    return joined.with_columns(measures.rate("replied", "eligible", "reply_rate"))


def _any(frame: pl.DataFrame) -> bool:
    return int(frame["eligible"].sum()) > 0 and int(frame["replied"].sum()) > 0


def answered_most(frame: pl.DataFrame, networks: int = 1) -> Best | None:
    """Return the hour, or else the part of the day, that is answered more than all others.

    Takes hour_of_day, replied and eligible; `networks` is how many are asked about together.
    """
    return _best(frame, _rates, networks, most=True)


def answered_soonest(facts: pl.DataFrame, networks: int = 1) -> Best | None:
    """Return the hour, or else the part of the day, whose median time to reply is the shortest.

    Takes hour_of_day, seconds and answers; `networks` is how many are asked about together.
    """
    return _best(facts, _medians, networks, most=False)


def _best(facts: pl.DataFrame, judge: Judge, networks: int, *, most: bool) -> Best | None:
    together = facts.with_columns(pl.lit(None, pl.String).alias(code) for code in CODES)
    return _best_of_each(together, judge, networks, most=most).get((None, None))


def _best_of_each(
    facts: pl.DataFrame, judge: Judge, networks: int, *, most: bool
) -> dict[Key, Best]:
    """Return the best time of each network that has one."""
    z = comparison.z_of_all((24 + len(PARTS)) * networks)
    found: dict[Key, Best] = {}
    for hours, is_hour in ((HOUR, True), (HOUR // PART_HOURS, False)):
        at = cache(judge(facts, hours))
        for key, shown in at(Z).items():
            best = None if key in found else _apart(shown, partial(_of, at, z, key), most=most)
            if best is not None:
                said = f"at {best:02}:00" if is_hour else PARTS[best]
                found[key] = Best(said, shown[best], is_hour)
    return found


def _of(at: Judged, z: float, key: Key) -> Mapping[int, Bounded]:
    return at(z)[key]


def _apart(
    shown: Mapping[int, Bounded], strict: Callable[[], Mapping[int, Bounded]], *, most: bool
) -> int | None:
    """Return the one that lies above all others, or below; `strict` gives wider intervals."""
    ordered = sorted(shown, key=lambda key: shown[key].value, reverse=most)
    if len(ordered) < 2:
        return None
    first, *others = ordered
    pairs = [(other, first) if most else (first, other) for other in others]
    if not all(comparison.apart(shown[low], shown[high]) for low, high in pairs):
        return None
    wide = strict()
    beyond = [comparison.between(wide[high], wide[low])[0] > 0 for low, high in pairs]
    return first if all(beyond) else None


def _rates(frame: pl.DataFrame, hours: pl.Expr) -> Judged:
    """Return the reply rates of each network, by hours, that can be judged."""
    counts = frame.group_by(*CODES, hours=hours).agg(pl.sum("replied", "eligible"))
    enough = counts.filter(pl.col("eligible") >= COUNT_MIN).rows()

    def at(z: float) -> Mapping[Key, Mapping[int, Bounded]]:
        rates: dict[Key, dict[int, Bounded]] = {}
        for mcc, mnc, hour, part, whole in enough:
            if (one := comparison.rate(part, whole, z)) is not None:
                rates.setdefault((mcc, mnc), {})[hour] = one
        return rates

    return at


def _medians(facts: pl.DataFrame, hours: pl.Expr) -> Judged:
    """Return the median times to reply of each network, by hours, that can be judged."""
    keys = [*CODES, "hours"]
    ranked = measures.ranked(facts.with_columns(hours=hours), keys, "seconds", "answers")

    def at(z: float) -> Mapping[Key, Mapping[int, Bounded]]:
        found = measures.medians(ranked, keys, "seconds", "p50", z)
        judged = found.select(*keys, "p50_count", "p50", "p50_low", "p50_high")
        medians: dict[Key, dict[int, Bounded]] = {}
        for mcc, mnc, hour, *figures in judged.iter_rows():
            if None not in figures:
                medians.setdefault((mcc, mnc), {})[hour] = Percentile(*figures)
        return medians

    return at


def most(found: Best | None) -> str:
    """Say when messages are answered most, or that no hour stands out."""
    return _sentence(found, "answered most", _share)


def soonest(found: Best | None) -> str:
    """Say when messages are answered soonest, or that no hour stands out."""
    return _sentence(found, "answered soonest", lambda one: f"half within {_time(one)}")


def _sentence(found: Best | None, how: str, figure: Callable[[Bounded], str]) -> str:
    if found is None:
        return f"N{NONE_APART[1:]}."
    said = f"essages sent {found.said} are {how}: {figure(found.figure)}."
    return f"M{said}" if found.is_hour else f"N{NONE_APART[1:]}; m{said}"


def _share(one: Bounded) -> str:
    return f"{words.percent(one.value)} ({words.interval(one.low, one.high)})"


def _time(one: Bounded) -> str:
    return f"{words.seconds(one.value)} ({words.between(one.low, one.high)})"


def _query(figures: Figures) -> Query:
    if figures.asked.network is None:
        return Query("best_hours", dates(figures.period))
    return Query("best_hours_network", dates(figures.period) | behind.ours(figures))


def _table(frame: pl.DataFrame) -> Table:
    counts = {"eligible": "delivered, old enough", "replied": "answered"}
    return tables.rates_by_step("Reply rate by hour sent", "hour", frame, "reply_rate", counts)


def _times_table(frame: pl.DataFrame) -> Table:
    return Table(
        "Time to reply by hour sent",
        ("hour", "answers", "median", "p90"),
        [
            [
                Cell(row["slot"]),
                Cell(words.number(row["answers"])),
                _median_cell(row),
                Cell(words.seconds(row["time_to_reply_p90"])),
            ]
            for row in frame.iter_rows(named=True)
        ],
    )


def _median_cell(row: tables.Row) -> Cell:
    low, high = row["time_to_reply_p50_low"], row["time_to_reply_p50_high"]
    said = words.between(low, high) if low is not None else ""
    return Cell(words.seconds(row["time_to_reply_p50"]), said)
