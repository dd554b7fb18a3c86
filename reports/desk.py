"""A catalogue that remembers its answers: the same question, the same frame.

What takes long can be asked ahead: it is answered in a second thread, beside what is made of the
answers before.

A published catalogue never changes, so equal questions have equal answers; several pages ask the
same ones. What is remembered is bounded, and goes when the next catalogue is opened. Alerts alone
are read from a file of their own, which does change: they are remembered for one page.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import polars as pl

from analytics.door import Catalogue
from reports.identity import identity
from reports.query import Query

REMEMBERED_BYTES_MAX = 96 * 1024 * 1024
LIVE = ("alerts",)  # queries


class Desk:
    """Answers our own queries about one catalogue. Not for use by several threads at once.

    `beside` is the same catalogue once more, for the thread that answers what is asked ahead;
    without it nothing is.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        beside: Catalogue | None = None,
        *,
        bytes_max: int = REMEMBERED_BYTES_MAX,
    ) -> None:
        self.about = catalogue.about()
        self._catalogue = catalogue
        self._beside = beside
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ahead")
        self._coming: dict[tuple[object, ...], Future[pl.DataFrame]] = {}
        self._bytes_max = bytes_max
        self._frames: OrderedDict[tuple[object, ...], pl.DataFrame] = OrderedDict()
        self._noted: dict[tuple[object, ...], Query] | None = None

    def ask(self, query: Query) -> pl.DataFrame:
        """Return the answer to a query, which may be one given before. Raises `QueryFailed`."""
        key = query.key()
        if self._noted is not None:
            self._noted[key] = query
        if key in self._frames:
            self._frames.move_to_end(key)
        else:
            self._frames[key] = self._answer(query)
            self._forget()
        return self._frames[key]

    def ahead(self, queries: Iterable[Query]) -> None:
        """Begin to answer queries that will be asked, one after the other."""
        if self._beside is None:
            return
        for query in queries:
            if (key := query.key()) not in self._frames and key not in self._coming:
                self._coming[key] = self._thread.submit(query.run, self._beside)

    def _answer(self, query: Query) -> pl.DataFrame:
        coming = self._coming.pop(query.key(), None)
        if coming is None or coming.cancel():  # not begun yet: that thread is at another
            return query.run(self._catalogue)
        return coming.result()

    @contextmanager
    def noting(self) -> Iterator[dict[tuple[object, ...], Query]]:
        """Note every query that is asked meanwhile, by its key."""
        noted: dict[tuple[object, ...], Query] = {}
        self._noted = noted
        try:
            yield noted
        finally:
            self._noted = None

    def renew(self) -> None:
        """Forget the answers that may be others by now."""
        self._frames = OrderedDict(
            (key, frame) for key, frame in self._frames.items() if key[0] not in LIVE
        )

    def _forget(self) -> None:
        sizes = [frame.estimated_size() for frame in self._frames.values()]
        total = sum(sizes)
        for size in sizes[:-1]:
            if total <= self._bytes_max:
                return
            self._frames.popitem(last=False)
            total -= size


def at(path: Path) -> Desk:
    """Return the desk of the catalogue at `path`, opened when it has changed, for one page.

    Raises `CatalogueMissing`.
    """
    desk = _opened(path, identity(path))
    desk.renew()
    return desk


@lru_cache(maxsize=1)
def _opened(path: Path, _: object) -> Desk:
    return Desk(*Catalogue.open_twice(path))
