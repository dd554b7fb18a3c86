"""Every day and hour of a period has its place on the axis."""

from __future__ import annotations

from datetime import date

import pytest

from reports import slots
from reports.period import Period, last_days


@pytest.mark.parametrize("days", [1, 2, 7, 8, 9, 30, 90, 124])
def test_slots_are_unique_and_labels_few_enough_to_be_read(days: int) -> None:
    frame = slots.date_slots(last_days(days, date(2026, 11, 24)), "day")
    assert frame.height == days
    assert frame["slot"].n_unique() == days
    assert 1 <= frame["tick"].drop_nulls().len() <= 8


@pytest.mark.parametrize("days", [125, 365, 800, 801, 2_000, 3_660])
def test_long_periods_are_drawn_in_weeks_or_months(days: int) -> None:
    frame = slots.slots(last_days(days, date(2026, 11, 24)), "UTC")
    assert 18 <= frame.height <= 125
    assert frame["slot"].n_unique() == frame.height
    assert 1 <= frame["tick"].drop_nulls().len() <= 8


def test_no_label_repeats_the_year_within_one_year() -> None:
    frame = slots.date_slots(last_days(90, date(2026, 11, 24)), "day")
    assert not any("2026" in tick for tick in frame["tick"].drop_nulls())


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-24", 24)]
)
def test_a_day_has_the_hours_that_its_clock_has(day: str, hours: int) -> None:
    period = Period(date.fromisoformat(day), date.fromisoformat(day))
    frame = slots.hour_slots(period, "Europe/Bucharest")
    assert frame.height == hours
    assert frame["slot"].n_unique() == hours
