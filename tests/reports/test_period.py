"""A period is the days that a reader means."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.period import Period, PeriodError, last_days, parse, presets

TODAY = date(2026, 11, 24)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@given(DAYS, st.integers(1, 400))
def test_previous_period_is_as_long_and_ends_the_day_before(start: date, days: int) -> None:
    period = Period(start, start + timedelta(days=days - 1))
    assert period.previous().days == days
    assert period.previous().to_date == start - timedelta(days=1)
    assert len(list(period.dates())) == days


def test_presets_end_today_except_yesterday() -> None:
    named = {preset.name: preset.period for preset in presets(TODAY)}
    assert named["Today"] == Period(TODAY, TODAY)
    assert named["Yesterday"].to_date == date(2026, 11, 23)
    assert [named[f"{n} days"].days for n in (7, 30, 90)] == [7, 30, 90]


def test_missing_dates_mean_the_last_thirty_days() -> None:
    assert parse(None, None, TODAY) == last_days(30, TODAY)
    assert parse("", "2026-10-31", TODAY) == Period(date(2026, 10, 2), date(2026, 10, 31))
    assert parse("2026-11-01", None, TODAY) == Period(date(2026, 11, 1), TODAY)
    assert parse("2027-01-01", None, TODAY) == Period(date(2027, 1, 1), date(2027, 1, 1))


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        ("yesterday", None, "from: expected a date like 2026-11-24, got 'yesterday'"),
        (None, "2026-02-30", "to: expected a date"),
        ("2026-11-02", "2026-11-01", "before it begins"),
        ("1971-01-01", "2026-01-01", "at most"),
        ("0001-01-01", None, "a year between"),
    ],
)
def test_what_is_no_period_is_refused_in_words(
    start: str | None, end: str | None, message: str
) -> None:
    with pytest.raises(PeriodError, match=message):
        parse(start, end, TODAY)


def test_settled_and_begun_parts_lie_within_the_period() -> None:
    month = last_days(30, TODAY)
    assert month.until(date(2026, 11, 20)) == Period(month.from_date, date(2026, 11, 20))
    assert month.until(date(2026, 1, 1)) is None
    assert month.since(date(2026, 11, 20)).days == 5
    assert month.since(date(2020, 1, 1)) == month
