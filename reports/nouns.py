"""The names of pages and outcomes, for who only passes them on. Pure."""

from __future__ import annotations

FINALS = ("delivered", "undelivered", "expired", "error")
OUTCOMES = (*FINALS, "pending", "unknown")

OVERVIEW = "overview"
CHANGES = "changes"
NETWORK = "network"  # the page of one network: its address has the network's codes

# In the order of the menu: what a page is called in addresses, and by people.
PAGES = {
    OVERVIEW: "Overview",
    CHANGES: "Changes",
    "delivery": "Delivery",
    "latency": "Latency",
    "networks": "Networks",
    "replies": "Replies",
    "conversations": "Conversations",
    "data-quality": "Data quality",
}
