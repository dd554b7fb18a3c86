"""Public views as files: CSV, Parquet and Excel, private unless asked otherwise.

view ──DuckDB──▶ Parquet, aside ──polars──▶ masked, made safe ──▶ file, aside ──rename──▶ out

No step holds the whole result in memory, and for CSV it does not lie aside either: see
`reports.extract`. What lies aside is in a folder that only its owner can read, and is gone when the
export is done.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import polars as pl

from analytics.door import Catalogue
from reports.extract import Extract
from reports.extract import has_days as has_days
from reports.failures import ExportError as ExportError
from reports.failures import UnknownViewError as UnknownViewError
from reports.formats import FORMATS as FORMATS
from reports.formats import Format as Format
from reports.formats import read_day as read_day
from reports.privacy import MASK, mask_numbers
from reports.query import Query
from reports.spreadsheets import ROWS_MAX, csv_lines, write_xlsx


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
    shown = show_personal_data
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with (
            TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as aside,
            Catalogue.open(catalogue_path, copies=Path(aside)) as catalogue,
        ):
            rows = Extract(catalogue, name, from_date, to_date, show_personal_data=shown)
            ready = Path(aside) / f"ready{out.suffix}"
            if file_format == "csv":
                with ready.open("wb") as file:
                    file.writelines(_lines(rows, Path(aside), shown))
            elif file_format == "parquet":
                _write_parquet(catalogue, rows, ready, shown)
            else:
                _write_xlsx(rows, ready, shown)
            ready.replace(out)
    except OSError as error:
        raise ExportError(f"cannot write {out}: {error.strerror or error}") from error
    return out


def stream(
    catalogue_path: Path,
    name: str,
    out: Path,
    from_date: date | None = None,
    to_date: date | None = None,
) -> None:
    """Write a public view as CSV to the end of the file `out`, which is read meanwhile.

    Its reader holds a lock on it, and lets go when it reads no more: then nothing more is written.
    What lies aside is in the folder of `out`. Raises `ExportError`.
    """
    try:
        with (
            out.open("ab") as file,
            Catalogue.open(catalogue_path, copies=out.parent) as catalogue,
        ):
            rows = Extract(catalogue, name, from_date, to_date)
            for lines in _lines(rows, out.parent, show_personal_data=False):
                if not _is_read(file):
                    return
                file.write(lines)
                file.flush()
    except OSError as error:
        raise ExportError(f"the file was not made: {error.strerror or error}") from error


def _is_read(file: BinaryIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def check(
    catalogue_path: Path, name: str, from_date: date | None = None, to_date: date | None = None
) -> None:
    """Raise what `export` would raise for the name or the days, and write nothing."""
    with Catalogue.open(catalogue_path) as catalogue:
        Extract(catalogue, name, from_date, to_date)


def _lines(rows: Extract, aside: Path, show_personal_data: bool) -> Iterator[bytes]:
    pieces = rows.pieces(aside)
    return csv_lines(pieces if show_personal_data else map(mask_numbers, pieces))


def _write_parquet(
    catalogue: Catalogue, rows: Extract, out: Path, show_personal_data: bool
) -> None:
    """Mask by DuckDB: polars writes Parquet in a gigabyte of memory."""
    whole = rows.whole(out.with_name("rows.parquet"))
    if show_personal_data or "number" not in pl.read_parquet_schema(whole):
        whole.replace(out)
        return
    query = Query("export_masked", {"rows": str(whole.absolute()), **MASK})
    catalogue.copy(query.text(), out, **query.parameters)


def _write_xlsx(rows: Extract, out: Path, show_personal_data: bool) -> None:
    known = rows.rows()
    _check_fits(known or 0)
    frame = pl.scan_parquet(rows.whole(out.with_name("rows.parquet")))
    if known is None:
        _check_fits(frame.select(pl.len()).collect().item())
    write_xlsx(frame if show_personal_data else mask_numbers(frame), out)


def _check_fits(rows: int) -> None:
    if rows > ROWS_MAX:
        raise ExportError(
            f"{rows:,} rows do not fit an Excel sheet, which has {ROWS_MAX:,} beside its header:"
            " choose csv or parquet, or fewer days"
        )
