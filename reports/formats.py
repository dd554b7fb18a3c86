"""The forms that an export has, and the days that bound it. Pure."""

from __future__ import annotations

from datetime import date
from typing import Literal

from reports.failures import ExportError
from reports.period import PeriodError, parse_day

Format = Literal["csv", "parquet", "xlsx"]
FORMATS: tuple[Format, ...] = ("csv", "parquet", "xlsx")


def read_day(name: str, text: str | None) -> date | None:
    """Read a day that bounds an export, from text; none is no bound. Raises `ExportError`."""
    try:
        return parse_day(name, text)
    except PeriodError as error:
        raise ExportError(str(error)) from None
