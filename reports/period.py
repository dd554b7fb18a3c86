"""The days a report is about: inclusive dates in the report time zone. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

DAYS_MAX = 3_660


class PeriodError(ValueError):
    """The dates asked for are not a period; the message says what was expected."""


@dataclass(frozen=True, order=True)
class Period:
    """The days from `from_date` to `to_date`, both included. Raises PeriodError when backwards."""

    from_date: date
    to_date: date

    def __post_init__(self) -> None:
        if self.to_date < self.from_date:
            raise PeriodError(f"the period ends on {self.to_date}, before it begins")
        if self.days > DAYS_MAX:
            raise PeriodError(f"the period has {self.days} days; at most {DAYS_MAX} are possible")

    @property
    def days(self) -> int:
        return (self.to_date - self.from_date).days + 1

    def previous(self) -> Period:
        """Return the period of the same length that ends the day before this one begins."""
        return Period(
            self.from_date - timedelta(days=self.days), self.from_date - timedelta(days=1)
        )

    def until(self, last: date) -> Period | None:
        """Return the part of the period up to and including `last`, or None if there is none."""
        return None if last < self.from_date else Period(self.from_date, min(last, self.to_date))

    def since(self, first: date) -> Period:
        """Return the part of the period from `first` on; all of it where there is none."""
        return Period(first, self.to_date) if first in self else self

    def dates(self) -> Iterator[date]:
        """Yield every day of the period in order."""
        return (self.from_date + timedelta(days=n) for n in range(self.days))

    def __contains__(self, day: date) -> bool:
        return self.from_date <= day <= self.to_date


@dataclass(frozen=True)
class Preset:
    """A period with a name that a reader can choose."""

    name: str
    period: Period


def last_days(days: int, today: date) -> Period:
    """Return the `days` days that end with today."""
    return Period(today - timedelta(days=days - 1), today)


def presets(today: date) -> tuple[Preset, ...]:
    """Return the periods on offer: today, yesterday, and the last 7, 30 and 90 days."""
    yesterday = today - timedelta(days=1)
    return (
        Preset("Today", Period(today, today)),
        Preset("Yesterday", Period(yesterday, yesterday)),
        *(Preset(f"{days} days", last_days(days, today)) for days in (7, 30, 90)),
    )


def parse(from_text: str | None, to_text: str | None, today: date) -> Period:
    """Read a period from two ISO dates, either of which may be missing.

    Without a start it is the 30 days up to the end; without an end it ends today (or with its
    start, when that lies ahead). Raises PeriodError.
    """
    start = parse_day("from", from_text)
    end = parse_day("to", to_text)
    if end is None:
        end = today if start is None else max(start, today)
    return last_days(30, end) if start is None else Period(start, end)


def parse_day(name: str, text: str | None) -> date | None:
    """Read an ISO date from text, None from nothing; `name` is whose it is. Raises PeriodError."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise PeriodError(f"{name}: expected a date like 2026-11-24, got {text[:40]!r}") from None
    if not 1971 <= day.year <= 9000:
        raise PeriodError(f"{name}: expected a year between 1971 and 9000, got {day.year}")
    return day
