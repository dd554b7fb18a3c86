"""What a person asks for by hand: the report of a period, a view as a file."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from analytics.door import Catalogue
from reports.build import write_report
from reports.exports import Format, read_day
from reports.exports import export as export_view
from reports.period import last_days, parse
from sms_analytics.settings import Settings


def report(
    settings: Settings, from_: str | None, to: str | None, out: Path | None, *, single_file: bool
) -> Path:
    """Write the report of a period, or of the last days; return the page's path.

    Raises `CatalogueMissing` and `PeriodError`.
    """
    with Catalogue.open(settings.layout.catalogue) as catalogue:
        today = catalogue.about().today
        asked = from_ or to
        period = parse(from_, to, today) if asked else last_days(settings.reports.days, today)
        target = out or settings.layout.reports
        return write_report(catalogue, period, target, single_file=single_file)


def export(
    settings: Settings,
    name: str,
    file_format: str,
    from_: str | None,
    to: str | None,
    out: Path | None,
) -> Path:
    """Write a public view to a file; return its path. Raises `CatalogueMissing`, `ExportError`."""
    return export_view(
        settings.layout.catalogue,
        name,
        cast(Format, file_format),
        out or settings.layout.exports / f"{name}.{file_format}",
        read_day("from", from_),
        read_day("to", to),
        show_personal_data=settings.reports.show_personal_data,
    )
