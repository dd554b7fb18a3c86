"""The forms that an export has, and the days that bound it. Pure."""

from __future__ import annotations

from datetime import date
from typing import Literal

from reports.failures import ExportError

Format = Literal["csv", "parquet", "xlsx"]
FORMATS: tuple[Format, ...] = ("csv", "parquet", "xlsx")


def read_day(name: str, text: str | None) -> date | None:
    """Read a day that bounds an export, from text; none is no bound. Raises `ExportError`."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ExportError(f"{name}: expected a date like 2026-11-24, got {text!r:.40}") from None
