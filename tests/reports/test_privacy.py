"""What is shown in place of a number says which network and country, and not whose it is."""

from __future__ import annotations

import polars as pl
import pytest

from reports.privacy import DOTS, mask_numbers


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+40722334455", "+40722•••455"),
        ("+491701234567890", "+49170•••890"),
        ("+4072233", "+4•••233"),
        ("112233", "•••233"),
        ("1845", DOTS),
        ("", DOTS),
        (None, None),
    ],
)
def test_at_least_three_digits_are_hidden(number: str | None, shown: str | None) -> None:
    frame = pl.LazyFrame(
        {"number": [number], "mnc": ["03"]}, schema_overrides={"number": pl.String}
    )
    assert mask_numbers(frame).collect().row(0) == (shown, "03")
