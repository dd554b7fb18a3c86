"""Append to a journal and wait for it."""

from __future__ import annotations

import asyncio

from eventlog.event import Record
from ingest.journal import JournalError
from ingest.writer import JournalWriter


async def append(writer: JournalWriter, record: Record) -> int:
    """Return the record's seq once it is on disk. Raises `JournalError`."""
    seq: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def told(result: int | JournalError) -> None:
        if isinstance(result, JournalError):
            seq.set_exception(result)
        else:
            seq.set_result(result)

    writer.append(record, told)
    return await seq
