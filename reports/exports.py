"""Public views as files: CSV, Parquet and Excel, private unless asked otherwise.

view ──DuckDB──▶ Parquet, aside ──polars──▶ masked, made safe ──▶ file, aside ──rename──▶ out

Neither step holds the whole result in memory. What lies aside is in a folder that only its owner
can read, and is gone when the export is done.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from analytics.door import Catalogue
from reports.failures import ExportError as ExportError
from reports.failures import UnknownViewError as UnknownViewError
from reports.formats import FORMATS as FORMATS
from reports.formats import Format as Format
from reports.formats import read_day as read_day
from reports.privacy import HIDDEN_COLUMNS, MASK, mask_numbers
from reports.query import Query
from reports.spreadsheets import ROWS_MAX, write_csv, write_xlsx


@dataclass(frozen=True)
class _Order:
    """The column of a view that says which day a row belongs to, and those that order its rows.

    Rows come by `first`, then by the columns of `key`, which tell them apart; none means by all.
    """

    day: str
    first: str
    key: tuple[str, ...] = ()


DATED = {
    "events": _Order("ingested_date", "ingested_at", ("node", "seq")),
    "dead_letters": _Order("ingested_date", "ingested_at", ("node", "seq")),
    "messages": _Order("sent_date", "sent_at", ("message_id",)),
    "replies": _Order("received_date", "received_at", ("reply_id",)),
    "delivery_daily": _Order("date", "date"),
    "delivery_hourly": _Order("date", "hour"),
    "delivery_total_daily": _Order("date", "date"),
    "latency_cells": _Order("date", "date"),
    "latency_histogram": _Order("date", "date"),
    "reply_daily": _Order("date", "date"),
    "conversations": _Order("started_date", "started_at", ("conversation_id",)),
    "network_changes": _Order("date", "seen_at", ("number",)),
    "receipt_doubts": _Order("date", "received_at", ("reply_id",)),
    "receipt_lag_daily": _Order("date", "date"),
    "recipient_daily": _Order("date", "date"),
    "data_quality": _Order("date", "date"),
}
COMPUTED_FOR_PERIOD = frozenset(
    {"network_performance", "campaign_performance", "network_flows", "receipt_honesty"}
)


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
            ready = Path(aside) / f"ready{out.suffix}"
            if file_format == "parquet":
                _write_parquet(catalogue_path, rows, ready, show_personal_data)
            else:
                frame = pl.scan_parquet(rows)
                _write(frame if show_personal_data else mask_numbers(frame), file_format, ready)
            ready.replace(out)
    except OSError as error:
        raise ExportError(f"cannot write {out}: {error.strerror or error}") from error
    return out


def check(
    catalogue_path: Path, name: str, from_date: date | None = None, to_date: date | None = None
) -> None:
    """Raise what `export` would raise for the name or the days, and write nothing."""
    with Catalogue.open(catalogue_path) as catalogue:
        _check_name(catalogue, name)
    _check_days(from_date, to_date)
    _query(name, from_date, to_date)


def has_days(name: str) -> bool:
    """Tell whether a view can be had for a period."""
    return name in DATED or name in COMPUTED_FOR_PERIOD


def _check_days(from_date: date | None, to_date: date | None) -> None:
    if from_date and to_date and to_date < from_date:
        raise ExportError(f"the period ends on {to_date}, before it begins on {from_date}")


def _extract(
    catalogue_path: Path,
    name: str,
    rows: Path,
    from_date: date | None,
    to_date: date | None,
    show_personal_data: bool,
) -> None:
    _check_days(from_date, to_date)
    with Catalogue.open(catalogue_path) as catalogue:
        _check_name(catalogue, name)
        query = _query(name, from_date, to_date)
        hidden = [] if show_personal_data else sorted(HIDDEN_COLUMNS)
        catalogue.copy(query.text(), rows, hidden=hidden, **query.parameters)


def _check_name(catalogue: Catalogue, name: str) -> None:
    names = Query("public_views").run(catalogue)["name"].to_list()
    if name not in names:
        raise UnknownViewError(f"no view is called {name[:40]!r}; there are: {' '.join(names)}")


def _query(name: str, from_date: date | None, to_date: date | None) -> Query:
    period = {"from_date": from_date, "to_date": to_date}
    if name in COMPUTED_FOR_PERIOD:
        return Query(f"export_{name}", period)
    if order := DATED.get(name):
        return Query("export_dated", {"view": name, **asdict(order), **period})
    if from_date or to_date:
        raise ExportError(f"{name} has no dates: it cannot be had for a period")
    return Query("export_undated", {"view": name})


def _write_parquet(catalogue_path: Path, rows: Path, out: Path, show_personal_data: bool) -> None:
    """Mask by DuckDB: polars writes Parquet in a gigabyte of memory."""
    if show_personal_data or "number" not in pl.read_parquet_schema(rows):
        rows.replace(out)
        return
    query = Query("export_masked", {"rows": str(rows.absolute()), **MASK})
    with Catalogue.open(catalogue_path) as catalogue:
        catalogue.copy(query.text(), out, **query.parameters)


def _write(frame: pl.LazyFrame, file_format: Format, out: Path) -> None:
    if file_format == "csv":
        write_csv(frame, out)
    elif frame.select(pl.len()).collect().item() > ROWS_MAX:
        raise ExportError(
            f"more than {ROWS_MAX:,} rows do not fit an Excel sheet; choose csv, or fewer days"
        )
    else:
        write_xlsx(frame, out)
