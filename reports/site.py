"""The site's pages, as functions on plain arguments that a reader process can run."""

from __future__ import annotations

from pathlib import Path

from analytics.door import Catalogue
from reports.environment import asset_address as asset_address
from reports.links import DEAD_LETTERS, JOBS, Links
from reports.page import render_dead_letters, render_job_runs, render_overview
from reports.period import DAYS_MAX, Period, PeriodError, last_days, parse


def overview_page(
    catalogue_path: Path, asked: dict[str, str], menu: tuple[tuple[str, str], ...], webhook: str
) -> bytes:
    """Return the overview as HTML, for `from` and `to` or the last `days`, as text from the URL.

    Raises `PeriodError`, and `CatalogueMissing` while nothing is published.
    """
    with Catalogue.open(catalogue_path) as catalogue:
        links = Links(asset=asset_address, site=True, menu=menu, webhook=webhook)
        period = _period(asked, catalogue)
        return render_overview(catalogue, period, links=links).encode()


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


def _period(asked: dict[str, str], catalogue: Catalogue) -> Period:
    today = catalogue.about().today
    if days := asked.get("days"):
        return last_days(_days(days), today)
    return parse(asked.get("from"), asked.get("to"), today)


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= DAYS_MAX):
        raise PeriodError(f"days: expected a number from 1 to {DAYS_MAX}, got {text[:40]!r}")
    return int(text)
