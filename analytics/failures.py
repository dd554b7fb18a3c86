"""What the door to the catalogue raises. Apart from it, since they cost nothing to import. Pure.

CatalogueError
├── CatalogueMissing    there is none, or it cannot be read
├── QueryRefused        not one SELECT, or it reaches for what it may not
└── QueryFailed         the query is wrong, or does not fit
"""

from __future__ import annotations


class CatalogueError(Exception):
    """The catalogue could not answer."""


class CatalogueMissing(CatalogueError):  # noqa: N818
    """There is no catalogue to ask."""


class QueryRefused(CatalogueError):  # noqa: N818
    """The query asks for more than reading the catalogue."""


class QueryFailed(CatalogueError):  # noqa: N818
    """The query is wrong, or what it asks for does not fit."""
