"""Who takes too long is told so, and nobody else is."""

from __future__ import annotations

import asyncio

import pytest

from ingest.deadline import Deadline


async def quick() -> str:
    return "done"


async def endless() -> None:
    await asyncio.Event().wait()


def test_what_is_done_in_time_is_returned() -> None:
    assert asyncio.run(Deadline(60).meet(quick())) == "done"


def test_each_of_many_that_take_too_long_is_told_so() -> None:
    async def scenario() -> list[object]:
        deadline = Deadline(0.02)
        first = [asyncio.ensure_future(deadline.meet(endless())) for _ in range(3)]
        await asyncio.sleep(0.01)
        later = asyncio.ensure_future(deadline.meet(endless()))
        other = deadline.meet(quick())
        return await asyncio.gather(*first, later, other, return_exceptions=True)

    *late, done = asyncio.run(scenario())
    assert [type(each) for each in late] == [TimeoutError] * 4
    assert done == "done"


def test_the_task_goes_on_after_it_was_told() -> None:
    async def scenario() -> str:
        deadline = Deadline(0.01)
        for _ in range(2):
            with pytest.raises(TimeoutError):
                await deadline.meet(endless())
        await asyncio.sleep(0.02)
        return await deadline.meet(quick())

    assert asyncio.run(scenario()) == "done"


def test_who_is_cancelled_by_others_stays_cancelled() -> None:
    async def scenario() -> None:
        task = asyncio.ensure_future(Deadline(60).meet(endless()))
        await asyncio.sleep(0)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(scenario())
