"""Where a conversation begins and ends, what it holds, and that news are put where they belong."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.catalogue import publish
from analytics.definitions import Definitions
from analytics.door import Catalogue
from analytics.projections.check import differences
from analytics.projections.engine import Resources
from analytics.projections.schema import CONVERSATIONS, MESSAGES
from analytics.projector import project, rebuild
from eventlog.event import Record
from eventlog.layout import Layout
from eventlog.table import Table
from tests.analytics.projections.log import NUMBER, SMALL, Log, at, record, reply, rows, status
from tests.drawing import PATIENT, QUICK

BESIDE = replace(SMALL, newer_share=1e9)  # nothing is written whole again
GAP = timedelta(hours=24)
WEEK = timedelta(days=7)
Moment = tuple[datetime, int, str]


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(Layout(tmp_path))


def sent(hours: float, number: str = NUMBER, **more: Any) -> Record:
    name = f"{number} {hours:010.3f}"
    return record(status(name, sent_at=at(hours=hours), number=number, **more), at(days=99))


def received(hours: float, number: str = NUMBER) -> Record:
    return record(reply(received_at=at(hours=hours), number=number), at(days=99))


def conversations(
    log: Log,
    *records: Record,
    definitions: Definitions | None = None,
    resources: Resources = SMALL,
) -> list[dict[str, Any]]:
    """Seal the records, project, and return the conversations by number and time."""
    if records:
        log.seal(records)
    project(log.layout, definitions or Definitions(), resources)
    found = rows(log.layout, "conversations")
    return sorted(found, key=lambda row: (row["number"], row["started_at"]))


def hours(found: list[dict[str, Any]]) -> list[tuple[float, float]]:
    """Return from which hour to which each conversation went."""
    return [
        tuple((row[end] - at()) / timedelta(hours=1) for end in ("started_at", "ended_at"))
        for row in found
    ]


def test_of_many_messages_of_one_instant_each_is_counted(log: Log) -> None:
    """A sort keeps a few in their order, and many not."""
    log.seal([record(status(f"m{number}"), at(days=99)) for number in range(20_000)])
    project(log.layout, Definitions())
    (row,) = rows(log.layout, "conversations")
    assert row["messages"] == 20_000


def test_what_was_said_without_a_long_silence_is_one_conversation(log: Log) -> None:
    (row,) = conversations(log, sent(0), sent(1), received(2), sent(3), received(3.5), received(4))
    assert (
        row
        | {
            "number": NUMBER,
            "started_at": at(),
            "ended_at": at(hours=4),
            "started_by": "message",
            "messages": 3,
            "replies": 3,
            "turns": 4,
            "first_reply_seconds": 2 * 3600,
            "chain_started_at": None,
        }
        == row
    )


def test_the_gap_itself_is_no_silence_and_a_second_more_is(log: Log) -> None:
    assert hours(conversations(log, sent(0), received(24))) == [(0, 24)]
    assert len(conversations(log, sent(48 + 1 / 3600))) == 2


def test_the_gap_is_a_definition(log: Log) -> None:
    assert len(conversations(log, sent(0), sent(20))) == 1
    narrow = Definitions(conversation_gap_hours=12)
    assert hours(conversations(log, definitions=narrow)) == [(0, 0), (20, 20)]


def test_the_other_side_may_begin(log: Log) -> None:
    (row,) = conversations(log, received(0), received(1), sent(2), sent(3), received(5))
    assert (row["started_by"], row["turns"]) == ("reply", 3)
    assert row["first_reply_seconds"] == 3 * 3600, "after our first message, not before it"


def test_without_a_reply_there_is_no_first_one(log: Log) -> None:
    (row,) = conversations(log, received(0), sent(1))
    assert (row["first_reply_seconds"], row["turns"]) == (None, 2)


def test_at_one_instant_the_message_comes_first(log: Log) -> None:
    (row,) = conversations(log, received(1), sent(1))
    assert (row["started_by"], row["turns"], row["first_reply_seconds"]) == ("message", 2, 0)


def test_network_and_campaign_are_those_of_the_first_moment(log: Log) -> None:
    first = record(status("m1", mnc="10"), at(days=99), {"campaign": "spring"})
    (row,) = conversations(log, sent(1), first)
    assert (row["mcc"], row["mnc"], row["campaign"]) == ("226", "10", "spring")


def test_numbers_have_their_own_conversations(log: Log) -> None:
    assert len(conversations(log, sent(0), sent(1, "+40733000000"))) == 2


def test_a_chain_is_cut_every_seven_days_from_its_beginning(log: Log) -> None:
    found = conversations(log, *(sent(20 * step) for step in range(18)))
    assert hours(found) == [(0, 160), (180, 320), (340, 340)]
    assert [row["chain_started_at"] for row in found] == [None, at(), at()]


def test_seven_days_after_the_beginning_the_next_one_begins(log: Log) -> None:
    daily = [sent(24 * step) for step in range(8)]
    assert hours(conversations(log, *daily)) == [(0, 144), (168, 168)]


def test_a_late_moment_joins_two_chains_and_cuts_them_anew(log: Log) -> None:
    apart = [sent(20 * step) for step in (0, 1, 2, 5, 6, 7, 8, 9)]
    assert hours(conversations(log, *apart)) == [(0, 40), (100, 180)]
    assert hours(conversations(log, sent(60), sent(80))) == [(0, 160), (180, 180)]


def test_a_message_that_turns_out_to_be_earlier_leaves_its_conversation(log: Log) -> None:
    moved = record(status("m1", sent_at=at(hours=20)), at(days=2))
    assert hours(conversations(log, sent(0), sent(40), moved)) == [(0, 40)]
    earlier = record(status("m1", "sent", sent_at=at(hours=-99)), at(days=1))
    assert hours(conversations(log, earlier)) == [(-99, -99), (0, 0), (40, 40)]


def test_a_message_that_turns_out_to_be_of_another_number_goes_there(log: Log) -> None:
    conversations(log, record(status("m1"), at(days=2)))
    (row,) = conversations(log, record(status("m1", "sent", number="+1"), at(days=1)))
    assert row["number"] == "+1"


def test_what_comes_after_a_conversation_is_added_without_reading_it_again(log: Log) -> None:
    conversations(log, sent(-3), received(-2), sent(0))
    folder = log.layout.projection("messages")
    for path in Table.open(folder, MESSAGES, "sent_day").files():
        path.write_bytes(b"not to be read")
    (row,) = conversations(log, sent(20), sent(21))
    assert (row["messages"], row["replies"], row["turns"]) == (4, 1, 3)
    assert (row["started_at"], row["ended_at"]) == (at(hours=-3), at(hours=21))
    assert row["first_reply_seconds"] == 3600


def test_an_answer_after_a_run_is_the_first_reply_to_what_was_asked_before(log: Log) -> None:
    conversations(log, received(0), sent(1), sent(2))
    (row,) = conversations(log, received(5))
    assert (row["started_by"], row["turns"], row["replies"]) == ("reply", 3, 2)
    assert row["first_reply_seconds"] == 4 * 3600


def test_of_two_first_messages_at_one_instant_the_first_by_id_names_the_network(log: Log) -> None:
    first, second = (record(status(f"m{mnc}", mnc=mnc), at(days=9)) for mnc in ("05", "10"))
    (row,) = conversations(log, second)
    assert row["mnc"] == "10"
    (row,) = conversations(log, first)
    assert row["mnc"] == "05"


def test_only_days_on_which_touched_conversations_began_are_written(log: Log) -> None:
    def files() -> set[Path]:
        folder = log.layout.projection("conversations")
        return set(Table.open(folder, CONVERSATIONS, "started_day").files())

    conversations(log, sent(0), sent(240), sent(0, "+40733000000"))
    before = files()
    conversations(log, sent(250))
    assert {path.parent.name for path in files() - before} == {"started_day=2026-04-06"}
    assert len(files() & before) == 1


def test_work_that_changes_no_moment_writes_no_conversation(log: Log) -> None:
    log.seal([sent(0, status="sent"), sent(240)])
    project(log.layout, Definitions(), SMALL)
    before = rows(log.layout, "conversations")
    assert conversations(log, sent(0)) == before


def test_a_little_news_of_a_large_day_lies_beside_it_until_there_is_much(log: Log) -> None:
    def files() -> dict[bool, list[str]]:
        folder = log.layout.projection("conversations")
        names = [path.name for path in Table.open(folder, CONVERSATIONS, "started_day").files()]
        return {
            old: sorted(n for n in names if n.startswith("newer") != old) for old in (True, False)
        }

    conversations(log, *(sent(0, f"+{number}") for number in range(20)))
    before = files()
    for hour in (1, 2):
        conversations(log, sent(hour, "+1"))
        assert files()[True] == before[True]
        assert len(files()[False]) == 1
    conversations(log, *(sent(3, f"+{number}") for number in range(3)))
    assert files()[False] == []
    found = conversations(log)
    assert sorted(row["messages"] for row in found) == [1] * 17 + [2, 2, 4]


def test_what_lies_beside_is_read_by_the_catalogue_and_equals_a_rebuild(log: Log) -> None:
    conversations(log, sent(0), sent(30), sent(0, "+1"))
    conversations(log, sent(15), resources=BESIDE)
    publish(log.layout, Definitions(), at(days=9))
    with Catalogue.open(log.layout.catalogue) as catalogue:
        rows = catalogue.frame("select number, messages from conversations order by all").rows()
    assert rows == [("+1", 1), (NUMBER, 3)]
    assert differences(log.layout, Definitions(), BESIDE) == []


def test_numbers_are_taken_some_at_a_time(log: Log) -> None:
    few = replace(SMALL, events_per_pass=2)
    log.seal(sent(hour, f"+{number}") for number in range(9) for hour in (0, 40))
    rebuild(log.layout, Definitions(), few)
    assert len(rows(log.layout, "conversations")) == 18


steps = st.integers(0, 16).map(lambda step: 11.5 * step)
numbers = st.sampled_from(("+1", "+2"))
ingestions = st.integers(0, 3).map(lambda day: at(days=50 + day))
messages = st.builds(
    lambda name, hour, number, told: record(
        status(name, sent_at=at(hours=hour), number=number), told
    ),
    st.sampled_from("abcdef"),
    steps,
    numbers,
    ingestions,
)
answers = st.builds(received, steps, numbers)
runs = st.lists(st.lists(messages | answers, min_size=1, max_size=9), min_size=2, max_size=4)


LIMITS = st.sampled_from((SMALL, BESIDE))


@settings(QUICK, max_examples=6)
@given(runs, LIMITS)
def test_news_in_any_order_give_what_counting_the_moments_gives(
    taken: list[list[Record]], resources: Resources
) -> None:
    give_what_counting_gives(taken, resources)


@pytest.mark.soak
@settings(PATIENT, max_examples=300)
@given(runs, LIMITS)
def test_news_in_any_order_give_what_counting_the_moments_gives_for_long(
    taken: list[list[Record]], resources: Resources
) -> None:
    give_what_counting_gives(taken, resources)


def give_what_counting_gives(taken: list[list[Record]], resources: Resources) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log = Log(Layout(Path(folder)))
        for records in taken:
            incremental = conversations(log, *records, resources=resources)
        assert told(incremental) == list(by_hand(log))
        rebuild(log.layout, Definitions(), SMALL)
        assert conversations(log) == incremental


def told(found: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    names = ("number", "started_at", "ended_at", "started_by", "messages", "replies", "turns")
    return [tuple(row[name] for name in (*names, "first_reply_seconds")) for row in found]


def by_hand(log: Log) -> Iterable[tuple[Any, ...]]:
    """Count the conversations of the log's messages and replies one moment after the other."""
    moments: dict[str, list[Moment]] = {}
    for row in rows(log.layout, "messages"):
        moments.setdefault(row["number"], []).append((row["sent_at"], 0, row["message_id"]))
    for row in rows(log.layout, "replies"):
        moments.setdefault(row["number"], []).append((row["received_at"], 1, row["reply_id"]))
    for number in sorted(moments):
        for chain in chains(sorted(moments[number])):
            for _, piece in groupby(chain, lambda each: (each[0] - chain[0][0]) // WEEK):  # noqa: B023
                yield number, *summed(list(piece))


def chains(moments: Sequence[Moment]) -> list[list[Moment]]:
    found = [[moments[0]]]
    for before, after in pairwise(moments):
        if after[0] - before[0] > GAP:
            found.append([])
        found[-1].append(after)
    return found


def summed(piece: list[Moment]) -> tuple[Any, ...]:
    sides = [side for _, side, _ in piece]
    asked = next((when for when, side, _ in piece if side == 0), None)
    answered = next(
        (when for when, side, _ in piece if side == 1 and asked and when >= asked), None
    )
    wait = int((answered - asked).total_seconds()) if answered and asked else None
    turns = len(list(groupby(sides)))
    starter = ("message", "reply")[sides[0]]
    return piece[0][0], piece[-1][0], starter, sides.count(0), sides.count(1), turns, wait
