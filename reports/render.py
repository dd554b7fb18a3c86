"""Pages as HTML: each needs no network, and has its charts in it as data."""

from __future__ import annotations

import json
from dataclasses import replace

from markupsafe import Markup

from analytics.door import Catalogue, CatalogueInfo
from reports import glossary, network, period, theme, words
from reports.asked import Asked
from reports.cards import Card
from reports.controls import controls
from reports.dead_letters import dead_letters
from reports.desk import Desk
from reports.environment import fill
from reports.figures import Figures
from reports.job_runs import job_runs
from reports.links import Links
from reports.nouns import NETWORK, PAGES
from reports.pages import MADE
from reports.period import Period
from reports.reply_figures import ReplyFigures


def render(desk: Desk, slug: str, asked: Asked, *, links: Links, made_from: str = "") -> str:
    """Return a page as one HTML document; the same input, the same text.

    `made_from` is put into its head, so that one can tell whether it must be made again.
    """
    figures = Figures(desk, asked)
    about = desk.about
    links = replace(links, here=slug)
    shared = {
        "asked": asked,
        "made_from": made_from,
        "period": asked.period,
        "about": about,
        "entries": links.entries(asked),
        "extent": figures.extent,
        "shown": figures.shown,
        "as_of": words.moment(about.as_of, about.time_zone),
        "last_event": _last_event(about),
        "seen": glossary.SEEN,
    }
    if figures.extent is None and not about.events:
        return fill("nothing.html", links, **shared)
    shared["controls"] = controls(figures, slug, links) if links.site else None
    shared["title"] = PAGES.get(slug) or (network.name(figures) if slug == NETWORK else slug)
    if not figures.now.messages and not ReplyFigures(figures).any_now:
        return fill("quiet.html", links, **shared, nearest=_nearest(figures))
    page = MADE[slug](figures, links)
    return fill("page.html", links, **shared, page=page, charts=_charts(page.cards))


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
