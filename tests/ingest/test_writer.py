"""Many requests share one commit; none is told "safe" before it is."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from eventlog.event import decode_record, encode_record
from ingest.journal import Journal, JournalOverloadedError, JournalUnavailableError
from ingest.writer import JournalWriter
from tests.ingest.appending import append
from tests.ingest.records import record


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal" / "journal.sqlite"


@contextmanager
def full_disk() -> Iterator[None]:
    """Let no file of this process grow beyond its first byte."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def stored(path: Path) -> dict[int, str]:
    with Journal.open(path) as journal:
        return {seq: decode_record(blob).event_id for seq, blob in journal.head(0, 10_000)}


def test_each_append_learns_the_number_of_its_own_record(path: Path) -> None:
    async def scenario() -> dict[int, str]:
        with JournalWriter(path) as writer:
            records = [record(number) for number in range(3_000)]
            seqs = await asyncio.gather(*(append(writer, each) for each in records))
            return {seq: each.event_id for seq, each in zip(seqs, records, strict=True)}

    told = asyncio.run(scenario())
    assert sorted(told) == list(range(1, 3_001))
    assert told == stored(path)


def test_too_many_waiting_are_refused_and_the_rest_is_kept(path: Path) -> None:
    async def scenario() -> list[int | BaseException]:
        with JournalWriter(path, queue_records_max=5) as writer, Journal.open(path) as other:
            other._connection.execute("BEGIN IMMEDIATE")
            waiting = [asyncio.ensure_future(append(writer, record(n))) for n in range(9)]
            await asyncio.sleep(0.01)
            assert writer.waiting().records == 5
            assert writer.is_full()
            other._connection.execute("ROLLBACK")
            return await asyncio.gather(*waiting, return_exceptions=True)

    answers = asyncio.run(scenario())
    assert [answer for answer in answers if isinstance(answer, int)] == [1, 2, 3, 4, 5]
    assert sum(isinstance(answer, JournalOverloadedError) for answer in answers) == 4
    assert len(stored(path)) == 5


def test_a_full_disk_refuses_and_room_heals(path: Path) -> None:
    async def scenario() -> list[int]:
        with JournalWriter(path) as writer:
            before = await append(writer, record(0))
            with full_disk():
                for number in range(1, 4):
                    with pytest.raises(JournalUnavailableError):
                        await append(writer, record(number))
            return [before, await append(writer, record(4))]

    seqs = asyncio.run(scenario())
    kept = stored(path)
    assert sorted(kept) == list(range(1, len(kept) + 1))
    assert [kept[seq] for seq in seqs] == [record(0).event_id, record(4).event_id]


def test_a_journal_that_failed_is_ready_again_by_itself(path: Path) -> None:
    async def scenario() -> None:
        with JournalWriter(path) as writer:
            assert writer.is_open()
            with full_disk(), pytest.raises(JournalUnavailableError):
                await append(writer, record(0))
            assert not writer.is_open()
            while not writer.is_open():
                await asyncio.sleep(0.05)

    asyncio.run(scenario())


def test_one_who_cannot_be_told_hurts_nobody_else(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def gone(_: object) -> None:
        raise RuntimeError("nobody there")

    async def scenario() -> int:
        with JournalWriter(path) as writer:
            writer.append(record(0), gone)
            return await append(writer, record(1))

    assert asyncio.run(scenario()) == 2
    assert stored(path) == {1: record(0).event_id, 2: record(1).event_id}
    assert "nobody there" in caplog.text


def test_too_many_bytes_waiting_are_refused_however_few_records_have_them(path: Path) -> None:
    first, second, third, fourth = (record(number) for number in (0, 1, 3, 4))
    size = len(encode_record(first))

    async def scenario() -> list[int]:
        with JournalWriter(path, queue_bytes_max=3 * size) as writer:
            with Journal.open(path) as other, other._turn():
                appends = [append(writer, each) for each in (first, second, third)]
                waiting = [asyncio.ensure_future(append) for append in appends]
                await asyncio.sleep(0)
                assert writer.is_full()
                assert writer.waiting() == (3, 3 * size)
                with pytest.raises(JournalOverloadedError):
                    await append(writer, fourth)
            seqs = await asyncio.gather(*waiting)
            assert writer.waiting() == (0, 0)
            return seqs

    assert asyncio.run(scenario()) == [1, 2, 3]


def test_who_waits_too_long_is_told_so_and_is_not_appended_after_that(path: Path) -> None:
    async def scenario() -> None:
        with JournalWriter(path, acknowledge_seconds_max=0.05) as writer:
            with Journal.open(path) as other, other._turn():
                with pytest.raises(JournalUnavailableError):
                    await append(writer, record(0))
                assert not writer.is_open()
            while not writer.is_open():
                await asyncio.sleep(0.01)
            assert writer.waiting() == (0, 0)

    asyncio.run(scenario())
    assert stored(path) == {}


def test_closing_commits_what_waits(path: Path) -> None:
    async def scenario() -> list[int]:
        writer = JournalWriter(path)
        waiting = [asyncio.ensure_future(append(writer, record(n))) for n in range(200)]
        await asyncio.sleep(0)
        writer.close()
        with pytest.raises(JournalUnavailableError):
            await append(writer, record(200))
        return await asyncio.gather(*waiting)

    assert asyncio.run(scenario()) == list(range(1, 201))
    assert len(stored(path)) == 200


def test_whoever_waits_when_it_is_closed_is_answered(path: Path) -> None:
    async def scenario() -> list[int]:
        with JournalWriter(path) as writer:
            waiting = [asyncio.ensure_future(append(writer, record(n))) for n in range(3)]
            await asyncio.sleep(0)
        return await asyncio.gather(*waiting)

    assert asyncio.run(scenario()) == [1, 2, 3]
