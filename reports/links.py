"""Where a page finds what is not in it: assets, exports, other periods. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from reports.period import Period

DEAD_LETTERS = "/dead-letters"
JOBS = "/jobs"
MENU = (("Dead letters", DEAD_LETTERS), ("Jobs", JOBS))
WEBHOOK = "http://127.0.0.1:8090/webhooks/smso"


@dataclass(frozen=True)
class Links:
    """How a page links; whatever is missing is left out of the page, so that no link is broken.

    `asset` turns a file name of `static/` into an address; without it everything is put inside the
    page. `site` says that exports and other periods can be asked for. `menu` has the site's other
    pages, as (name, address); `here` is the address of the page itself, and `webhook` the one shown
    to a newcomer.
    """

    asset: Callable[[str], str] | None = None
    site: bool = False
    menu: tuple[tuple[str, str], ...] = ()
    here: str = "/"
    webhook: str = WEBHOOK

    def export(self, name: str, period: Period) -> str | None:
        """Return the address of a view as CSV for the days of a period."""
        return f"/exports/{name}.csv?{_query(period)}" if self.site else None

    def overview(self, period: Period) -> str | None:
        """Return the address of the overview of a period."""
        return f"/?{_query(period)}" if self.site else None


def _query(period: Period) -> str:
    return urlencode({"from": period.from_date.isoformat(), "to": period.to_date.isoformat()})
