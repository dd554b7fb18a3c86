"""The page of the SQL console: what can be asked, as data for its script."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from markupsafe import Markup

from analytics.described import Described
from analytics.door import Catalogue
from analytics.examples import Example, examples
from analytics.sandbox import Kind, Limits
from reports import assets, words
from reports.environment import asset_address, fill
from reports.links import SQL, Links
from reports.render import inert


def sql_page(
    catalogue_path: Path,
    menu: tuple[tuple[str, str], ...],
    disguise: dict[str, Kind],
    limits: Limits,
) -> bytes:
    """Return the page as HTML; `disguise` has the columns that are not shown as they are.

    Raises `CatalogueMissing` before there is a catalogue.
    """
    links = Links(asset=asset_address, site=True, menu=menu, here=SQL)
    with Catalogue.open(catalogue_path) as catalogue:
        about = catalogue.about()
    described = _described(catalogue_path)
    data = {
        "views": described.views,
        "macros": [_macro(macro) for macro in described.macros],
        "examples": [_example(example) for example in examples()],
        "editor": asset_address("codemirror-6.min.js"),
        "plotly": asset_address(assets.PLOTLY),
    }
    page = fill(
        "sql.html",
        links,
        entries=links.entries(None),
        views=len(described.views),
        limits=limits,
        hidden=_hidden(disguise),
        about=about,
        as_of=words.moment(about.as_of, about.time_zone),
        data=Markup(inert(msgspec.json.encode(data).decode())),
    )
    return page.encode()


@lru_cache(maxsize=1)
def _described(path: Path) -> Described:
    """Read what can be asked once: as long as this process runs, it stays the same."""
    with Catalogue.open(path) as catalogue:
        return catalogue.described()


def _macro(macro: Any) -> dict[str, Any]:
    return {
        "name": macro.name,
        "signature": macro.signature,
        "is_table": macro.is_table,
        "meaning": macro.meaning.removeprefix("Grain: "),
    }


def _example(example: Example) -> dict[str, str]:
    return {"question": example.question, "sql": example.sql}


def _hidden(disguise: dict[str, Kind]) -> str:
    """Say in a sentence what is not shown as it is."""
    if "number" in disguise:
        return (
            "Numbers are masked, ids replaced and texts left out; the same number or id has the"
            " same sign throughout one answer, so counts and joins stay right."
        )
    if disguise:
        return "Texts are left out: they are shown to those who have signed in."
    return "Numbers, ids and texts are shown whole."
