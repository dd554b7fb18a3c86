"""What a reader can choose on the site: links and a form that work without a script. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from reports import period
from reports.asked import COMPARISONS
from reports.figures import Figures
from reports.links import Links, path
from reports.nouns import CHANGES, NETWORK, OUTCOMES

BY_STATUS = ("overview", "delivery", "networks", NETWORK)  # pages that look at one outcome


@dataclass(frozen=True)
class Choice:
    """One of several: its value in an address, its name, and whether it is chosen."""

    value: str
    name: str
    chosen: bool


@dataclass(frozen=True)
class Controls:
    """The controls of a page. `action` is where the form goes; empty choices are not offered."""

    action: str
    presets: list[Choice]
    networks: list[Choice]
    statuses: list[Choice]
    comparisons: list[Choice]


def controls(figures: Figures, slug: str, links: Links) -> Controls:
    """Return what can be chosen on a page."""
    asked = figures.asked
    return Controls(
        action=f"/networks/{'-'.join(asked.network or ())}" if slug == NETWORK else path(slug),
        presets=[
            Choice(links.same(asked.on(one.period)) or "", one.name, one.period == asked.period)
            for one in period.presets(figures.today)
        ],
        networks=[] if slug in (NETWORK, CHANGES) else _networks(figures),
        statuses=[
            Choice(name, name, name == asked.status) for name in OUTCOMES if slug in BY_STATUS
        ],
        comparisons=[
            Choice(value, name, value == asked.compare) for value, name in COMPARISONS.items()
        ],
    )


def _networks(figures: Figures) -> list[Choice]:
    """Offer the networks of the period, and the one looked at."""
    asked = figures.asked.network
    chosen = "-".join(asked or ())
    found = {
        f"{row['mcc']}-{row['mnc']}": row["label"] for row in figures.labelled.iter_rows(named=True)
    }
    if chosen and chosen not in found:
        found[chosen] = chosen
    named = [Choice(code, f"{name} {code}", code == chosen) for code, name in found.items()]
    return [Choice("", "All networks", not chosen), *named]
