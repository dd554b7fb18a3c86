"""Public views as files: CSV, Parquet and Excel, private unless asked otherwise.

view ──DuckDB──▶ Parquet, aside ──polars──▶ masked, made safe ──▶ file, aside ──rename──▶ out

Neither step holds the whole result in memory. What lies aside is in a folder that only its owner
can read, and is gone when the export is done.

    ExportError ─── UnknownViewError
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal
from zoneinfo import ZoneInfo

import polars as pl

from analytics.door import Catalogue
from reports.privacy import HIDDEN_COLUMNS, mask_numbers
from reports.query import Query
from reports.spreadsheets import ROWS_MAX, write_csv, write_xlsx

Format = Literal["csv", "parquet", "xlsx"]
FORMATS: tuple[Format, ...] = ("csv", "parquet", "xlsx")


class ExportError(Exception):
    """The view could not be exported; the message is one line."""


class UnknownViewError(ExportError):
    """There is no public view of that name."""


@dataclass(frozen=True)
class _Dated:
    """The column that says which day a row belongs to, a date or an instant, and the rows' key."""

    column: str
    instant: bool = False
    key: tuple[str, ...] = ()

    def bound(self, day: date | None, time_zone: str) -> date | None:
        if day is None or not self.instant:
            return day
        return datetime.combine(day, time(), ZoneInfo(time_zone))


DATED = {
    "events": _Dated("ingested_date", key=("node", "seq")),
    "dead_letters": _Dated("ingested_date", key=("node", "seq")),
    "messages": _Dated("sent_date", key=("sent_at", "message_id")),
    "replies": _Dated("received_at", instant=True, key=("reply_id",)),
    "conversations": _Dated("started_at", instant=True, key=("conversation_id",)),
    "delivery_daily": _Dated("date"),
    "delivery_hourly": _Dated("hour", instant=True),
    "delivery_total_daily": _Dated("date"),
    "latency_histogram": _Dated("date"),
    "reply_daily": _Dated("date"),
    "data_quality": _Dated("date"),
}


def export(
    catalogue_path: Path,
    name: str,
    file_format: Format,
    out: Path,
    from_date: date | None = None,
    to_date: date | None = None,
    *,
    show_personal_data: bool = False,
) -> Path:
    """Write the rows of a public view from one day to another, both included, to the file `out`.

    Days are those of the report time zone (of UTC for the log itself). Unless `show_personal_data`,
    numbers are masked and uuids, bodies and raw webhooks left out. Raises `ExportError`.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as aside:
            rows = Path(aside) / "rows.parquet"
            _extract(catalogue_path, name, rows, from_date, to_date, show_personal_data)
            frame = pl.scan_parquet(rows)
            ready = Path(aside) / out.name
            _write(frame if show_personal_data else mask_numbers(frame), file_format, ready)
            ready.replace(out)
    except OSError as error:
        raise ExportError(f"cannot write {out}: {error.strerror or error}") from error
    return out


def _extract(
    catalogue_path: Path,
    name: str,
    rows: Path,
    from_date: date | None,
    to_date: date | None,
    show_personal_data: bool,
) -> None:
    hidden = [] if show_personal_data else sorted(HIDDEN_COLUMNS)
    with Catalogue.open(catalogue_path) as catalogue:
        _check_name(catalogue, name)
        if name in DATED:
            time_zone = catalogue.about().time_zone
            bounds = _bounds(DATED[name], from_date, to_date, time_zone)
            catalogue.copy(Query("export_dated").text(), rows, view=name, hidden=hidden, **bounds)
        elif from_date or to_date:
            raise ExportError(f"{name} has no dates: it is about the whole log")
        else:
            catalogue.copy(Query("export_undated").text(), rows, view=name, hidden=hidden)


def _check_name(catalogue: Catalogue, name: str) -> None:
    names = Query("public_views").run(catalogue)["name"].to_list()
    if name not in names:
        raise UnknownViewError(f"no view is called {name[:40]!r}; there are: {' '.join(names)}")


def _bounds(
    dated: _Dated, from_date: date | None, to_date: date | None, time_zone: str
) -> dict[str, Any]:
    if from_date and to_date and to_date < from_date:
        raise ExportError(f"the period ends on {to_date}, before it begins on {from_date}")
    day_after = to_date + timedelta(days=1) if to_date else None
    return {
        "dated": dated.column,
        "key": list(dated.key),
        "begin": dated.bound(from_date, time_zone),
        "end": dated.bound(day_after, time_zone),
    }


def _write(frame: pl.LazyFrame, file_format: Format, out: Path) -> None:
    if file_format == "csv":
        write_csv(frame, out)
    elif file_format == "parquet":
        frame.sink_parquet(out)
    elif frame.select(pl.len()).collect().item() > ROWS_MAX:
        raise ExportError(
            f"more than {ROWS_MAX:,} rows do not fit an Excel sheet; choose csv, or fewer days"
        )
    else:
        write_xlsx(frame, out)
