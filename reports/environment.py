"""The templates of pages, and where a page finds its styles, scripts and fonts."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports import assets, words
from reports.links import Links

TEMPLATES = Path(__file__).parent / "templates"
STATIC = "/static"


def fill(template: str, links: Links, **values: Any) -> str:
    """Return a template of `templates/` as text, with what every page needs and the values."""
    return (
        _templates()
        .get_template(template)
        .render(
            links=links,
            style=_style(links),
            script=lambda name: _script(links, name),
            **values,
        )
    )


@lru_cache(maxsize=1)
def _templates() -> Environment:
    """Read the templates once: they are compiled when they are first used."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    env.globals.update(words=words)
    return env


def asset_address(name: str) -> str:
    """Return the address of a file of `static/`; it changes when the file does."""
    return f"{STATIC}/{assets.file_name(name)}"


def notice_page(title: str, text: str) -> bytes:
    """Return a page of one sentence."""
    links = Links(asset=asset_address)
    return fill("notice.html", links, title=title, text=text, entries=[]).encode()


def _style(links: Links) -> Markup:
    if links.asset is None:
        return Markup("<style>{}</style>").format(Markup(assets.inlined_style()))
    return Markup('<link rel="stylesheet" href="{}">').format(links.asset(assets.STYLE))


def _script(links: Links, name: str) -> Markup:
    if links.asset is None:
        return Markup("<script>{}</script>").format(Markup(assets.inlined_script(name)))
    return Markup('<script src="{}" defer></script>').format(links.asset(name))
