"""Reports as files: pages beside one shared copy of what they need, or everything in one file."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from analytics.door import Catalogue
from reports import assets, index
from reports.asked import Asked, Network
from reports.desk import Desk
from reports.environment import TEMPLATES
from reports.figures import Figures
from reports.links import Links, file_name
from reports.nouns import NETWORK, OVERVIEW, PAGES
from reports.period import Period
from reports.render import render, render_whole

ASSETS_FOLDER = "assets"
NETWORKS_MAX = 50
INSIDE_MAX = 20  # pages of one network in a single file, which may have to go by mail
MARK_BYTES = 1_000  # within which a page says what it was made from
MOMENTS = re.compile(rb"<!--moment-->.*?<!--/moment-->|" + rb'<meta name="made-from"[^>]*>')


def write_report(
    catalogue: Catalogue, period: Period, out: Path, *, single_file: bool = False
) -> Path:
    """Write the report of a period; return the path of its overview.

    Into a folder go all pages, with an index of the reports that lie there; an .html file is the
    overview alone. Assets go to `assets/` beside the pages, under names that carry their version.
    With `single_file` all pages and all they need are in one file. A page made from the same
    catalogue by the same code, or with the same figures, is left as it is. Every file appears whole
    or not at all.
    """
    alone = out.suffix == ".html"
    folder = out.parent if alone else out
    folder.mkdir(parents=True, exist_ok=True)
    desk = Desk(catalogue)
    overview = out if alone else folder / file_name(OVERVIEW, period)
    if single_file:
        _make_whole(desk, period, overview)
        return overview
    _write_assets(folder / ASSETS_FOLDER)
    if alone:
        _make(desk, OVERVIEW, Asked(period), Links(asset=_asset), overview)
        return overview
    networks = _networks(desk, period, NETWORKS_MAX)
    links = Links(asset=_asset, beside=True, networks=frozenset(networks))
    for slug, asked in _pages(period, networks):
        name = file_name(links.inside_name(slug, asked), period)
        _make(desk, slug, asked, links, folder / name)
    _write(folder / index.FILE, index.page(folder, links).encode())
    return overview


def _networks(desk: Desk, period: Period, most: int) -> list[Network]:
    """Return the busiest networks of a period, which have a page each."""
    keys = Figures(desk, Asked(period)).networks.select("mcc", "mnc").unique(maintain_order=True)
    return list(keys.head(most).iter_rows())


def _pages(period: Period, networks: list[Network]) -> Iterator[tuple[str, Asked]]:
    """Yield every page of a period: its slug, and what is asked."""
    for slug in PAGES:
        yield slug, Asked(period)
    for network in networks:
        yield NETWORK, Asked(period, network=network)


def _make_whole(desk: Desk, period: Period, path: Path) -> None:
    made_from = _made_from(desk)
    if _is_made_from(path, made_from):
        return
    networks = _networks(desk, period, INSIDE_MAX)
    links = Links(inside=True, networks=frozenset(networks))
    pages = list(_pages(period, networks))
    _write(path, render_whole(desk, pages, links=links, made_from=made_from).encode())


def _asset(name: str) -> str:
    return f"{ASSETS_FOLDER}/{assets.file_name(name)}"


def _make(desk: Desk, slug: str, asked: Asked, links: Links, path: Path) -> None:
    made_from = _made_from(desk)
    if _is_made_from(path, made_from):
        return
    page = render(desk, slug, asked, links=links, made_from=made_from).encode()
    if not (path.exists() and _timeless(path.read_bytes()) == _timeless(page)):
        _write(path, page)


def _made_from(desk: Desk) -> str:
    return f"{desk.about.published_at.isoformat()} {_version()}"


def _timeless(page: bytes) -> bytes:
    """Return a page without what changes with every catalogue, even if no figure does."""
    return MOMENTS.sub(b"", page)


def _is_made_from(path: Path, made_from: str) -> bool:
    try:
        with path.open("rb") as page:
            return made_from.encode() in page.read(MARK_BYTES)
    except FileNotFoundError:
        return False


@lru_cache(maxsize=1)
def _version() -> str:
    """Return what changes with the code that makes pages."""
    digest = blake2b(digest_size=8)
    here = Path(__file__).parent
    for path in sorted([*here.glob("*.py"), *here.glob("queries/*.sql"), *TEMPLATES.iterdir()]):
        digest.update(path.read_bytes())
    for name in assets.SHARED:
        digest.update(assets.fingerprint(name).encode())
    return digest.hexdigest()


def _write_assets(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name in assets.SHARED:
        target = folder / assets.file_name(name)
        if not target.exists():
            _write(target, assets.content(name))


def _write(path: Path, content: bytes) -> None:
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_bytes(content)
    aside.replace(path)
