"""The rows of a public view, in their order, as Parquet files aside: whole, or piece by piece.

    rows by hour ──▶ hours that together have some PIECE_ROWS rows ──▶ sorted by DuckDB ──▶ a file

So the first rows are there long before the last are sorted, and what lies aside stays small.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from analytics.door import Catalogue
from analytics.explained import meant
from reports.failures import ExportError, UnknownViewError
from reports.privacy import HIDDEN_COLUMNS
from reports.query import Query

PIECE_ROWS = 250_000
HOUR_SECONDS = 3_600


@dataclass(frozen=True)
class _Order:
    """The column of a view that says which day a row belongs to, and those that order its rows.

    Rows come by `first`, then by the columns of `key`, which tell them apart; none means by all.
    With a key `first` is an instant, and the view may have very many rows.
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
    "conversation_cells": _Order("date", "date"),
    "conversation_daily": _Order("date", "date"),
    "network_changes": _Order("date", "seen_at", ("number",)),
    "receipt_doubts": _Order("date", "received_at", ("reply_id",)),
    "receipt_lag_daily": _Order("date", "date"),
    "recipient_daily": _Order("date", "date"),
    "restatements": _Order("date", "date"),
    "data_quality": _Order("date", "date"),
    "alerts": _Order("fired_date", "fired_at"),
}
COMPUTED_FOR_PERIOD = frozenset(
    {"network_performance", "campaign_performance", "network_flows", "receipt_honesty"}
)
WHOLE = {"begins_at": None, "ends_at": None, "rows": None}


class Extract:
    """The rows of the view `name` from one day to another, both included.

    Raises `UnknownViewError` for a name that is none, and `ExportError` for days that cannot be.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        name: str,
        from_date: date | None,
        to_date: date | None,
        *,
        show_personal_data: bool = False,
    ) -> None:
        """The catalogue is opened with a folder for `copies`: the files lie there."""
        _check_name(catalogue, name)
        _check_days(from_date, to_date)
        self._catalogue = catalogue
        self._hidden = [] if show_personal_data else sorted(HIDDEN_COLUMNS)
        self._order = DATED.get(name)
        self._query = _query(name, self._order, from_date, to_date)

    def whole(self, target: Path) -> Path:
        """Write all rows into one Parquet file."""
        return self._copy(target, self._query.parameters)

    def pieces(self, folder: Path) -> Iterator[pl.LazyFrame]:
        """Yield the rows a piece at a time, at first none; a piece is there until the next."""
        piece = folder / "piece.parquet"
        for bounds in self._bounds():
            yield pl.scan_parquet(self._copy(piece, self._query.parameters | bounds))
            piece.unlink()

    def rows(self) -> int | None:
        """Count the rows; None where the view is so small that nobody need know."""
        return sum(rows for _, rows in self._hours()) if self._is_long else None

    @property
    def _is_long(self) -> bool:
        return self._order is not None and bool(self._order.key)

    def _bounds(self) -> Iterator[dict[str, Any]]:
        if not self._is_long:
            yield {}
            return
        yield {"rows": 0}
        begins = ends = rows = 0
        for hour, more in self._hours():
            if rows + more > PIECE_ROWS and rows:
                yield {"begins_at": _instant(begins), "ends_at": _instant(hour)}
                rows = 0
            begins = begins if rows else hour
            rows, ends = rows + more, hour + HOUR_SECONDS
        if rows:
            yield {"begins_at": _instant(begins), "ends_at": _instant(ends)}

    def _hours(self) -> list[tuple[int, int]]:
        """Return the hours that have rows, in seconds since 1970, and how many."""
        named = ("view", "day", "first", "from_date", "to_date")
        asked = {name: self._query.parameters[name] for name in named}
        return list(Query("export_hours", asked).run(self._catalogue).iter_rows())

    def _copy(self, target: Path, parameters: dict[str, Any]) -> Path:
        self._catalogue.copy(self._query.text(), target, hidden=self._hidden, **parameters)
        return target


def has_days(name: str) -> bool:
    """Tell whether a view can be had for a period."""
    return name in DATED or name in COMPUTED_FOR_PERIOD


def _check_name(catalogue: Catalogue, name: str) -> None:
    names = Query("public_views").run(catalogue)["name"].to_list()
    if name not in names:
        near = meant(name[:40], names) or f"; there are: {' '.join(names)}"
        raise UnknownViewError(f"no view is called {name[:40]!r}{near}")


def _check_days(from_date: date | None, to_date: date | None) -> None:
    if from_date and to_date and to_date < from_date:
        raise ExportError(f"the period ends on {to_date}, before it begins on {from_date}")


def _query(name: str, order: _Order | None, from_date: date | None, to_date: date | None) -> Query:
    period = {"from_date": from_date, "to_date": to_date}
    if name in COMPUTED_FOR_PERIOD:
        return Query(f"export_{name}", period)
    if order:
        return Query("export_dated", {"view": name, **asdict(order), **period, **WHOLE})
    if from_date or to_date:
        raise ExportError(f"{name} has no dates: it cannot be had for a period")
    return Query("export_undated", {"view": name})


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
