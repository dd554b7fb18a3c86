"""What a page was made from: the questions that it asked, and what each answer was.

    a page ──▶ its questions, asked anew ──▶ the same answers ──▶ it stays as it is
                                         └─▶ another, or other code ──▶ it is made anew

It stands in a comment after the page itself. To ask is far cheaper than to make a page. Of the
catalogue, too, what a page may show counts; the moment does not: a page says as of when it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

import msgspec

from reports import assets
from reports.desk import Desk
from reports.environment import TEMPLATES
from reports.query import Query

BEGIN = b"<!--made-from "
END = b"-->"
MOMENTS = ("as_of", "published_at", "last_event_at", "events", "replies")


class Asked(msgspec.Struct, frozen=True, array_like=True):
    """A question and a digest of its answer; days and instants are told apart from texts."""

    name: str
    days: dict[str, date]
    instants: dict[str, datetime]
    others: dict[str, str | bool | int | None]
    answer: str

    def query(self) -> Query:
        """Return the question as it was asked."""
        return Query(self.name, {**self.days, **self.instants, **self.others})


class Provenance(msgspec.Struct, frozen=True, array_like=True):
    """Everything that a page was made from; `ground` is a digest of all of it."""

    ground: str
    asked: list[Asked]


class Witness:
    """Tells what pages were made from, by the answers of one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._answers: dict[tuple[object, ...], str] = {}

    def told(self, page: bytes, asked: Iterable[Query], *besides: object) -> bytes:
        """Return a page with what it was made from: the questions, and what `besides` them.

        `besides` are values that look the same in every process when they are put into words.
        """
        found = [self._asked(query) for query in asked]
        said = Provenance(self._ground(found, besides), found)
        return page + BEGIN + _inert(msgspec.json.encode(said)) + END + b"\n"

    def holds(self, page: bytes, *besides: object) -> bool:
        """Tell whether a page would be made from the same again."""
        said = _said(page)
        if said is None or said.ground != self._ground(said.asked, besides):
            return False
        return all(self._answer(each.query()) == each.answer for each in said.asked)

    def _asked(self, query: Query) -> Asked:
        values = query.parameters.items()
        instants = {name: value for name, value in values if isinstance(value, datetime)}
        days = {
            name: value
            for name, value in values
            if isinstance(value, date) and name not in instants
        }
        others = {name: value for name, value in values if name not in days.keys() | instants}
        return Asked(query.name, days, instants, others, self._answer(query))

    def _answer(self, query: Query) -> str:
        key = query.key()
        if key not in self._answers:
            rows = self._desk.ask(query).hash_rows().sort().to_frame()
            self._answers[key] = _digest(rows.write_ipc(None).getvalue())
        return self._answers[key]

    def _ground(self, asked: list[Asked], besides: tuple[object, ...]) -> str:
        about = self._desk.about
        lasting = {name: value for name, value in asdict(about).items() if name not in MOMENTS}
        known = (lasting, about.today, about.events > 0, about.replies > 0)
        return _digest(repr((_version(), known, besides)).encode() + msgspec.json.encode(asked))


def without(page: bytes) -> bytes:
    """Return a page without what is said of how it was made."""
    return page.rpartition(BEGIN)[0] or page


def _said(page: bytes) -> Provenance | None:
    text = page.rpartition(BEGIN)[2].partition(END)[0]
    try:
        return msgspec.json.decode(text, type=Provenance)
    except msgspec.DecodeError:
        return None


def _inert(json: bytes) -> bytes:
    """Escape what could end a comment; inside JSON strings the escapes mean the same."""
    return json.replace(b"-", b"\\u002d").replace(b">", b"\\u003e")


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=8).hexdigest()


@lru_cache(maxsize=1)
def _version() -> str:
    """Return what changes with the code that makes pages."""
    digest = blake2b(digest_size=8)
    here = Path(__file__).parent
    for path in sorted([*here.glob("*.py"), *here.glob("queries/*.sql"), *TEMPLATES.iterdir()]):
        digest.update(path.read_bytes())
    for name in assets.SHARED:
        digest.update(assets.fingerprint(name).encode())
    return digest.hexdigest()
