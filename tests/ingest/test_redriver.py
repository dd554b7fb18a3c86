"""Dead letters that can be decoded become events, once each; the dead letters stay."""

from __future__ import annotations

from pathlib import Path

import msgspec
import polars as pl
import pytest

from eventlog.event import DeadLetter, Reason, Record, Webhook, encode_record
from eventlog.layout import Layout
from eventlog.schema import DEAD_LETTERS, EVENTS, PARTITION_COLUMN
from eventlog.table import Table
from ingest.journal import Journal
from ingest.redriver import Redriven, redrive
from ingest.sealer import Sealer
from ingest.verify import verify_log
from tests.ingest.records import FORM, record, status_body

UNKNOWN = Reason("sent_at", "a time that an older decoder could read")
BAD = b"hello=world"


def nobody(_done: int, _total: int) -> None:
    pass


def dead(number: int, raw: bytes = b"") -> Record:
    """Return a dead letter that an older decoder left."""
    return msgspec.structs.replace(
        record(number),
        webhook=Webhook(raw=raw or status_body(f"late-{number}"), content_type=FORM),
        outcome=DeadLetter(reasons=[UNKNOWN]),
    )


def seal(layout: Layout) -> None:
    with Sealer(layout) as sealer:
        while sealer.seal(3):
            pass


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """A log with five dead letters that can be decoded now, and one that cannot."""
    layout = Layout(tmp_path)
    letters = [*map(dead, range(1, 6)), dead(6, BAD)]
    with Journal.open(layout.journal) as journal:
        journal.append_many([encode_record(each) for each in [record(9), *letters]])
    seal(layout)
    return layout


def run(layout: Layout, *, dry_run: bool = False) -> Redriven:
    with Journal.open(layout.journal) as journal:
        result = redrive(layout, journal, nobody, dry_run=dry_run, batch_records_max=2)
    seal(layout)
    return result


def table(folder: Path, schema: pl.Schema) -> pl.DataFrame:
    return pl.read_parquet(Table.open(folder, schema, PARTITION_COLUMN).files()).sort("seq")


def test_an_event_comes_of_it_with_the_identity_and_the_time_of_the_dead_letter(
    layout: Layout,
) -> None:
    before = table(layout.dead_letters, DEAD_LETTERS)
    result = run(layout)
    assert (result.events, result.still_dead, result.reworded, result.before) == (5, 1, 1, 0)
    assert (result.decoded, result.left) == ({UNKNOWN: 5}, {UNKNOWN: 1})
    events = table(layout.events, EVENTS).filter(pl.col("source") == "redrive")
    assert events["message_id"].to_list() == [f"late-{number}" for number in range(1, 6)]
    same = ["event_id", "ingested_at", "raw"]
    assert events.select(same).equals(before.head(5).select(same))
    assert table(layout.dead_letters, DEAD_LETTERS).equals(before)
    assert verify_log(layout, nobody) == []


def test_a_second_redrive_appends_nothing(layout: Layout) -> None:
    run(layout)
    events = table(layout.events, EVENTS)
    again = run(layout)
    assert (again.events, again.before, again.still_dead) == (0, 5, 1)
    assert table(layout.events, EVENTS).equals(events)


def test_two_at_a_time_append_nothing_twice(layout: Layout) -> None:
    with Journal.open(layout.journal) as one, Journal.open(layout.journal) as other:
        last = one.last_seq()
        assert one.append_redriven({"a": b"1", "b": b"2"}) == 2
        assert other.append_redriven({"a": b"1", "c": b"3"}) == 1
        assert one.last_seq() == last + 3


def test_a_dry_run_says_the_same_and_changes_nothing(layout: Layout) -> None:
    events = table(layout.events, EVENTS)
    assert run(layout, dry_run=True).events == 5
    assert table(layout.events, EVENTS).equals(events)
    assert run(layout).events == 5


def test_an_empty_log_has_nothing_to_redrive(tmp_path: Path) -> None:
    assert run(Layout(tmp_path)) == Redriven()
