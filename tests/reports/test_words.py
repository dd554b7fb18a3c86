"""Figures are written so that they can be read, and never rounded to a lie."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import theme, words
from reports.period import Period

SPACE = words.SPACE


@given(st.integers(1, 10_000_000), st.data())
def test_only_all_is_a_hundred_percent_and_only_none_is_nought(
    whole: int, data: st.DataObject
) -> None:
    part = data.draw(st.integers(0, whole))
    text = words.figure(part / whole)
    assert (text == "100") == (part == whole)
    assert (text == "0") == (part == 0)


def test_a_product_of_shares_that_misses_all_by_the_last_bits_is_all() -> None:
    assert [words.figure(1 + bits) for bits in (-1.1e-16, 2.2e-16)] == ["100", "100"]
    assert words.figure(2.2e-16) == "0"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0 s"),
        (4.5, "4.5 s"),
        (21.0, "21 s"),
        (59.97, "1 min"),
        (125.0, "2 min 5 s"),
        (3600.0, "1 h"),
        (100_000.0, "1 d 3 h"),
        (None, "–"),
    ],
)
def test_times_are_said_in_at_most_two_units(seconds: float | None, text: str) -> None:
    assert words.seconds(seconds).replace(SPACE, " ") == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (4, 4, "4 s"),
        (2.297, 2.304, "2.3 s"),
        (25, 27, "25–27 s"),
        (55, 120, "55 s – 2 min"),
        (330, 390, "5 min 30 s – 6 min 30 s"),
    ],
)
def test_times_that_have_a_unit_in_common_name_it_once(low: float, high: float, text: str) -> None:
    assert words.between(low, high).replace("\u00a0", " ").replace("\u2060", "") == text


def test_counts_have_separators_and_singulars() -> None:
    assert words.counted(1, "message") == "1 message"
    assert words.counted(111_545, "message") == "111,545 messages"
    assert words.counted(2, "reply", "replies") == "2 replies"


def test_a_change_that_rounds_to_nothing_has_no_sign() -> None:
    assert words.points(-0.0004) == "0.0"
    assert words.points(-0.0114) == f"{words.MINUS}1.1"
    assert words.points(0.004) == "+0.4"


def test_a_year_is_named_once_where_it_can_be() -> None:
    november = Period(date(2026, 10, 26), date(2026, 11, 24))
    assert words.days(november) == "26 Oct – 24 Nov 2026"
    winter = Period(date(2025, 12, 31), date(2026, 1, 2))
    assert words.days(winter) == "31 Dec 2025 – 2 Jan 2026"


def test_instants_are_shown_in_the_report_time_zone() -> None:
    at = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
    assert words.moment(at, "Europe/Bucharest") == "25 Nov 2026 00:30"


def test_names_do_not_turn_around_what_stands_beside_them() -> None:
    arabic = "اتصالات المغرب"
    assert words.apart(arabic) == f"\u2068{arabic}\u2069"
    assert words.apart(words.apart(arabic)) == words.apart(arabic)
    assert words.apart("Orange\u202e\n") == "Orange  "
    cut = theme.plain(words.apart(arabic), 8)
    assert (cut[0], cut[-2:]) == ("\u2068", "…\u2069")
