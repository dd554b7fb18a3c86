"""Reports as files: a page and one shared copy of what it needs, or everything in one file."""

from __future__ import annotations

import os
from pathlib import Path

from analytics.door import Catalogue
from reports import assets
from reports.links import Links
from reports.page import render_overview
from reports.period import Period

ASSETS_FOLDER = "assets"


def write_report(
    catalogue: Catalogue, period: Period, out: Path, *, single_file: bool = False
) -> Path:
    """Write the overview of a period to `out`, an .html file or a folder; return the page's path.

    Assets go to `assets/` beside the page, under names that carry their version, unless
    `single_file`. Every file appears whole or not at all.
    """
    page = out if out.suffix == ".html" else out / f"{file_stem(period)}.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    links = Links()
    if not single_file:
        _write_assets(page.parent / ASSETS_FOLDER)
        links = Links(asset=lambda name: f"{ASSETS_FOLDER}/{assets.file_name(name)}")
    _write(page, render_overview(catalogue, period, links=links).encode())
    return page


def file_stem(period: Period) -> str:
    """Name the report of a period: overview-2026-10-26-to-2026-11-24."""
    return f"overview-{period.from_date}-to-{period.to_date}"


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
