"""What the site asks its reader processes: functions whose libraries only those import.

The process that takes webhooks passes these on by name, and so needs no DuckDB, polars or templates
itself: it starts sooner and stays small.
"""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

from analytics.sandbox import Kind, Limits
from reports.formats import Format

Menu = tuple[tuple[str, str], ...]
LEVEL = 6


def page(catalogue: Path, slug: str, asked: dict[str, str], menu: Menu, webhook: str) -> bytes:
    """Return a page as HTML, compressed with gzip: see `reports.site.page`."""
    from reports.site import page as make

    return gzip.compress(make(catalogue, slug, asked, menu, webhook), LEVEL, mtime=0)


def card_rows(catalogue: Path, slug: str, asked: dict[str, str], card: str) -> bytes:
    """Return what a card of a page shows as CSV: see `reports.site.card_rows`."""
    from reports.site import card_rows as make

    return make(catalogue, slug, asked, card)


def dead_letters(catalogue: Path, menu: Menu) -> bytes:
    """Return the page of dead letters as HTML: see `reports.site.dead_letters_page`."""
    from reports.site import dead_letters_page

    return dead_letters_page(catalogue, menu)


def job_runs(catalogue: Path, menu: Menu) -> bytes:
    """Return the page of the jobs as HTML: see `reports.site.job_runs_page`."""
    from reports.site import job_runs_page

    return job_runs_page(catalogue, menu)


def alerts(catalogue: Path, menu: Menu) -> bytes:
    """Return the page of the alerts as HTML: see `reports.site.alerts_page`."""
    from reports.site import alerts_page

    return alerts_page(catalogue, menu)


def sql_page(catalogue: Path, menu: Menu, disguise: dict[str, Kind], limits: Limits) -> bytes:
    """Return the page of the SQL console as HTML: see `reports.sql_page.sql_page`."""
    from reports.sql_page import sql_page as make

    return make(catalogue, menu, disguise, limits)


def check_export(catalogue: Path, name: str, from_date: date | None, to_date: date | None) -> None:
    """Raise what an export would: see `reports.exports.check`."""
    from reports.exports import check

    check(catalogue, name, from_date, to_date)


def export(
    catalogue: Path,
    name: str,
    file_format: Format,
    out: Path,
    from_date: date | None,
    to_date: date | None,
) -> Path:
    """Write a public view to a file: see `reports.exports.export`."""
    from reports.exports import export as write

    return write(catalogue, name, file_format, out, from_date, to_date)


def stream_export(
    catalogue: Path, name: str, out: Path, from_date: date | None, to_date: date | None
) -> None:
    """Write a public view to a file that is read meanwhile: see `reports.exports.stream`."""
    from reports.exports import stream

    stream(catalogue, name, out, from_date, to_date)
