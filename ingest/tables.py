"""The two tables of the event log. Pure."""

from __future__ import annotations

from pathlib import Path

from eventlog.layout import Layout
from eventlog.schema import DEAD_LETTERS, EVENTS

TABLES = {"events": EVENTS, "dead_letters": DEAD_LETTERS}


def folder_of(layout: Layout, table_name: str) -> Path:
    """Return the folder of one of the log's two tables."""
    return {"events": layout.events, "dead_letters": layout.dead_letters}[table_name]
