"""The list of reports that lie in a folder."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from analytics.door import CatalogueInfo
from reports import words
from reports.environment import fill
from reports.links import Links, file_name
from reports.nouns import OVERVIEW, PAGES
from reports.period import Period

FILE = "index.html"
_OVERVIEW = re.compile(rf"{OVERVIEW}-(\d{{4}}-\d\d-\d\d)-to-(\d{{4}}-\d\d-\d\d)\.html")


def page(folder: Path, links: Links, about: CatalogueInfo) -> str:
    """Return the list as HTML: the newest period first, each with its pages.

    It says as of when pages were last looked at: one whose figures stay is not written again.
    """
    periods = sorted(
        (Period(*map(date.fromisoformat, found.groups())) for found in _found(folder)),
        key=lambda period: (period.to_date, period.from_date),
        reverse=True,
    )
    reports = [
        (
            words.days(period),
            [
                (name, file_name(slug, period))
                for slug, name in PAGES.items()
                if (folder / file_name(slug, period)).exists()
            ],
        )
        for period in periods
    ]
    as_of = words.moment(about.as_of, about.time_zone)
    return fill("index.html", links, entries=[], reports=reports, as_of=as_of, about=about)


def _found(folder: Path) -> list[re.Match[str]]:
    matches = (_OVERVIEW.fullmatch(path.name) for path in folder.iterdir())
    return [found for found in matches if found]
