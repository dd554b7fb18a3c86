"""Reports as files: pages beside one shared copy of what they need, or everything in one file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from analytics.door import Catalogue
from reports import assets, index
from reports.asked import Asked
from reports.desk import Desk
from reports.environment import TEMPLATES
from reports.figures import Figures
from reports.links import Links, file_name
from reports.nouns import NETWORK, OVERVIEW, PAGES
from reports.period import Period
from reports.render import render

ASSETS_FOLDER = "assets"
NETWORKS_MAX = 50
MARK_BYTES = 1_000  # within which a page says what it was made from


def write_report(
    catalogue: Catalogue, period: Period, out: Path, *, single_file: bool = False
) -> Path:
    """Write the report of a period; return the path of its overview.

    Into a folder go all pages, with an index of the reports that lie there; an .html file is the
    overview alone. Assets go to `assets/` beside the pages, under names that carry their version,
    unless `single_file`. A page made from the same catalogue by the same code is left as it is.
    Every file appears whole or not at all.
    """
    alone = out.suffix == ".html"
    folder = out.parent if alone else out
    folder.mkdir(parents=True, exist_ok=True)
    links = Links()
    if not single_file:
        _write_assets(folder / ASSETS_FOLDER)
        links = Links(asset=_asset, beside=not alone)
    desk = Desk(catalogue)
    if alone or single_file:
        page = out if alone else folder / file_name(OVERVIEW, period)
        _make(desk, OVERVIEW, Asked(period), links, page)
        return page
    for slug, asked, path in _pages(desk, period, folder):
        _make(desk, slug, asked, links, path)
    _write(folder / index.FILE, index.page(folder, links).encode())
    return folder / file_name(OVERVIEW, period)


def _pages(desk: Desk, period: Period, folder: Path) -> Iterator[tuple[str, Asked, Path]]:
    """Yield every page of a period: its slug, what is asked, where it goes."""
    for slug in PAGES:
        yield slug, Asked(period), folder / file_name(slug, period)
    keys = Figures(desk, Asked(period)).networks.select("mcc", "mnc").unique(maintain_order=True)
    for mcc, mnc in keys.head(NETWORKS_MAX).iter_rows():
        named = file_name(f"{NETWORK}-{mcc}-{mnc}", period)
        yield NETWORK, Asked(period, network=(mcc, mnc)), folder / named


def _asset(name: str) -> str:
    return f"{ASSETS_FOLDER}/{assets.file_name(name)}"


def _make(desk: Desk, slug: str, asked: Asked, links: Links, path: Path) -> None:
    made_from = f"{desk.about.published_at.isoformat()} {_version()}"
    if not _is_made_from(path, made_from):
        _write(path, render(desk, slug, asked, links=links, made_from=made_from).encode())


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
