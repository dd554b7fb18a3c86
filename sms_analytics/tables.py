"""Answers to queries as text: a table to look at, CSV and JSON to work with. Pure, but for `out`.

What is in a message was written by strangers. In a table, whatever could steer a terminal is shown
instead of sent, and long values are cut; CSV and JSON carry every value as it is.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, Literal, TextIO

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analytics.door import Answer
from analytics.values import as_text, encode_json, plain

Format = Literal["table", "csv", "json", "markdown", "parquet"]
"""Parquet is written by `Catalogue.save`, not here."""

MARKUP = re.compile(r"[\\`*_{}\[\]<>|~]")
ROWS_SHOWN_MAX = 10_000
CELL_WIDTH_MAX = 48
RECORD_WIDTH_MAX = 400
NUMBERS = ("BIGINT", "DECIMAL", "DOUBLE", "FLOAT", "HUGEINT", "INTEGER", "SMALLINT", "TINYINT")


def write(answer: Answer, form: Format, out: TextIO) -> None:
    """Write an answer in one of the forms, ending with a newline. Raises what its rows raise."""
    writers: dict[Format, Callable[[Answer, TextIO], None]] = {
        "table": write_table,
        "csv": write_csv,
        "json": write_json,
        "markdown": write_markdown,
    }
    writers[form](answer, out)


def write_json(answer: Answer, out: TextIO) -> None:
    """Write one array of objects: instants in ISO 8601, bytes in hex, NULL and NaN as null."""
    separator = "[\n"
    for row in answer.rows:
        named = dict(zip(answer.columns, map(plain, row), strict=True))
        out.write(separator + encode_json(named).decode())
        separator = ",\n"
    out.write("[]\n" if separator == "[\n" else "\n]\n")


def write_csv(answer: Answer, out: TextIO) -> None:
    """Write a header and the rows; NULL is empty. Values are exact: see `export` for Excel."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(answer.columns)
    for row in answer.rows:
        writer.writerow("" if value is None else as_text(value) for value in row)


def write_markdown(answer: Answer, out: TextIO) -> None:
    """Write a Markdown table of all rows: numbers to the right, NULL empty, in text no markup."""
    rules = ["---:" if _is_number(kind) else "---" for kind in answer.types]
    header = [_markdown(name) for name in answer.columns]
    cells = (
        ["" if value is None else _markdown(as_text(value)) for value in row] for row in answer.rows
    )
    for line in chain([header, rules], cells):
        out.write(f"| {' | '.join(line)} |\n")


def _markdown(text: str) -> str:
    return MARKUP.sub(r"\\\g<0>", harmless(text))


def write_table(answer: Answer, out: TextIO) -> None:
    """Write a table, or on a terminal that is too narrow for it one block of lines a row."""
    rows = [
        [harmless("NULL" if value is None else as_text(value)) for value in row]
        for row in islice(answer.rows, ROWS_SHOWN_MAX)
    ]
    names = [harmless(name) for name in answer.columns]
    width = _natural_width(names, rows)
    console = Console(file=out, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = max(width, 1)
    if width <= console.width:
        console.print(_table(names, answer.types, rows))
    else:
        _print_records(console, names, rows)
    if next(answer.rows, None) is not None:
        console.print(f"only the first {ROWS_SHOWN_MAX:,} rows are shown")


def _natural_width(names: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    columns = zip(names, *rows, strict=True)
    return sum(min(max(map(cell_len, cells)), CELL_WIDTH_MAX) + 3 for cells in columns)


def _table(names: Sequence[str], types: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1), show_edge=False)
    for name, kind in zip(names, types, strict=True):
        right = _is_number(kind)
        table.add_column(
            Text(name),
            justify="right" if right else "left",
            no_wrap=True,
            overflow="ellipsis",
            max_width=CELL_WIDTH_MAX,
        )
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def _is_number(kind: str) -> bool:
    return kind.startswith(NUMBERS) and not kind.endswith("]")


def _print_records(console: Console, names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    indent = max(map(cell_len, names))
    for number, row in enumerate(rows, start=1):
        console.print(Text(f"— row {number}", style="dim"))
        for name, value in zip(names, row, strict=True):
            label = " " * (indent - cell_len(name)) + name
            cut = value if len(value) <= RECORD_WIDTH_MAX else value[:RECORD_WIDTH_MAX] + "…"
            console.print(Text.assemble((label, "bold"), "  ", cut))


def harmless(text: str) -> str:
    """Show what a terminal would obey, or draw backwards, as a sign: ESC as ␛."""
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(letter: str) -> str:
    if letter.isprintable() or letter == "\u200d":  # joins emoji
        return letter
    if unicodedata.category(letter) == "Zs":
        return " "
    code = ord(letter)
    return chr(0x2400 + code) if code < 0x20 else "␡" if code == 0x7F else "�"


def rows_of(names: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> Answer:
    """Make an answer of our own, all of its columns text."""
    return Answer(columns=list(names), types=["VARCHAR"] * len(names), rows=rows)
