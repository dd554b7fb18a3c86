"""Reports as files: pages beside one shared copy of what they need, or everything in one file."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from analytics.door import Catalogue
from reports import assets, index
from reports.asked import Asked, Network
from reports.desk import Desk
from reports.figures import Figures
from reports.links import Links, file_name
from reports.nouns import NETWORK, OVERVIEW, PAGES
from reports.period import Period
from reports.provenance import Witness, without
from reports.render import render, render_whole

ASSETS_FOLDER = "assets"
NETWORKS_MAX = 50
INSIDE_MAX = 20  # pages of one network in a single file, which may have to go by mail
MOMENTS = re.compile(rb"<!--moment-->.*?<!--/moment-->")


def write_report(
    catalogue: Catalogue, period: Period, out: Path, *, single_file: bool = False
) -> Path:
    """Write the report of a period; return the path of its overview.

    Into a folder go all pages, with an index of the reports that lie there; an .html file is the
    overview alone. Assets go to `assets/` beside the pages, under names that carry their version.
    With `single_file` all pages and all they need are in one file. A page whose figures are the
    same is left as it is, and not even made where no answer that it was made from changed. Every
    file appears whole or not at all.
    """
    alone = out.suffix == ".html"
    folder = out.parent if alone else out
    folder.mkdir(parents=True, exist_ok=True)
    files = _Files(Desk(catalogue))
    overview = out if alone else folder / file_name(OVERVIEW, period)
    if single_file:
        files.whole(overview, period)
        return overview
    _write_assets(folder / ASSETS_FOLDER)
    if alone:
        files.page(overview, OVERVIEW, Asked(period), Links(asset=_asset))
        return overview
    networks = _networks(files.desk, period, NETWORKS_MAX)
    links = Links(asset=_asset, beside=True, networks=frozenset(networks))
    for slug, asked in _pages(period, networks):
        name = file_name(links.inside_name(slug, asked), period)
        files.page(folder / name, slug, asked, links)
    _write(folder / index.FILE, index.page(folder, links, files.desk.about).encode())
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


class _Files:
    """Writes pages of one catalogue, but those that it would not change."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._witness = Witness(desk)

    def page(self, path: Path, slug: str, asked: Asked, links: Links) -> None:
        """Write one page."""
        networks = sorted(links.networks)
        make = partial(render, self.desk, slug, asked, links=links)
        self._write(path, make, slug, asked, networks)

    def whole(self, path: Path, period: Period) -> None:
        """Write all pages of a period into one file."""
        networks = _networks(self.desk, period, INSIDE_MAX)
        links = Links(inside=True, networks=frozenset(networks))
        pages = list(_pages(period, networks))
        self._write(path, partial(render_whole, self.desk, pages, links=links), pages)

    def _write(self, path: Path, make: Callable[[], str], *besides: object) -> None:
        before = path.read_bytes() if path.exists() else b""
        if self._witness.holds(before, *besides):
            return
        with self.desk.noting() as asked:
            page = make().encode()
        if _timeless(page) != _timeless(without(before)):
            _write(path, self._witness.told(page, asked.values(), *besides))


def _asset(name: str) -> str:
    return f"{ASSETS_FOLDER}/{assets.file_name(name)}"


def _timeless(page: bytes) -> bytes:
    """Return a page without what changes with every catalogue, even if no figure does."""
    return MOMENTS.sub(b"", page)


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
