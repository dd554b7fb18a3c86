"""What an export raises. Apart from it, since they cost nothing to import. Pure.

ExportError ─── UnknownViewError
"""

from __future__ import annotations


class ExportError(Exception):
    """The view could not be exported; the message is one line."""


class UnknownViewError(ExportError):
    """There is no public view of that name."""
