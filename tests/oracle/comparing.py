"""Holds what a catalogue says against what the oracle says, column by column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from analytics.door import Catalogue
from tests.oracle.figures import Figures
from tests.oracle.judging import Row

DOUBT = ("message_id", "number", "received_at", "attribution", "nth")
FLOW = ("from_mcc", "from_mnc", "from_network", "to_mcc", "to_mnc", "to_network")
# Of each view, what a row of it is one of.
VIEWS = {
    "delivery_daily": ("date", "mcc", "mnc", "network"),
    "delivery_hourly": ("hour", "mcc", "mnc", "network"),
    "delivery_total_daily": ("date",),
    "network_performance": ("mcc", "mnc", "network"),
    "campaign_performance": ("campaign",),
    "latency_cells": ("date", "mcc", "mnc", "network", "campaign", "latency_seconds"),
    "latency_histogram": ("date", "mcc", "mnc", "network", "latency_from_seconds"),
    "reply_daily": ("date", "mcc", "mnc", "network"),
    "data_quality": ("date", "check"),
    "messages": ("message_id",),
    "replies": ("number", "received_at", "body", "replied_to"),
    "conversations": ("number", "started_at"),
    "conversation_daily": ("date", "mcc", "mnc", "network"),
    "conversation_cells": ("date", "mcc", "mnc", "network", "started_by", "answered", "turns"),
    "recipient_daily": ("date", "mcc", "mnc", "network"),
    "receipt_lag_daily": ("date", "mcc", "mnc", "network"),
    "receipt_honesty": ("mcc", "mnc", "network"),
    "receipt_doubts": DOUBT,
    "network_changes": ("number", "seen_at"),
    "network_flows": FLOW,
    "restatements": ("date", "read_on"),
}
IDS = {
    "replies": "reply_id",
    "conversations": "conversation_id",
    "receipt_doubts": "reply_id",
    "receipt_doubts_between": "reply_id",
}
MACROS: dict[str, tuple[str, ...]] = {
    "delivery_between": (),
    "network_performance_between": ("mcc", "mnc", "network"),
    "campaign_performance_between": ("campaign",),
    "reply_between": (),
    "receipt_lag_between": (),
    "receipt_honesty_between": ("mcc", "mnc", "network"),
    "receipt_doubts_between": DOUBT,
    "network_flows_between": FLOW,
    "delivery_curve_between": ("mcc", "mnc", "network", "seconds"),
    "delivery_curve_total_between": ("seconds",),
    "change_by_network_between": ("measure", "mcc", "mnc"),
    "change_by_hour_between": ("measure", "hour_of_day"),
    "reply_by_hour_between": ("mcc", "mnc", "network", "hour_of_day"),
    "reply_by_hour_total_between": ("hour_of_day",),
}


def differences(
    catalogue: Catalogue, figures: Figures, days: tuple[date | None, date | None]
) -> list[str]:
    """Name every figure of every view and macro on which the two do not agree."""
    first, last = days
    found: list[str] = []
    for name, key in VIEWS.items():
        rows = catalogue.frame(f"from {name}").rows(named=True)
        found += _differences(name, key, _said(name, rows), getattr(figures, name)())
    for name, key in MACROS.items():
        frame = catalogue.frame(f"from {name}($first::date, $last::date)", first=first, last=last)
        wanted = getattr(figures, name)(first, last)
        found += _differences(name, key, _said(name, frame.rows(named=True)), wanted)
    return found


def _said(name: str, rows: list[Row]) -> list[Row]:
    """Leave out what the oracle does not say: rows that say that there was nothing, and ids."""
    if name == "data_quality":
        return [row for row in rows if row["count"]]
    if name == "reply_daily":
        return [row for row in rows if row["replies"] or row["eligible_messages"]]
    if name in IDS:
        ids = {row.pop(IDS[name]) for row in rows}
        assert len(ids) == len(rows)
    return rows


def _differences(
    name: str, key: tuple[str, ...], said: Iterable[Row], wanted: Iterable[Row]
) -> list[str]:
    theirs, ours = _by_key(name, key, said), _by_key(name, key, wanted)
    found = [f"{name}: only the catalogue has {each}" for each in theirs.keys() - ours.keys()]
    found += [f"{name}: only the oracle has {each}" for each in ours.keys() - theirs.keys()]
    for each in theirs.keys() & ours.keys():
        row, other = theirs[each], ours[each]
        if row.keys() != other.keys():
            found.append(f"{name}: columns {sorted(row.keys() ^ other.keys())}")
        found += [
            f"{name}.{column} of {each}: catalogue {row[column]}, oracle {other[column]}"
            for column in row.keys() & other.keys()
            if not _agree(column, row[column], other[column])
        ]
    return found


def _by_key(name: str, key: tuple[str, ...], rows: Iterable[Row]) -> dict[tuple[Any, ...], Row]:
    listed = _numbered(rows) if "nth" in key else list(rows)
    by_key = {tuple(row[column] for column in key): row for row in listed}
    assert len(by_key) == len(listed), f"{name} has two rows of one {key}"
    return by_key


def _numbered(rows: Iterable[Row]) -> list[Row]:
    """Tell apart the rows that differ in their ids only."""
    seen: Counter[str] = Counter()
    numbered = []
    for row in rows:
        seen[repr(row)] += 1
        numbered.append(row | {"nth": seen[repr(row)]})
    return numbered


def _agree(column: str, said: Any, wanted: Any) -> bool:
    """Counts, texts and times are the same; fractions but for the last bits of a double.

    Lags are told to the millisecond.
    """
    if isinstance(said, float) and isinstance(wanted, float):
        is_lag = column in ("seconds", "receipt_lag_p50", "receipt_lag_p95")
        return bool(said == pytest.approx(wanted, rel=1e-12, abs=1e-3 if is_lag else 1e-12))
    return type(said) is type(wanted) and bool(said == wanted)
