"""Publish `analytics.duckdb`: documented views over the immutable files of the tables.

    files of the tables ──▶ internal views ──▶ internal tables ──▶ macros ──▶ public views
                                                                  aside, synced, renamed into place

Readers never meet a lock, and one who has the catalogue open keeps a consistent snapshot: it
names its files. What depends on the age of a message is judged at `as_of`, fixed here, so every
reader of one catalogue sees the same numbers.

The cells count by the hour, so ages are exact to the hour only; `internal/boundary.sql` takes the
few messages near a boundary from the messages themselves, and makes them exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb
import msgspec

from analytics import conversation_book, daybook, moves
from analytics.days import attach_last, partitions
from analytics.definitions import Definitions
from analytics.meaning import Meaning, public_macro, read_meaning, view_folders
from analytics.networks import Network, load, resolve
from analytics.projections.conversations import LONGEST_HOURS
from analytics.quoting import identifier, literal
from analytics.sources import create_sources
from eventlog.durable import replace_file
from eventlog.layout import Layout
from eventlog.lock import held
from eventlog.table import TableError

HERE = Path(__file__).parent
# DuckDB from 1.4 to 2.x reads what is written so.
CONFIG: dict[str, Any] = {"storage_compatibility_version": "v1.4.0"}
FIRST_MACROS = ("layered",)
SCALAR_MACROS = (
    "ago",
    "day_ago",
    "hour_of",
    "hour_is_past",
    "aged_within_hour",
    "rank_at",
    "interpolated",
    "wilson_low",
    "wilson_high",
    "normal_text",
    "number_id",
    "halved",
    "halved_4_times",
    "value_at_rank",
    "value_of_cells",
    "quantile_of_cells",
    "end_rank",
    "open_until_us",
)
WORD_MACROS = ("is_opt_out",)
LATER_MACROS = ("replies_were_seen", "named", "network_name")
FOUNDATIONS = (
    "latency_bins",
    "late_changes",
    "boundary",
    "hours",
    "dated_sendings",
    "dated_first_replies",
    "dated_cells",
    "delivery_facts",
    "daily_facts",
    "dated_messages",
    "message_facts",
    "dated_replies",
    "reply_facts",
    "dated_conversations",
    "conversation_facts",
    "reply_count_facts",
    "reply_time_facts",
    "people_facts",
    "people_count_facts",
    "receipt_facts",
    "receipt_lags",
    "answer_count_facts",
    "doubt_facts",
    "dated_answer_times",
    "answer_time_facts",
)
TABLE_MACROS = (
    "chosen",
    "delivery",
    "delivery_between",
    "network_performance_between",
    "campaign_performance_between",
    "spread",
    "reply",
    "recipients",
    "reply_between",
    "receipt_lag",
    "receipt_lag_between",
    "receipt_honesty_between",
    "receipt_doubts_between",
    "network_flows_between",
    "delivery_curve",
    "delivery_curve_between",
    "delivery_curve_total_between",
    "change",
    "change_by_network_between",
    "change_by_hour_between",
    "reply_by_hour",
    "reply_by_hour_between",
    "reply_by_hour_total_between",
)
NEVER = date.max
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class PublishError(Exception):
    """The catalogue could not be published; the one before it stands."""


def publish(
    layout: Layout,
    definitions: Definitions,
    as_of: datetime,
    network_overrides: Path | None = None,
) -> None:
    """Write the catalogue of what the tables hold now, judged at `as_of`, and put it in place.

    `as_of` is timezone-aware. `network_overrides` is a CSV like `networks/corrections.csv`.
    Raises `PublishError`; `NetworksError` for a bad list.
    """
    _check(definitions, as_of)
    networks = load(network_overrides)
    with held(layout.job_lock):
        aside = layout.catalogue.with_name(f".{layout.catalogue.name}.aside")
        for leftover in (aside, aside.with_name(f"{aside.name}.wal")):
            leftover.unlink(missing_ok=True)
        try:
            _write(aside, layout, definitions, as_of, networks)
        except (duckdb.Error, TableError) as error:
            raise PublishError(f"cannot write the catalogue: {error}") from error
        replace_file(aside, layout.catalogue)


def _check(definitions: Definitions, as_of: datetime) -> None:
    if as_of.tzinfo is None:
        raise PublishError("as_of needs a time zone")
    try:
        ZoneInfo(definitions.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise PublishError(f"no such time zone: {definitions.time_zone!r}") from error


def _write(
    aside: Path,
    layout: Layout,
    definitions: Definitions,
    as_of: datetime,
    networks: list[Network],
) -> None:
    aside.write_bytes(_outline())
    with _opened(aside) as connection:
        _fill(connection, layout, definitions, as_of, networks, is_outlined=True)


@cache
def _outline() -> bytes:
    """Return a catalogue of nothing but macros, public views and comments.

    They are the same in each, and to make them takes longer than to fill in a day's news.
    """
    with TemporaryDirectory() as folder:
        path, nothing = Path(folder) / "outline.duckdb", Layout(Path(folder) / "nothing")
        with _opened(path) as connection:
            _fill(connection, nothing, Definitions(), EPOCH, [], is_outlined=False)
            for kind, name in _run(connection, "internal/contents.sql").fetchall():
                connection.execute(f"drop {kind} internal.{identifier(name)}")
        return path.read_bytes()


@contextmanager
def _opened(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the database at `path`, and make it one file at the end."""
    with duckdb.connect(path, config=CONFIG) as connection:
        connection.execute("set enable_progress_bar = false")  # it would stand among the logs
        yield connection
        connection.execute("checkpoint")


def _fill(
    connection: duckdb.DuckDBPyConnection,
    layout: Layout,
    definitions: Definitions,
    as_of: datetime,
    networks: list[Network],
    *,
    is_outlined: bool,
) -> None:
    """Make what the tables hold, and around it, unless it is there, what is the same in each."""

    def outline(make: Callable[..., None], *arguments: Any) -> None:
        if not is_outlined:
            make(connection, *arguments)

    there_is_a_last = attach_last(connection, layout)
    connection.begin()  # one commit: each would be synced
    connection.execute("create schema if not exists internal")
    _create_constants(connection, layout, definitions, as_of)
    outline(_run_all, "macros", FIRST_MACROS)
    files = create_sources(connection, layout)
    _run(connection, "internal/networks.sql", _rows(networks))
    outline(_run_all, "macros", SCALAR_MACROS)
    _run(connection, "internal/opt_out_words.sql", {"words": definitions.opt_out_words})
    outline(_run_all, "macros", WORD_MACROS)
    _run(connection, "internal/days.sql", {"partitions": partitions(files)})
    daybook.write(connection, layout, files, definitions, there_is_a_last=there_is_a_last)
    _create_late_since(connection)
    seen = _run(connection, "internal/seen_codes.sql").fetchall()
    codes = list(resolve(seen, networks))
    _run(connection, "internal/network_codes.sql", _rows(codes))
    _run(connection, "internal/network_names.sql")
    _run(connection, "internal/names_today.sql")
    _run(connection, "internal/change_facts.sql")
    moves.write(connection, files["messages"], there_is_a_last=there_is_a_last)
    conversation_book.write(connection, files, definitions, there_is_a_last=there_is_a_last)
    _run(connection, "internal/catalogue.sql")
    outline(_run_all, "macros", LATER_MACROS)
    _run_all(connection, "internal", FOUNDATIONS)
    outline(_run_all, "macros", TABLE_MACROS)
    outline(_create_views)
    connection.commit()


def _create_constants(
    connection: duckdb.DuckDBPyConnection,
    layout: Layout,
    definitions: Definitions,
    as_of: datetime,
) -> None:
    """Make what every view is judged by a constant, which lets the planner skip files."""
    constants = {
        "as_of_us": str((as_of - EPOCH) // timedelta(microseconds=1)),
        "horizon_seconds": str(definitions.horizon_hours * 3600),
        "reply_window_seconds": str(definitions.reply_window_hours * 3600),
        "conversation_gap_seconds": str(definitions.conversation_gap_hours * 3600),
        "conversation_longest_seconds": str(LONGEST_HOURS * 3600),
        "report_time_zone": literal(definitions.time_zone),
        "data_folder": literal(str(layout.root.absolute())),
    }
    for name, value in constants.items():
        connection.execute(f"create or replace macro internal.{name}() as {value}")


def _create_late_since(connection: duckdb.DuckDBPyConnection) -> None:
    (day,) = _run(connection, "internal/late_since.sql").fetchall()[0]
    value = f"{literal(str(day or NEVER))}::date"
    connection.execute(f"create or replace macro internal.late_since() as {value}")


def _run_all(connection: duckdb.DuckDBPyConnection, folder: str, names: Iterable[str]) -> None:
    for name in names:
        _run(connection, f"{folder}/{name}.sql")


def _run(
    connection: duckdb.DuckDBPyConnection, path: str, parameters: Mapping[str, Any] | None = None
) -> duckdb.DuckDBPyConnection:
    return connection.execute((HERE / path).read_text("utf-8"), dict(parameters or {}))


def _rows(rows: list[Any]) -> dict[str, str]:
    return {"rows": msgspec.json.encode(rows).decode()}


def _create_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the public views, and describe them and the public macros."""
    for folder in view_folders():
        connection.execute((folder / "view.sql").read_text("utf-8"))
        _describe(connection, read_meaning(folder))
    _describe_macros(connection)


def _describe(connection: duckdb.DuckDBPyConnection, meaning: Meaning) -> None:
    view = identifier(meaning.name)
    about = f"{meaning.summary} Grain: {meaning.grain}"
    connection.execute(f"comment on view {view} is {literal(about)}")
    for column in meaning.columns:
        name = identifier(column.name)
        connection.execute(f"comment on column {view}.{name} is {literal(column.comment)}")


def _describe_macros(connection: duckdb.DuckDBPyConnection) -> None:
    for name in (*SCALAR_MACROS, *WORD_MACROS, *LATER_MACROS, *TABLE_MACROS):
        statement = (HERE / "macros" / f"{name}.sql").read_text("utf-8")
        if macro := public_macro(statement):
            kind = "macro table" if macro.is_table else "macro"
            about = literal(macro.comment)
            connection.execute(f"comment on {kind} {identifier(macro.name)} is {about}")
