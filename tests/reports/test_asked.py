"""What is asked for is in the address, whole, and nothing else gets through."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import asked as asking
from reports.asked import COMPARISONS, Asked, AskedError
from reports.nouns import OUTCOMES
from reports.period import Period, PeriodError, last_days

TODAY = date(2026, 11, 24)
CODES = st.text("0123456789", min_size=1, max_size=3)
ASKED = st.builds(
    Asked,
    st.integers(1, 400).map(lambda days: last_days(days, TODAY)),
    st.sampled_from(list(COMPARISONS)),
    st.none() | st.tuples(CODES, CODES),
    st.sampled_from(OUTCOMES),
)


@given(ASKED)
def test_an_address_brings_back_what_was_asked(asked: Asked) -> None:
    assert asking.read(dict(parse_qsl(asked.address())), TODAY) == asked


@given(ASKED)
def test_what_is_compared_is_as_long_and_earlier(asked: Asked) -> None:
    before = asked.before()
    if before is None:
        assert asked.compare == "none"
        return
    assert before.days == asked.period.days
    assert before.to_date < asked.period.from_date
    if asked.compare == "week":
        assert before.from_date.weekday() == asked.period.from_date.weekday()


def test_days_compared_by_weekday_are_named_so() -> None:
    week = Asked(last_days(7, TODAY), "week")
    assert week.than == "the same weekdays a week before"
    assert Asked(last_days(30, TODAY), "week").than == "the same weekdays 5 weeks before"
    assert Asked(last_days(30, TODAY)).than == "the 30 days before"
    part = Period(TODAY, TODAY)
    assert week.before(part) == Period(date(2026, 11, 17), date(2026, 11, 17))


@pytest.mark.parametrize(
    "asked",
    [
        {"network": "<b>"},
        {"network": "226"},
        {"network": "226-10-1"},
        {"status": "lost"},
        {"compare": "'; drop"},
    ],
)
def test_what_cannot_be_shown_is_said(asked: dict[str, str]) -> None:
    with pytest.raises(AskedError, match="expected"):
        asking.read(asked, TODAY)


def test_wrong_days_are_said() -> None:
    with pytest.raises(PeriodError, match="days: expected a number"):
        asking.read({"days": "0"}, TODAY)
