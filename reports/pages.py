"""Every page by the noun that names it. Pure."""

from __future__ import annotations

from collections.abc import Callable

from reports import (
    changes,
    conversations,
    delivery,
    latency,
    network,
    networks,
    overview,
    quality,
    replies,
)
from reports.figures import Figures
from reports.links import Links
from reports.nouns import CHANGES, NETWORK, OVERVIEW
from reports.page import Page

MADE: dict[str, Callable[[Figures, Links], Page]] = {
    OVERVIEW: overview.page,
    CHANGES: changes.page,
    "delivery": delivery.page,
    "latency": latency.page,
    "networks": networks.page,
    NETWORK: network.page,
    "replies": replies.page,
    "conversations": conversations.page,
    "data-quality": quality.page,
}
