"""A file is sent while it is made, and is never whole for a client when it is not."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import AsyncGenerator, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from reports.growing import growing

Steps = dict[str, asyncio.Event]


class _BrokenError(Exception):
    pass


def run(promise: Callable[[Steps], Coroutine[Any, Any, None]]) -> None:
    async def main() -> None:
        await promise({name: asyncio.Event() for name in ("first", "second")})

    asyncio.run(main())


async def rest(chunks: AsyncGenerator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


def is_read(path: Path) -> bool:
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_the_first_byte_does_not_wait_for_the_last(tmp_path: Path) -> None:
    async def promise(steps: Steps) -> None:
        async def make(out: Path) -> None:
            out.write_bytes(b"first")
            await steps["first"].wait()
            with out.open("ab") as file:
                file.write(b" and last")

        chunks = await growing(tmp_path, make)
        assert await anext(chunks) == b"first"
        steps["first"].set()
        assert await rest(chunks) == b" and last"
        assert list(tmp_path.iterdir()) == []

    run(promise)


def test_what_goes_wrong_before_the_first_byte_is_told(tmp_path: Path) -> None:
    async def promise(_: Steps) -> None:
        async def make(_: Path) -> None:
            raise _BrokenError

        with pytest.raises(_BrokenError):
            await growing(tmp_path, make)
        assert list(tmp_path.iterdir()) == []

    run(promise)


def test_what_goes_wrong_later_ends_the_file_with_an_error(tmp_path: Path) -> None:
    async def promise(steps: Steps) -> None:
        async def make(out: Path) -> None:
            out.write_bytes(b"first")
            await steps["first"].wait()
            raise _BrokenError

        chunks = await growing(tmp_path, make)
        steps["first"].set()
        with pytest.raises(_BrokenError):
            await rest(chunks)

    run(promise)


def test_whoever_makes_it_finds_out_that_nobody_reads(tmp_path: Path) -> None:
    async def promise(steps: Steps) -> None:
        found: list[bool] = []

        async def make(out: Path) -> None:
            out.write_bytes(b"first")
            found.append(is_read(out))
            await steps["first"].wait()
            found.append(is_read(out))
            steps["second"].set()

        chunks = await growing(tmp_path, make)
        assert await anext(chunks) == b"first"
        await chunks.aclose()
        steps["first"].set()
        await steps["second"].wait()
        assert found == [True, False]

    run(promise)
