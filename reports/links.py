"""Where a page finds what is not in it: assets, exports, other pages and periods. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from reports.asked import Asked, Network
from reports.formats import Format
from reports.nouns import NETWORK, OVERVIEW, PAGES
from reports.period import Period

DEAD_LETTERS = "/dead-letters"
JOBS = "/jobs"
ALERTS = "/alerts"
CARDS = "/cards"
SQL = "/sql"
MENU = (("Alerts", ALERTS), ("Dead letters", DEAD_LETTERS), ("Jobs", JOBS), ("SQL", SQL))
SIGN_IN = "/sign-in"
SIGN_OUT = "/sign-out"
SIGNED_IN = "sms_analytics.signed_in"
"""In the scope of a request by somebody who has signed in."""
WEBHOOK = "http://127.0.0.1:8090/webhooks/smso"


@dataclass(frozen=True)
class Entry:
    """A page in the menu; `swaps` says that only the main part changes on the way there."""

    name: str
    address: str
    current: bool
    swaps: bool = False


@dataclass(frozen=True)
class Links:
    """How a page links; whatever is missing is left out of the page, so that no link is broken.

    `asset` turns a file name of `static/` into an address; without it everything is put inside the
    page. `site` says that exports and other periods can be asked for; `beside` that the other pages
    of the period lie beside this one as files, `inside` that they lie in the same file; of the
    pages of one network those in `networks` then do. `menu` has the site's other pages, as (name,
    address); `here` is the slug or the address of the page itself, and `webhook` the one shown to a
    newcomer.
    """

    asset: Callable[[str], str] | None = None
    site: bool = False
    beside: bool = False
    inside: bool = False
    networks: frozenset[Network] = frozenset()
    menu: tuple[tuple[str, str], ...] = ()
    here: str = OVERVIEW
    webhook: str = WEBHOOK

    def rows(self, card: str, asked: Asked) -> str | None:
        """Return the address of what a card of the page shows as CSV."""
        if not self.site:
            return None
        return f"{CARDS}/{self.here}/{card}.csv?{asked.address()}"

    def export(self, name: str, period: Period, file_format: Format = "csv") -> str | None:
        """Return the address of a view as a file for the days of a period."""
        if not self.site:
            return None
        days = {"from": period.from_date.isoformat(), "to": period.to_date.isoformat()}
        return f"/exports/{name}.{file_format}?{urlencode(days)}"

    def page(self, slug: str, asked: Asked) -> str | None:
        """Return the address of a page as it is asked for."""
        if self.site:
            return f"{path(slug)}?{asked.address()}"
        if self.inside:
            return f"#{slug}"
        return file_name(slug, asked.period) if self.beside else None

    def same(self, asked: Asked) -> str | None:
        """Return the address of the page itself, asked for otherwise."""
        if self.here == NETWORK and asked.network:
            return self.network(asked.network, asked)
        return self.page(self.here, asked)

    def network(self, key: Network, asked: Asked) -> str | None:
        """Return the address of the page of one network."""
        named = "-".join(key)
        if self.site:
            return f"/networks/{named}?{asked.of(None).address()}"
        if key not in self.networks:
            return None
        if self.inside:
            return f"#{NETWORK}-{named}"
        return file_name(f"{NETWORK}-{named}", asked.period) if self.beside else None

    def inside_name(self, slug: str, asked: Asked) -> str:
        """Name a page in a file of several, as its address after the # does."""
        return "-".join((slug, *(asked.network or ()))) if slug == NETWORK else slug

    def entries(self, asked: Asked | None) -> list[Entry]:
        """Return the menu; what is asked for stays the same from page to page."""
        under = "networks" if self.here.startswith(NETWORK) else self.here
        pages = [
            Entry(name, (asked and self.page(slug, asked)) or path(slug), under == slug, self.site)
            for slug, name in PAGES.items()
            if self.site or ((self.beside or self.inside) and asked)
        ]
        others = [Entry(name, address, self.here == address) for name, address in self.menu]
        return [*pages, *others]


def path(slug: str) -> str:
    """Return where the site has a page."""
    return "/" if slug == OVERVIEW else f"/{slug}"


def file_name(slug: str, period: Period) -> str:
    """Name the file of a page: delivery-2026-10-26-to-2026-11-24.html."""
    return f"{slug}-{period.from_date}-to-{period.to_date}.html"
