"""A page knows what it was made from, and whether that is still so."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from analytics.catalogue import publish
from analytics.door import Catalogue
from eventlog.layout import Layout
from reports.desk import Desk
from reports.provenance import Witness, without
from reports.query import Query
from tests.reports.catalogues import AS_OF, DEFINITIONS, MONTH, made, receipt, sparse

DAYS = {"from_date": MONTH.from_date, "to_date": MONTH.to_date}
ASKED = [
    Query("facts", DAYS),
    Query("lag", DAYS | {"mcc": None, "mnc": None, "by_day": False}),
    Query("ends", DAYS),
]
PAGE = b"<!doctype html>"


def told(path: Path) -> bytes:
    with Catalogue.open(path) as catalogue:
        return Witness(Desk(catalogue)).told(PAGE, ASKED, "besides -->")


def holds(path: Path, page: bytes, besides: str = "besides -->") -> bool:
    with Catalogue.open(path) as catalogue:
        return Witness(Desk(catalogue)).holds(page, besides)


def test_a_page_stands_until_an_answer_changes(tmp_path: Path) -> None:
    path = sparse(tmp_path).path
    page = told(path)
    assert without(page) == PAGE
    publish(Layout(path.parent), DEFINITIONS, AS_OF + timedelta(minutes=1))
    assert holds(path, page)
    assert told(path) == page
    assert not holds(path, page, "something else")
    made(tmp_path, [receipt(10)])
    assert not holds(path, page)


def test_what_says_nothing_of_how_it_was_made_does_not_stand(tmp_path: Path) -> None:
    path = sparse(tmp_path).path
    page = told(path)
    for other in (b"", PAGE, page.replace(b"lag", b"leg"), page.replace(b"[[", b"[{")):
        assert not holds(path, other)


def test_what_is_said_ends_no_comment_early(tmp_path: Path) -> None:
    said = told(sparse(tmp_path).path).removeprefix(PAGE)
    assert said.count(b"--") == 2
    assert said.count(b">") == 1
