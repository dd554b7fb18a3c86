"""What networks are called where several are shown. Pure."""

from __future__ import annotations

import polars as pl

from reports import words


def labelled(networks: pl.DataFrame) -> pl.DataFrame:
    """Give networks, busiest first, a `label` each that no other has.

    Of several with one name the busiest keeps it; the others are told apart by country or codes.
    """
    labels: list[str] = []
    for row in networks.iter_rows(named=True):
        code = f"{row['mcc']}-{row['mnc']}"
        name = words.apart(row["network"] or code)
        tries = (name, f"{name}, {row['country'] or code}", f"{name}, {code}")
        labels.append(next((one for one in tries if one not in labels), tries[-1]))
    return networks.with_columns(label=pl.Series(labels, dtype=pl.String))
