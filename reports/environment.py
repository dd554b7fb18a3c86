"""The templates of pages, and where a page finds its styles, scripts and fonts."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports import assets, words
from reports.links import Links

TEMPLATES = Path(__file__).parent / "templates"
STATIC = "/static"


def environment(links: Links) -> Environment:
    """Return the templates, autoescaped, with what every page needs."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.update(links=links, words=words, style=_style(links))
    env.globals.update(script=lambda name: _script(links, name))
    return env


def asset_address(name: str) -> str:
    """Return the address of a file of `static/`; it changes when the file does."""
    return f"{STATIC}/{assets.file_name(name)}"


def notice_page(title: str, text: str) -> bytes:
    """Return a page of one sentence."""
    template = environment(Links(asset=asset_address)).get_template("notice.html")
    return template.render(title=title, text=text).encode()


def _style(links: Links) -> Markup:
    if links.asset is None:
        return Markup("<style>{}</style>").format(Markup(assets.inlined_style()))
    return Markup('<link rel="stylesheet" href="{}">').format(links.asset(assets.STYLE))


def _script(links: Links, name: str) -> Markup:
    if links.asset is None:
        return Markup("<script>{}</script>").format(Markup(assets.inlined_script(name)))
    return Markup('<script src="{}" defer></script>').format(links.asset(name))
