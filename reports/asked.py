"""What a reader asks to see: a period, what to compare it with, one network, one outcome. Pure.

It is all in the address, so that what is seen can be shared.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from reports import words
from reports.nouns import OUTCOMES
from reports.period import DAYS_MAX, Period, PeriodError, last_days, parse

COMPARISONS = {
    "previous": "period before",
    "week": "same weekdays before",
    "none": "nothing",
}
NAMES = ("from", "to", "days", "network", "status", "compare")
Network = tuple[str, str]
_NETWORK = re.compile(r"[0-9A-Za-z]{1,8}-[0-9A-Za-z]{1,8}")


class AskedError(ValueError):
    """What was asked for cannot be shown; the message says what was expected."""


@dataclass(frozen=True)
class Asked:
    """A period and how to look at it; `network` is (mcc, mnc), or None for all of them."""

    period: Period
    compare: str = "previous"
    network: Network | None = None
    status: str = "delivered"

    def before(self, part: Period | None = None) -> Period | None:
        """Return the days that (a part of) the period is compared with."""
        if self.compare == "none":
            return None
        if self.compare == "previous":
            return self.period.previous()
        compared = part or self.period
        shift = timedelta(days=7 * self.weeks)
        return Period(compared.from_date - shift, compared.to_date - shift)

    @property
    def weeks(self) -> int:
        """The weeks between the period and the same weekdays before it."""
        return -(-self.period.days // 7)

    @property
    def than(self) -> str:
        """What it is compared with, for a sentence: the 30 days before."""
        if self.compare == "previous":
            return f"the {words.span(self.period)} before"
        same = "same day" if self.period.days == 1 else "same weekdays"
        ago = "a week before" if self.weeks == 1 else f"{self.weeks} weeks before"
        return f"the {same} {ago}"

    def on(self, period: Period) -> Asked:
        """Return the same look at another period."""
        return replace(self, period=period)

    def of(self, network: Network | None) -> Asked:
        """Return the same look at another network, or at all."""
        return replace(self, network=network)

    def address(self) -> str:
        """Return it as the query of an address; what is usual is left out."""
        pairs = {"from": self.period.from_date.isoformat(), "to": self.period.to_date.isoformat()}
        if self.network:
            pairs["network"] = "-".join(self.network)
        if self.status != "delivered":
            pairs["status"] = self.status
        if self.compare != "previous":
            pairs["compare"] = self.compare
        return urlencode(pairs)


def read(asked: Mapping[str, str], today: date) -> Asked:
    """Read it from the query of an address. Raises `PeriodError` and `AskedError`."""
    return Asked(
        _period(asked, today),
        _one_of("compare", asked.get("compare") or "previous", tuple(COMPARISONS)),
        network(asked.get("network") or ""),
        _one_of("status", asked.get("status") or "delivered", OUTCOMES),
    )


def network(text: str) -> Network | None:
    """Read mcc-mnc, as in 226-10; nothing is all networks. Raises `AskedError`."""
    if not text:
        return None
    if not _NETWORK.fullmatch(text):
        raise AskedError(f"network: expected mcc and mnc like 226-10, got {text[:40]!r}")
    mcc, _, mnc = text.partition("-")
    return mcc, mnc


def _period(asked: Mapping[str, str], today: date) -> Period:
    if days := asked.get("days"):
        return last_days(_days(days), today)
    return parse(asked.get("from"), asked.get("to"), today)


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= DAYS_MAX):
        raise PeriodError(f"days: expected a number from 1 to {DAYS_MAX}, got {text[:40]!r}")
    return int(text)


def _one_of(name: str, text: str, allowed: tuple[str, ...]) -> str:
    if text not in allowed:
        raise AskedError(f"{name}: expected one of {', '.join(allowed)}, got {text[:40]!r}")
    return text
