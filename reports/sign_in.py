"""The page that asks for the viewer's password."""

from __future__ import annotations

from reports.environment import asset_address, fill
from reports.links import SIGN_IN, Links


def sign_in_page(onward: str, fault: str = "") -> bytes:
    """Return the page; `onward` is where to go then, `fault` what was wrong, in a sentence."""
    links = Links(asset=asset_address)
    values = {"action": SIGN_IN, "onward": onward, "fault": fault}
    return fill("sign_in.html", links, entries=[], **values).encode()
