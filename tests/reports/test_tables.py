"""Networks can be told apart by their names."""

from __future__ import annotations

import polars as pl

from reports import labels

COLUMNS = ("mcc", "mnc", "network", "country")


def test_networks_of_one_name_are_told_apart_and_the_busiest_keeps_it() -> None:
    rows = [
        ("226", "10", "Orange", "Romania"),
        ("208", "01", "Orange", "France"),
        ("208", "02", "Orange", "France"),
        ("226", "99", None, None),
    ]
    frame = pl.DataFrame(rows, schema=COLUMNS, orient="row")
    assert labels.labelled(frame)["label"].to_list() == [
        "Orange",
        "Orange, France",
        "Orange, 208-02",
        "226-99",
    ]


def test_no_network_at_all_is_no_fault() -> None:
    empty = pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String()))
    assert labels.labelled(empty)["label"].to_list() == []
