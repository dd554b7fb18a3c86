"""Pages as they were last answered: kept while their catalogue is the published one.

    request ──▶ kept and of the published catalogue ──▶ answered at once
            ├─▶ kept, a few seconds old, newer figures ──▶ answered at once, made anew meanwhile
            └─▶ else ──▶ a reader process makes it ──▶ kept

While somebody looks at pages, those that were looked at are made anew after every publication, so
that the next look finds them ready. A page says as of when it is. The overview has the open alerts,
which are newer than the catalogue: when their file is another, nobody is shown the page before.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass
from typing import NamedTuple

from analytics.failures import CatalogueError, QueryFailed
from eventlog.layout import Layout
from reports import questions
from reports.identity import Identity, identity
from reports.nouns import OVERVIEW
from reports.reader import Reader, ReaderClosedError, ReaderError

log = logging.getLogger(__name__)

PAGES_MAX = 64
STALE_SECONDS = 15.0  # a page this old is still answered while a newer one is made
WATCHED_SECONDS = 120.0  # how long after a look its page is kept ready
ANEW_SECONDS = 10.0  # no more often than this are pages made before anybody asks
GLANCE_SECONDS = 1.0

Pairs = tuple[tuple[str, str], ...]
Key = tuple[str, Pairs, Pairs]  # page, what is asked, menu


class Basis(NamedTuple):
    """The files that a page is made of; alerts only of one that shows them."""

    catalogue: Identity | None
    alerts: Identity | None


@dataclass
class Kept:
    """A page, compressed with gzip: of what, when it was made and last looked at."""

    body: bytes
    of: Basis
    made_at: float
    seen_at: float

    @property
    def tag(self) -> str:
        """An entity tag that changes whenever the page may."""
        parts = (part for one in self.of for part in one or ())
        return f'W/"{"-".join(f"{part:x}" for part in parts)}"'


class Served:
    """The pages of one data directory. Belongs to one event loop."""

    def __init__(self, reader: Reader, layout: Layout, webhook: str) -> None:
        self._reader = reader
        self._layout = layout
        self._webhook = webhook
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._making: dict[Key, asyncio.Task[Kept]] = {}
        self._watch: asyncio.Task[None] | None = None

    async def page(self, slug: str, asked: dict[str, str], menu: Pairs) -> Kept:
        """Return a page for what is asked. Raises what making it raises, and `ReaderError`."""
        key = (slug, tuple(sorted(asked.items())), menu)
        now = asyncio.get_running_loop().time()
        kept = self._kept.get(key)
        if kept is not None and kept.of != self._basis(slug):
            self._make(key).add_done_callback(_told)
        while kept is None or _is_late(kept, self._basis(slug), now):
            kept = await asyncio.shield(self._make(key))
        kept.seen_at = now
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._keep_ready(), name="pages kept ready")
        return kept

    def _basis(self, slug: str) -> Basis:
        alerts = identity(self._layout.alerts) if slug == OVERVIEW else None
        return Basis(identity(self._layout.catalogue), alerts)

    def _make(self, key: Key) -> asyncio.Task[Kept]:
        """Start making a page, or join who makes it already."""
        if key not in self._making:
            task = asyncio.create_task(self._made(key))
            self._making[key] = task
            task.add_done_callback(lambda _: self._making.pop(key, None))
        return self._making[key]

    async def _made(self, key: Key) -> Kept:
        slug, asked, menu = key
        of = self._basis(slug)  # before it is read: newer figures may only come too early
        body = await self._reader.run(
            questions.page, self._layout.catalogue, slug, dict(asked), menu, self._webhook
        )
        now = asyncio.get_running_loop().time()
        before = self._kept.pop(key, None)
        kept = self._kept[key] = Kept(body, of, now, before.seen_at if before else now)
        while len(self._kept) > PAGES_MAX:
            self._kept.popitem(last=False)
        return kept

    async def _keep_ready(self) -> None:
        """Make what is looked at anew after each publication, until nobody looks any more."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(GLANCE_SECONDS)
            now = loop.time()
            watched = [
                key for key, one in self._kept.items() if now - one.seen_at < WATCHED_SECONDS
            ]
            if not watched:
                return
            for key in watched:
                one = self._kept.get(key)
                if one and one.of != self._basis(key[0]) and now - one.made_at >= ANEW_SECONDS:
                    await asyncio.wait([task := self._make(key)])
                    _told(task)


def _is_late(kept: Kept, newest: Basis, now: float) -> bool:
    """Tell whether a page is not even shown while a newer one is made."""
    return kept.of.alerts != newest.alerts or (
        kept.of != newest and now - kept.made_at > STALE_SECONDS
    )


def _told(task: asyncio.Task[Kept]) -> None:
    """Log that a page nobody waited for was not made; the next look tries again."""
    if task.cancelled():
        return
    error = task.exception()
    if isinstance(error, ReaderClosedError):
        return
    if isinstance(error, (ReaderError, CatalogueError, QueryFailed)):
        log.info("page not made ahead", extra={"error": type(error).__name__})
    elif error is not None:
        log.error("page not made ahead", exc_info=error)
