"""Cards that compare networks, without ranking what the intervals do not tell apart. Pure."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from reports import behind, charts, comparison, dots, glossary, rows, tables, words
from reports.asked import Network
from reports.bins import by_second
from reports.cards import Card
from reports.figures import Figures, of_network, within
from reports.tables import Cell, Table

DRAWN_MAX = 8
SHARE_DRAWN_MIN = 0.01
SHOWN = (
    *("messages", "share", "delivered", *rows.rate("delivery_rate")),
    *("latency_p50", "latency_p95", *rows.rate("within_10s")),
    *("eligible", "replied", *rows.rate("reply_rate")),
)

Address = Callable[[Network], str | None]


def drawn(figures: Figures) -> pl.DataFrame:
    """Return the networks worth drawing: the busiest, without those too small to place."""
    networks = figures.labelled
    large = networks.filter(
        (pl.col("messages") >= comparison.COUNT_MIN) & (pl.col("share") >= SHARE_DRAWN_MIN)
    )
    return (large if large.height else networks).head(DRAWN_MAX)


def rates(figures: Figures) -> Card:
    """How the networks' rates compare."""
    networks, name = drawn(figures), figures.asked.status
    left = figures.networks.height - networks.height
    hidden = f" {words.number(left)} more in the table." if left else ""
    part, whole = int(figures.networks[name].sum()), int(figures.networks["messages"].sum())
    overall = comparison.rate(part, whole)
    said = [
        f"{row['label']} {words.percent(row['outcome_rate'])}"
        for row in networks.iter_rows(named=True)
    ]
    return Card(
        slug="network-rates",
        title="Which networks deliver?" if name == "delivered" else f"Where are messages {name}?",
        reading=f"95{words.SPACE}% intervals: no order where they overlap. Dotted: all.{hidden}",
        definition=glossary.networks(figures.about),
        query=behind.networks(figures),
        view="network_performance",
        rows=rows.by_network(
            networks, *dict.fromkeys(("messages", name)), *rows.rate("outcome_rate")
        ),
        table=_small(networks, "Rate by network", (name, "messages", "outcome_rate")),
        figure=dots.dots(networks, overall.value, "outcome_rate", name) if overall else None,
        summary=f"Share {name} by network: {words.listed(said)}.",
        empty="No message was sent in this period.",
    )


def latencies(figures: Figures) -> Card:
    """How the networks' latencies compare."""
    networks = _between(figures, drawn(figures).filter(pl.col("latency_p95").is_not_null()))
    said = [
        f"{row['label']} median {words.seconds(row['latency_p50'])}, "
        f"p95 {words.seconds(row['latency_p95'])}"
        for row in networks.iter_rows(named=True)
    ]
    return Card(
        slug="network-latency",
        title="Which networks are slow?",
        reading=f"Dot: median. Bar: up to p95; its 95{words.SPACE}% interval: table. Log scale.",
        definition=glossary.LATENCY,
        query=behind.networks(figures),
        view="network_performance",
        rows=rows.by_network(networks, "messages", *charts.PERCENTILES),
        table=_small(networks, "Latency by network", ("latency_p50", "latency_p95", "latency_p99")),
        figure=dots.ranges(networks) if networks.height else None,
        summary=f"Latency by network: {words.listed(said)}.",
        empty="No message of this period was delivered with a known time.",
    )


def _between(figures: Figures, networks: pl.DataFrame) -> pl.DataFrame:
    """Add the 95 % interval of each network's p95, in words, to the whole second of the clocks."""
    facts = within(figures.all_facts, figures.period)
    ends = [
        comparison.percentile_interval(by_second(facts.filter(of_network(key))), 0.95)
        for key in networks.select("mcc", "mnc").iter_rows()
    ]
    said = [words.between(one[0], one[1] - 1) if one else "" for one in ends]
    return networks.with_columns(p95_between=pl.Series(said, dtype=pl.String))


def _small(networks: pl.DataFrame, caption: str, columns: tuple[str, ...]) -> Table:
    def cell(row: dict[str, float], column: str) -> Cell:
        if column == "outcome_rate":
            return tables.rate_cell(row, column)
        value = row[column]
        if column == "latency_p95":
            return Cell(words.seconds(value), str(row["p95_between"]))
        return Cell(words.seconds(value) if column.startswith("latency") else words.number(value))

    titles = [column.removeprefix("latency_").replace("outcome_", "") for column in columns]
    return Table(
        caption,
        ("network", *titles),
        [
            [tables.network_cell(row), *(cell(row, column) for column in columns)]
            for row in networks.iter_rows(named=True)
        ],
    )


def table(figures: Figures, address: Address) -> Card:
    """Every network of the period with its figures; `address` finds the page of one."""
    settled = " Change is of settled days." if figures.is_provisional else ""
    columns = ("Network", "Messages", "Delivery rate", "Change, points", "p50", "p95")
    return Card(
        slug="networks",
        title="Networks",
        reading=f"Busiest first. Small: share of messages, 95{words.SPACE}% intervals.{settled}",
        definition=glossary.networks(figures.about),
        query=behind.networks(figures),
        view="network_performance",
        rows=rows.by_network(figures.labelled, *SHOWN),
        table=Table(
            "Networks",
            (*columns, "Within 10 s", "Reply rate"),
            [_row(figures, row, address) for row in figures.labelled.iter_rows(named=True)],
        ),
    )


def _row(figures: Figures, row: tables.Row, address: Address) -> list[Cell]:
    replies = tables.rate_cell(row, "reply_rate") if figures.about.replies else Cell(words.NONE)
    return [
        tables.network_cell(row, address((row["mcc"], row["mnc"]))),
        Cell(words.number(row["messages"]), words.percent(row["share"], 0)),
        tables.rate_cell(row, "delivery_rate"),
        tables.change_cell(tables.network_change(figures, row)),
        Cell(words.seconds(row["latency_p50"])),
        Cell(words.seconds(row["latency_p95"])),
        tables.rate_cell(row, "within_10s"),
        replies,
    ]
