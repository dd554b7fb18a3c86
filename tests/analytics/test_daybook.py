"""What is counted of a day is kept as long as the day's files are the same, and never longer."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest

from analytics import daybook
from analytics.catalogue import publish
from analytics.definitions import Definitions
from analytics.door import Catalogue
from eventlog.layout import Layout
from tests.analytics.made import Message, Reply, utc, write_projections

AS_OF = utc("2026-11-20T12:00:00")
UTC = Definitions()
QUESTIONS = (
    "from reply_daily order by all",
    "from recipient_daily order by all",
    "from reply_between(null, null)",
    "from receipt_honesty order by all",
    "from receipt_doubts order by all",
    "from data_quality order by all",
)
MORNING = Message(
    message_id="1",
    sent_at=utc("2026-11-02T08:00:00"),
    final_status="delivered",
    delivered_at=utc("2026-11-02T08:00:05"),
)
EVENING = Message(
    message_id="2",
    sent_at=utc("2026-11-03T23:30:00"),
    final_status="expired",
    number="+40722000002",
)
REPLIES = [
    Reply(reply_id="a", received_at=utc("2026-11-02T09:00:00"), message=MORNING, body="oprit"),
    Reply(reply_id="b", received_at=utc("2026-11-03T23:40:00"), message=EVENING, body="stop"),
]


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path)
    write_projections(layout, [MORNING, EVENING], REPLIES, UTC)
    publish(layout, UTC, AS_OF)
    return layout


def people(layout: Layout) -> dict[str, list[str]]:
    """Return the names of the files of people, by day."""
    found: dict[str, list[str]] = {}
    for path in sorted(layout.projection("people").glob("date=*/*")):
        found.setdefault(path.parent.name.removeprefix("date="), []).append(path.name)
    return found


def answers(layout: Layout) -> list[pl.DataFrame]:
    with Catalogue.open(layout.catalogue) as catalogue:
        return [catalogue.frame(question) for question in QUESTIONS]


def next_message(layout: Layout) -> None:
    """Let a message come to another number, on the second of the two days, and a reply to it."""
    later = Message(
        message_id="3",
        sent_at=utc("2026-11-03T10:00:00"),
        final_status="delivered",
        delivered_at=utc("2026-11-03T10:00:02"),
        number="+40722000003",
    )
    reply = Reply(reply_id="c", received_at=utc("2026-11-03T10:05:00"), message=later)
    write_projections(layout, [later], [reply], UTC)


def test_a_day_whose_files_are_the_same_is_not_counted_again(layout: Layout) -> None:
    before = people(layout)
    assert list(before) == ["2026-11-02", "2026-11-03"]
    next_message(layout)
    publish(layout, UTC, AS_OF)
    after = people(layout)
    assert after["2026-11-02"] == before["2026-11-02"]
    assert len(after["2026-11-03"]) == 2  # the one before stays for whoever reads the old catalogue


def test_what_is_carried_is_what_would_be_counted(layout: Layout) -> None:
    next_message(layout)
    publish(layout, UTC, AS_OF)
    carried = answers(layout)
    layout.catalogue.unlink()
    publish(layout, UTC, AS_OF)
    assert all(map(pl.DataFrame.equals, carried, answers(layout)))
    assert carried[2]["recipients"].item() == 2


@pytest.mark.parametrize(
    "definitions",
    [Definitions(opt_out_words=("oprit",)), Definitions(time_zone="Europe/Bucharest")],
    ids=["words", "time zone"],
)
def test_other_definitions_count_everything_again(layout: Layout, definitions: Definitions) -> None:
    publish(layout, definitions, AS_OF)
    found = answers(layout)
    layout.catalogue.unlink()
    publish(layout, definitions, AS_OF)
    assert all(map(pl.DataFrame.equals, found, answers(layout)))


def test_a_day_of_the_report_time_zone_takes_what_lies_in_two_days_of_utc(layout: Layout) -> None:
    bucharest = Definitions(time_zone="Europe/Bucharest")
    publish(layout, bucharest, AS_OF)
    assert [day for day, (*_, name) in people(layout).items() if name] == [
        "2026-11-02",
        "2026-11-03",
        "2026-11-04",
    ]
    with Catalogue.open(layout.catalogue) as catalogue:
        days = catalogue.frame("select date, opt_outs from reply_daily where replies > 0")
    assert dict(days.iter_rows()) == {
        utc("2026-11-02T00:00:00").date(): 0,
        utc("2026-11-04T00:00:00").date(): 1,
    }


@pytest.mark.parametrize("damage", ["gone", "torn", "no book"])
def test_without_the_last_catalogue_all_is_counted_again(layout: Layout, damage: str) -> None:
    wanted = answers(layout)
    if damage == "gone":
        layout.catalogue.unlink()
    elif damage == "torn":
        os.truncate(layout.catalogue, 1000)
    else:
        with duckdb.connect(layout.catalogue) as connection:
            connection.execute("drop table internal.daybook")
    publish(layout, UTC, AS_OF)
    assert all(map(pl.DataFrame.equals, wanted, answers(layout)))


def test_people_under_two_spellings_of_a_network_are_one(tmp_path: Path) -> None:
    sent = [
        Message(
            message_id=f"{mnc}-{hour}-{number}",
            sent_at=utc(f"2026-11-02T{hour}:00:00"),
            final_status="delivered",
            delivered_at=utc(f"2026-11-02T{hour}:00:05"),
            number=number,
            mnc=mnc,
        )
        for mnc, hour, number in (
            ("1", "08", "+40722000001"),
            ("01", "09", "+40722000001"),
            ("01", "10", "+40722000002"),
            ("10", "11", "+40740000001"),
            ("10", "12", "+40740000001"),
        )
    ]
    at = utc("2026-11-02T20:00:00")
    replies = [
        Reply(reply_id="a", received_at=at, number="+40722000001", mnc="1"),
        Reply(reply_id="b", received_at=at, number="+40722000002", mnc="01"),
    ]
    layout = Layout(tmp_path)
    write_projections(layout, sent, replies, UTC)
    publish(layout, UTC, AS_OF)
    with Catalogue.open(layout.catalogue) as catalogue:
        found = catalogue.frame(
            "select mnc, recipients, repliers from recipient_daily order by mnc"
        )
    assert found.rows() == [("01", 2, 2), ("10", 1, 0)]


def test_a_file_of_people_that_is_gone_is_made_again(layout: Layout) -> None:
    wanted = answers(layout)
    for path in layout.projection("people").glob("date=*/*"):
        path.unlink()
    publish(layout, UTC, AS_OF)
    assert all(map(pl.DataFrame.equals, wanted, answers(layout)))


def test_files_of_people_stay_as_long_as_a_catalogue_may_name_them(layout: Layout) -> None:
    next_message(layout)
    for path in layout.projection("people").glob("date=*/*"):
        os.utime(path, (0, 0))
    publish(layout, UTC, AS_OF)
    long_ago = utc("2020-01-01T00:00:00")
    assert daybook.prune(layout, long_ago) == 0  # it went out only now
    assert daybook.prune(layout, utc("2100-01-01T00:00:00") + timedelta(days=1)) == 1
    assert [len(names) for names in people(layout).values()] == [1, 1]
    answers(layout)


def test_a_number_is_told_from_any_other_text(layout: Layout) -> None:
    texts = ["+40722334455", "40722334455", "+040722334455", "+ 40722334455", "SMSO", "", "+1e3"]
    with Catalogue.open(layout.catalogue) as catalogue:
        ids = catalogue.frame(
            "select distinct internal.number_id(text)"
            " from (select unnest($texts::varchar[]) as text)",
            texts=texts,
        )
    assert ids.height == len(texts)
