"""The overview as HTML: one page that needs no network, with its charts as data."""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup

from analytics.door import Catalogue
from reports import glossary, period, theme, words
from reports.cards import Card
from reports.dead_letters import dead_letters
from reports.environment import environment
from reports.figures import Figures, gather
from reports.job_runs import job_runs
from reports.links import Links
from reports.overview import overview
from reports.period import Period


def render_overview(catalogue: Catalogue, of: Period, *, links: Links) -> str:
    """Return the overview of a period as one HTML document; the same input, the same text."""
    figures = gather(catalogue, of)
    env = environment(links)
    about = figures.about
    shared: dict[str, Any] = {
        "figures": figures,
        "about": about,
        "period": of,
        "presets": period.presets(figures.today),
        "as_of": words.moment(about.as_of, about.time_zone),
        "last_event": _last_event(figures),
        "seen": glossary.SEEN,
        "quality_definition": glossary.QUALITY,
    }
    if figures.extent is None and not about.events:
        return env.get_template("nothing.html").render(**shared)
    if not figures.now.messages and not figures.has_replies:
        return env.get_template("quiet.html").render(**shared, nearest=_nearest(figures))
    page = overview(catalogue, figures)
    return env.get_template("overview.html").render(
        **shared, page=page, sql=_shown(figures), charts=_charts([*page.charts, *page.replies])
    )


def render_dead_letters(catalogue: Catalogue, *, links: Links) -> str:
    """Return the page of dead letters as one HTML document."""
    about = catalogue.about()
    return (
        environment(links)
        .get_template("dead_letters.html")
        .render(
            page=dead_letters(catalogue),
            about=about,
            as_of=words.moment(about.as_of, about.time_zone),
        )
    )


def render_job_runs(catalogue: Catalogue, *, links: Links) -> str:
    """Return the page of the jobs as one HTML document."""
    about = catalogue.about()
    return (
        environment(links)
        .get_template("job_runs.html")
        .render(
            page=job_runs(catalogue),
            about=about,
            as_of=words.moment(about.as_of, about.time_zone),
        )
    )


def _last_event(figures: Figures) -> str:
    at = figures.about.last_event_at
    return words.moment(at, figures.about.time_zone) if at else "none yet"


def _nearest(figures: Figures) -> Period | None:
    """Return the last 30 days that have messages."""
    return period.last_days(30, figures.extent.to_date) if figures.extent else None


def _shown(figures: Figures) -> dict[str, str]:
    return {name: query.shown() for name, query in figures.queries.items()}


def _charts(cards: list[Card]) -> Markup:
    """Return every figure as JSON that may stand inside a script element."""
    figures = ",".join(
        f'"{card.slug}":{card.figure.to_json()}' for card in cards if card.figure is not None
    )
    config = json.dumps(theme.CONFIG, sort_keys=True)
    return Markup(f'{{"config":{config},"figures":{{{_inert(figures)}}}}}')


def _inert(json_text: str) -> str:
    """Escape what could end a script element; inside JSON strings the escapes mean the same."""
    return (
        json_text.replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )
