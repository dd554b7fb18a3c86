"""The overview: what happened in a period, as data for the page."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.door import Catalogue
from reports import cards, comparison, sentences, tables, tiles, words
from reports.cards import Card
from reports.figures import Figures
from reports.heat_map import WEEKDAYS
from reports.period import Period
from reports.query import Query
from reports.sentences import Headline, NetworkFigures
from reports.tiles import Tile

CHECKS = {
    "duplicates": "Duplicates",
    "out_of_order": "Out of order",
    "conflicting_finals": "Conflicting finals",
    "clock_anomalies": "Clock anomalies",
    "dead_letters": "Dead letters",
    "unknown_networks": "Unknown networks",
    "unknown_references": "Unknown references",
}


@dataclass(frozen=True)
class Overview:
    """Everything on the page of a period that has messages or replies."""

    figures: Figures
    headline: Headline
    provisional: str
    tiles: list[Tile]
    charts: list[Card]
    networks: Card
    replies: list[Card]
    campaigns: Card | None
    quality: list[tuple[str, str]]
    receipt_lag: str


def overview(catalogue: Catalogue, figures: Figures) -> Overview:
    """Put the overview together from the figures of its period."""
    network_card = cards.networks(figures)
    lag = Query("receipt_lag", _dates(figures.period)).run(catalogue).item()
    return Overview(
        figures=figures,
        headline=headline(catalogue, figures),
        provisional=provisional(figures),
        tiles=tiles.tiles(figures),
        charts=[
            cards.outcomes(figures),
            cards.latency(figures),
            network_card,
            cards.histogram(figures),
        ],
        networks=network_card,
        replies=_reply_cards(figures),
        campaigns=cards.campaigns(figures) if figures.campaigns.height else None,
        quality=quality(figures),
        receipt_lag=words.seconds(lag),
    )


def _reply_cards(figures: Figures) -> list[Card]:
    """Put the week beside the replies where a whole week is shown."""
    if figures.shown.days < len(WEEKDAYS):
        return [cards.replies(figures)]
    return [cards.replies(figures), cards.weekly(figures)]


def _dates(period: Period) -> dict[str, object]:
    return {"from_date": period.from_date, "to_date": period.to_date}


def headline(catalogue: Catalogue, figures: Figures) -> Headline:
    """Say what happened, and where to look."""
    rate = figures.now.delivery
    if rate is None:
        count = words.counted(figures.replies["replies"], "reply came", "replies came")
        return Headline(f"No messages were sent in this period; {count} in.")
    settled, before = figures.comparable, figures.before
    change = comparison.change(settled.delivery, before.delivery) if settled else None
    part = settled.period if settled and settled.period != figures.period else None
    first = sentences.first_sentence(rate, figures.now.pending, change, before.period, part)
    second, alarming = _second(catalogue, figures)
    return Headline(first, second, alarming)


def _second(catalogue: Catalogue, figures: Figures) -> tuple[str, bool]:
    """Choose the second sentence: a network that fell, slower delivery, or how networks rank."""
    settled = figures.comparable
    networks = _network_figures(figures)
    if settled and (fallen := sentences.culprit(networks)):
        change = comparison.change(settled.delivery, figures.before.delivery)
        query = _network_days(figures, fallen, settled.period)
        days = list(query.run(catalogue).iter_rows())
        bad_days = sentences.bad_days(days, fallen.now)
        return sentences.blame(fallen, change, bad_days), True
    slower = tiles.latency_change(settled, figures.before)
    if settled and slower and slower.clear and slower.difference > 0:
        now, before = settled.row["latency_p95"], figures.before.row["latency_p95"]
        return sentences.slower(now, before), True
    return sentences.ranking(networks, settled_only=figures.is_provisional)


def _network_figures(figures: Figures) -> list[NetworkFigures]:
    """Take the settled days of each network that counts; none while nothing is settled."""
    found = []
    for row in tables.labelled(figures.networks).iter_rows(named=True):
        now = comparison.rate(row["settled_delivered"], row["settled_messages"])
        if now is not None and row["share"] >= cards.SHARE_DRAWN_MIN:
            before = comparison.rate(row["delivered_before"], row["messages_before"])
            comparable = before if figures.comparable else None
            found.append(NetworkFigures(row["label"], now, comparable))
    return found


def _network_days(figures: Figures, fallen: NetworkFigures, period: Period) -> Query:
    row = next(
        row
        for row in tables.labelled(figures.networks).iter_rows(named=True)
        if row["label"] == fallen.name
    )
    return Query("network_days", {"mcc": row["mcc"], "mnc": row["mnc"], **_dates(period)})


def provisional(figures: Figures) -> str:
    """Say which days may still change."""
    days = figures.days.filter("provisional")["date"].to_list()
    if not days:
        return ""
    if figures.period.days == 1:
        return "This day is provisional: receipts are still coming."
    if len(days) == 1:
        return f"{words.day(days[0])} is provisional: receipts are still coming."
    return f"From {words.day(days[0])} on provisional: receipts are still coming."


def quality(figures: Figures) -> list[tuple[str, str]]:
    """Name the checks of data quality with their counts; known ones are shown even at nought."""
    counted = dict(figures.quality.iter_rows())
    known = [(title, counted.pop(check, 0)) for check, title in CHECKS.items()]
    others = [(check.replace("_", " ").capitalize(), count) for check, count in counted.items()]
    return [(title, words.number(count)) for title, count in [*known, *others]]
