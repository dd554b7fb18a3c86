"""What a person asks for by hand: the report of a period, a view as a file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import cast

from analytics.door import Catalogue
from reports.build import write_report
from reports.exports import Format, read_day
from reports.exports import export as export_view
from reports.period import last_days, parse
from sms_analytics import past
from sms_analytics.settings import Settings


def report(
    settings: Settings,
    from_: str | None,
    to: str | None,
    out: Path | None,
    *,
    single_file: bool,
    at: datetime | None = None,
) -> Path:
    """Write the report of a period, or of the last days; return the page's path.

    Of the log as it stood `at` an instant, if one is given. Raises `CatalogueMissing`,
    `PeriodError` and `PastError`.
    """
    with past.catalogue(settings, at) as path, Catalogue.open(path) as catalogue:
        today = catalogue.about().today
        asked = from_ or to
        period = parse(from_, to, today) if asked else last_days(settings.reports.days, today)
        folder = settings.layout.reports
        target = out or (folder / past.named(at).strip("-") if at else folder)
        return write_report(catalogue, period, target, single_file=single_file)


def export(
    settings: Settings,
    name: str,
    file_format: str,
    from_: str | None,
    to: str | None,
    out: Path | None,
    at: datetime | None = None,
) -> Path:
    """Write a public view to a file; return its path.

    Of the log as it stood `at` an instant, if one is given. Raises `CatalogueMissing`,
    `ExportError` and `PastError`.
    """
    with past.catalogue(settings, at) as path:
        Catalogue.open(path).close()  # before a folder is made for what cannot be had
        return export_view(
            path,
            name,
            cast(Format, file_format),
            out or settings.layout.exports / f"{name}{past.named(at)}.{file_format}",
            read_day("from", from_),
            read_day("to", to),
            show_personal_data=settings.reports.show_personal_data,
        )
