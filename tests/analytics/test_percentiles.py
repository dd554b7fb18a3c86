"""Percentiles taken from counts are those of the values that were counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics import catalogue
from analytics.catalogue import publish
from analytics.definitions import Definitions
from eventlog.layout import Layout

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
CELL = {"day": NOON.date(), "noon": NOON}
DAILY_FACTS = Path(catalogue.__file__).parent / "internal" / "daily_facts.sql"
LATENCIES = st.lists(st.none() | st.integers(0, 20) | st.integers(0, 260_000), max_size=40)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty catalogue, open for writing, so that cells can be put into it."""
    layout = Layout(tmp_path_factory.mktemp("data"))
    publish(layout, Definitions(), NOON + timedelta(days=30))
    with duckdb.connect(layout.catalogue) as connection:
        connection.execute("insert into internal.hours values ($day, $noon, $day, 12)", CELL)
        yield connection


def numbers(row: tuple[float | None, ...] | None) -> list[float]:
    """Say NULL as a number that no latency is."""
    assert row is not None
    return [-1 if value is None else value for value in row]


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(LATENCIES)
def test_percentiles_from_cells_are_those_that_numpy_takes_of_the_rows(
    published: duckdb.DuckDBPyConnection, latencies: list[int | None]
) -> None:
    published.execute("delete from internal.delivery_cells")
    published.execute(
        "insert into internal.delivery_cells"
        " select $day, $noon, '226', '01', null, 'delivered', latency, count(*), 0, 0, 0, 0, 0"
        " from (select unnest($latencies::bigint[]) as latency) group by latency",
        CELL | {"latencies": latencies},
    )
    published.execute("drop table internal.daily_facts")
    published.execute(DAILY_FACTS.read_text())
    found = published.execute(
        "select messages, latencies, latency_p50, latency_p90, latency_p95, latency_p99"
        " from delivery_between(null, null)"
    ).fetchone()
    known = [latency for latency in latencies if latency is not None]
    spread = np.percentile(known, [50, 90, 95, 99]).tolist() if known else [None] * 4
    wanted = (len(latencies), len(known), *spread)
    assert numbers(found) == pytest.approx(numbers(wanted), rel=1e-13)


@given(st.integers(1, 10**9), st.floats(0, 1))
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_wilson_interval_holds_the_rate_and_stays_a_fraction(
    published: duckdb.DuckDBPyConnection, n: int, part: float
) -> None:
    k = round(n * part)
    row = published.execute("select wilson_low($k, $n), wilson_high($k, $n)", {"k": k, "n": n})
    low, high = row.fetchone() or (None, None)
    assert low is not None
    assert 0 <= low <= k / n <= high <= 1


def test_wilson_interval_is_the_textbook_one(published: duckdb.DuckDBPyConnection) -> None:
    row = published.execute(
        "select wilson_low(8, 10), wilson_high(8, 10), wilson_low(0, 10), wilson_high(10, 10),"
        " wilson_low(0, 0), wilson_high(0, 0)"
    ).fetchone()
    assert row == pytest.approx((0.4901625, 0.9433178, 0, 1, None, None), abs=1e-7)
