"""Files that people open in a spreadsheet: CSV (RFC 4180) and Excel.

To a spreadsheet a text that begins with `=`, `+`, `-` or `@` is a formula, and texts come from
strangers: an apostrophe before it, in CSV, says that it is none. Excel files carry types.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import polars.selectors as cs
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

ROWS_MAX = 1_048_575
CELL_CHARACTERS_MAX = 32_767
BATCH_ROWS = 20_480
"""A row group of what DuckDB has written: what is read at once is small, and read once."""
COLUMN_WIDTH = 16

FORMULA_BEGINNING = "^[=+\\-@\t\r\n＝＋－＠]"
END_OF_LINE = "\r\n"
UTC_SECONDS = "%Y-%m-%dT%H:%M:%S%.fZ"


def csv_lines(frames: Iterable[pl.LazyFrame]) -> Iterator[bytes]:
    """Yield the rows of frames with the same columns as one CSV file, so many at a time.

    A header first, CRLF, UTF-8, times in UTC by ISO 8601, bytes in hex, null empty.
    """
    for number, frame in enumerate(frames):
        cells = readable(frame).with_columns(_harmless(cs.string()))
        if number == 0:
            yield _csv(cells.head(0).collect(), include_header=True)
        for batch in _batches(cells):
            yield _csv(batch, include_header=False)


def csv_bytes(frame: pl.DataFrame) -> bytes:
    """Return a small frame as a CSV file."""
    return b"".join(csv_lines([frame.lazy()]))


def _csv(cells: pl.DataFrame, *, include_header: bool) -> bytes:
    text = cells.write_csv(
        include_header=include_header, line_terminator=END_OF_LINE, datetime_format=UTC_SECONDS
    )
    return text.encode()


def readable(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Bring every column to a type that text can carry: times to UTC, bytes to hex."""
    return frame.with_columns(
        cs.datetime(time_zone="*").dt.convert_time_zone("UTC"), cs.binary().bin.encode("hex")
    )


def _harmless(text: pl.Expr) -> pl.Expr:
    return (
        pl.when(text.str.contains(FORMULA_BEGINNING)).then("'" + text).otherwise(text).name.keep()
    )


def write_xlsx(frame: pl.LazyFrame, out: Path) -> None:
    """Write one sheet, row by row; times are in UTC, texts cut at Excel's 32,767 characters.

    Takes at most ROWS_MAX rows.
    """
    options = {"constant_memory": True, "tmpdir": str(out.parent), "nan_inf_to_errors": True}
    cells = readable(frame).with_columns(cs.datetime().dt.replace_time_zone(None))
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet()
        names = cells.collect_schema().names()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(names) - 1, COLUMN_WIDTH)
        sheet.write_row(0, 0, names, book.add_format({"bold": True}))
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for number, row in enumerate(_rows(cells), start=1):
            for column, value in enumerate(row):
                _write_cell(sheet, number, column, value, day, moment)


def _rows(frame: pl.LazyFrame) -> Iterator[tuple[Any, ...]]:
    for batch in _batches(frame):
        yield from batch.iter_rows()


def _batches(frame: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    """Yield the rows in order, so many at a time that they take little memory."""
    offset = 0
    while (batch := frame.slice(offset, BATCH_ROWS).collect()).height:
        yield batch
        offset += batch.height


def _write_cell(
    sheet: Worksheet, row: int, column: int, value: Any, day: object, moment: object
) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value[:CELL_CHARACTERS_MAX])
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, date):
        form = moment if hasattr(value, "hour") else day
        sheet.write_datetime(row, column, value, form)
    elif value is not None:
        sheet.write_number(row, column, value)
