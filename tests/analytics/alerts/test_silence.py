"""Silence is judged by the same hours of the days before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from analytics.alerts.silence import SILENCE_MIN, longest_usual, silent_limit

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def every(minutes: int, since: datetime, upto: datetime) -> list[datetime]:
    count = int((upto - since) / (minutes * MINUTE)) + 1
    return [since + number * minutes * MINUTE for number in range(count)]


def test_the_longest_of_the_same_hours_counts() -> None:
    days = [NOW - timedelta(days=day) for day in range(7, 0, -1)]
    busy = [at for day in days for at in every(5, day - 3 * MINUTE * 60, day + 3 * MINUTE * 60)]
    assert longest_usual(busy, NOW) == 5 * MINUTE
    two_hours = [at for at in busy if not days[0] < at < days[0] + 120 * MINUTE]
    assert longest_usual(two_hours, NOW) == 120 * MINUTE


def test_a_night_is_as_long_as_it_is() -> None:
    days = [NOW.replace(hour=0) - timedelta(days=day) for day in range(7, -1, -1)]
    by_day = [
        at for day in days for at in every(1, day + timedelta(hours=8), day + timedelta(hours=20))
    ]
    night = NOW.replace(hour=3)
    known = [at for at in by_day if at < night]
    assert longest_usual(known, night) == timedelta(hours=12)


def test_nothing_is_usual_before_three_days_are_known() -> None:
    assert longest_usual([], NOW) is None
    assert longest_usual(every(1, NOW - timedelta(days=2, hours=2), NOW), NOW) is None
    assert longest_usual(every(1, NOW - timedelta(days=3, hours=2), NOW), NOW) == MINUTE


def test_twice_as_long_is_longer_than_usual_but_minutes_never_are() -> None:
    assert silent_limit(timedelta(hours=1)) == timedelta(hours=2)
    assert silent_limit(MINUTE) == SILENCE_MIN
