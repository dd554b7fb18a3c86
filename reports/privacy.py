"""What is shown in the place of telephone numbers. Pure."""

from __future__ import annotations

import polars as pl

from reports.personal import HIDDEN_COLUMNS as HIDDEN_COLUMNS
from reports.personal import MASKED_COLUMNS

HEAD_CHARACTERS = 6
TAIL_CHARACTERS = 3
HIDDEN_CHARACTERS_MIN = 3
DOTS = "•••"
MASK = {
    "head": HEAD_CHARACTERS,
    "tail": TAIL_CHARACTERS,
    "hidden_min": HIDDEN_CHARACTERS_MIN,
    "dots": DOTS,
}
"""How numbers are masked, for SQL that does the same as `masked`."""


def mask_numbers(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Mask every column that holds telephone numbers; the other columns stay as they are."""
    names = MASKED_COLUMNS.intersection(frame.collect_schema().names())
    return frame.with_columns(masked(pl.col(name)) for name in sorted(names))


def masked(number: pl.Expr) -> pl.Expr:
    """Keep the head and the tail of a number, +40722334455 as +40722•••455; null stays null."""
    length = number.str.len_chars().cast(pl.Int64)
    head = number.str.head(
        (length - TAIL_CHARACTERS - HIDDEN_CHARACTERS_MIN).clip(0, HEAD_CHARACTERS)
    )
    tail = number.str.tail(
        pl.when(length >= TAIL_CHARACTERS + HIDDEN_CHARACTERS_MIN)
        .then(TAIL_CHARACTERS)
        .otherwise(0)
    )
    return pl.concat_str(head, pl.lit(DOTS), tail).name.keep()
