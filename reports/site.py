"""The site's pages, as functions on plain arguments that a reader process can run."""

from __future__ import annotations

from pathlib import Path

from analytics.door import Catalogue
from reports import asked as asking
from reports import desk
from reports.environment import asset_address as asset_address
from reports.failures import UnknownViewError
from reports.links import ALERTS, DEAD_LETTERS, JOBS, Links
from reports.render import card_of, render, render_alerts, render_dead_letters, render_job_runs
from reports.spreadsheets import csv_bytes


def page(
    catalogue_path: Path,
    slug: str,
    asked: dict[str, str],
    menu: tuple[tuple[str, str], ...],
    webhook: str,
) -> bytes:
    """Return a page as HTML, for what is asked as text from the URL.

    Raises `PeriodError`, `AskedError`, and `CatalogueMissing` while nothing is published.
    """
    at = desk.at(catalogue_path)
    links = Links(asset=asset_address, site=True, menu=menu, webhook=webhook)
    return render(at, slug, asking.read(asked, at.about.today), links=links).encode()


def card_rows(catalogue_path: Path, slug: str, asked: dict[str, str], card: str) -> bytes:
    """Return what a card of a page shows as CSV.

    Raises `UnknownViewError` when there is none, and what `page` raises.
    """
    at = desk.at(catalogue_path)
    found = card_of(at, slug, asking.read(asked, at.about.today), card)
    if found is None:
        raise UnknownViewError("no card has rows of that name")
    return csv_bytes(found.rows)


def dead_letters_page(catalogue_path: Path, menu: tuple[tuple[str, str], ...]) -> bytes:
    """Return the page of dead letters as HTML. Raises `CatalogueMissing` before there is one."""
    with Catalogue.open(catalogue_path) as catalogue:
        links = Links(asset=asset_address, site=True, menu=menu, here=DEAD_LETTERS)
        return render_dead_letters(catalogue, links=links).encode()


def job_runs_page(catalogue_path: Path, menu: tuple[tuple[str, str], ...]) -> bytes:
    """Return the page of the jobs as HTML. Raises `CatalogueMissing` before there is one."""
    with Catalogue.open(catalogue_path) as catalogue:
        links = Links(asset=asset_address, site=True, menu=menu, here=JOBS)
        return render_job_runs(catalogue, links=links).encode()


def alerts_page(catalogue_path: Path, menu: tuple[tuple[str, str], ...]) -> bytes:
    """Return the page of the alerts as HTML. Raises `CatalogueMissing` before there is one."""
    with Catalogue.open(catalogue_path) as catalogue:
        links = Links(asset=asset_address, site=True, menu=menu, here=ALERTS)
        return render_alerts(catalogue, links=links).encode()
