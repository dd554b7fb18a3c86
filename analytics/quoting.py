"""Text as SQL, for the statements that take no parameters: ATTACH, SET, COMMENT, MACRO. Pure."""

from __future__ import annotations


def literal(text: str) -> str:
    """Return a text literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Return a quoted name."""
    return '"' + name.replace('"', '""') + '"'
