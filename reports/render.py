"""Pages as HTML: each needs no network, and has its charts in it as data."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl
from markupsafe import Markup

from analytics.door import Catalogue, CatalogueInfo
from reports import ahead, alerts, glossary, network, period, theme, words
from reports.asked import Asked
from reports.cards import Card
from reports.controls import controls
from reports.dead_letters import dead_letters
from reports.desk import Desk
from reports.environment import fill
from reports.figures import Figures
from reports.job_runs import job_runs
from reports.links import Links
from reports.nouns import NETWORK, OVERVIEW, PAGES
from reports.pages import MADE
from reports.period import Period
from reports.reply_figures import ReplyFigures
from reports.spreadsheets import csv_bytes


@dataclass(frozen=True)
class Part:
    """A page that lies in a document of several: its name in addresses, its title, its content."""

    name: str
    title: str
    content: Markup


def render(desk: Desk, slug: str, asked: Asked, *, links: Links) -> str:
    """Return a page as one HTML document; the same input, the same text."""
    return _rendered(desk, slug, asked, links, "base.html")


def render_whole(desk: Desk, pages: Sequence[tuple[str, Asked]], *, links: Links) -> str:
    """Return several pages as one HTML document that shows the first; the others lie in it."""
    parts = [
        Part(
            links.inside_name(slug, asked),
            name_of(Figures(desk, asked), slug),
            Markup(_rendered(desk, slug, asked, links, "part.html")),
        )
        for slug, asked in pages
    ]
    first = replace(links, here=parts[0].name)
    about, asked = desk.about, pages[0][1]
    period, entries = asked.period, first.entries(asked)
    shared = {"parts": parts, "entries": entries, "period": period, "about": about}
    return fill("whole.html", first, **shared)


def name_of(figures: Figures, slug: str) -> str:
    """Return what a page is called."""
    return PAGES.get(slug) or (network.name(figures) if slug == NETWORK else slug)


def card_of(desk: Desk, slug: str, asked: Asked, name: str) -> Card | None:
    """Return a card of a page by its slug, if the page has it."""
    figures = Figures(desk, asked)
    if slug not in MADE:
        return None
    cards = (
        _cards_of_quiet(figures, slug)
        if _is_quiet(figures)
        else MADE[slug](figures, Links(here=slug)).cards
    )
    return next((card for card in cards if card.slug == name), None)


def _rendered(desk: Desk, slug: str, asked: Asked, links: Links, layout: str) -> str:
    figures = Figures(desk, asked)
    about = desk.about
    links = replace(links, here=slug)
    shared = {
        "layout": layout,
        "asked": asked,
        "period": asked.period,
        "about": about,
        "entries": links.entries(asked),
        "extent": figures.extent,
        "shown": figures.shown,
        "as_of": words.moment(about.as_of, about.time_zone),
        "last_event": _last_event(about),
        "seen": glossary.SEEN,
        "inside": _inside,
    }
    if figures.extent is None and not about.events:
        return fill("nothing.html", links, **shared)
    desk.ahead(ahead.queries(figures, slug))
    shared["controls"] = controls(figures, slug, links) if links.site else None
    shared["title"] = name_of(figures, slug)
    if _is_quiet(figures):
        cards = _cards_of_quiet(figures, slug)
        return fill("quiet.html", links, **shared, nearest=_nearest(figures), cards=cards)
    page = MADE[slug](figures, links)
    return fill("page.html", links, **shared, page=page, charts=_charts(page.cards))


def _is_quiet(figures: Figures) -> bool:
    return not figures.now.messages and not ReplyFigures(figures).any_now


def _cards_of_quiet(figures: Figures, slug: str) -> list[Card]:
    """Return what the overview has of a period without messages: that none came may be an alert."""
    return [one for row in alerts.card(figures) for one in row] if slug == OVERVIEW else []


def _inside(rows: pl.DataFrame) -> str:
    """Return rows as a CSV file that is its own address."""
    return f"data:text/csv;base64,{b64encode(csv_bytes(rows)).decode()}"


def render_dead_letters(catalogue: Catalogue, *, links: Links) -> str:
    """Return the page of dead letters as one HTML document."""
    about = catalogue.about()
    return fill(
        "dead_letters.html",
        links,
        entries=links.entries(None),
        page=dead_letters(catalogue),
        about=about,
        as_of=words.moment(about.as_of, about.time_zone),
    )


def render_job_runs(catalogue: Catalogue, *, links: Links) -> str:
    """Return the page of the jobs as one HTML document."""
    about = catalogue.about()
    return fill(
        "job_runs.html",
        links,
        entries=links.entries(None),
        page=job_runs(catalogue),
        about=about,
        as_of=words.moment(about.as_of, about.time_zone),
    )


def render_alerts(catalogue: Catalogue, *, links: Links) -> str:
    """Return the page of the alerts as one HTML document."""
    about = catalogue.about()
    return fill(
        "alerts.html",
        links,
        entries=links.entries(None),
        page=alerts.alerts(catalogue),
        about=about,
        as_of=words.moment(about.as_of, about.time_zone),
    )


def _last_event(about: CatalogueInfo) -> str:
    return words.moment(about.last_event_at, about.time_zone) if about.last_event_at else "none yet"


def _nearest(figures: Figures) -> Period | None:
    """Return the last 30 days that have messages."""
    return period.last_days(30, figures.extent.to_date) if figures.extent else None


def _charts(cards: list[Card]) -> Markup:
    """Return every figure as JSON that may stand inside a script element."""
    figures = {card.slug: card.figure for card in cards if card.figure is not None}
    text = json.dumps(
        {"config": theme.CONFIG, "figures": figures},
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    )
    return Markup(inert(text))


def inert(json_text: str) -> str:
    """Escape what could end a script element; inside JSON strings the escapes mean the same."""
    return (
        json_text.replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )
