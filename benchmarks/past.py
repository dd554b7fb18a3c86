"""The far past of a log, made at once: what a hundred thousand seals leave when all was merged.

    seals, chained ──▶ one file a day, as merging leaves it ──▶ the log moved on to its version
                  └──▶ the ledger: every seal, every log entry that ever was

Six days of seals take an hour to make; but for the last day, whose files and log entries are still
there, all that stays of them is this. Entries that are long deleted are only names in the ledger.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import msgspec

from eventlog.event import DeadLetter, Record, encode_record
from eventlog.layout import Layout
from eventlog.schema import split
from eventlog.table import LOG_CHECKPOINT_EVERY_COMMITS, DataFile, Table
from eventlog.table_log import HINT, LOG_FOLDER, checkpoint, digests, log_entry
from ingest.journal import Journal, LogFile, Seal, SealedFile
from ingest.journal_ledger import add_files
from ingest.recovery import SEAL_KEY, open_table
from ingest.sealer import chained
from ingest.tables import TABLES, folder_of


@dataclass(frozen=True)
class Commit:
    """What one seal moved into the log, and when."""

    at: datetime
    records: list[tuple[int, Record]]


def found(layout: Layout, commits: Iterable[Commit]) -> None:
    """Make an empty log one that has had these commits, a day at a time, in order."""
    with Journal.open(layout.journal) as journal:
        tables = {name: open_table(folder_of(layout, name), TABLES[name]) for name in TABLES}
        for _, day in groupby(commits, lambda commit: commit.at.date()):
            _found_day(journal, tables, list(day))
        count = _count(journal, "seals")
        for table in tables.values():
            _move_on(table, count - count % LOG_CHECKPOINT_EVERY_COMMITS)
        log_files = [file for name, table in tables.items() for file in _entries(name, table)]
        with journal._transaction() as connection:
            add_files(connection, [], log_files)


def _found_day(journal: Journal, tables: dict[str, Table], commits: list[Commit]) -> None:
    seals = list(_seals(journal.chain(), commits))
    first, last = seals[0].seq_first, seals[-1].seq_last
    numbered = [row for commit in commits for row in commit.records]
    files: list[SealedFile] = []
    for (name, table), rows in zip(tables.items(), split(journal.node, numbered), strict=True):
        written = table.write(rows)
        table.append(written, {journal.node: last}, {SEAL_KEY: "founded"})
        files += [_sealed(name, file, first, last) for file in written]
    with journal._transaction() as connection:
        connection.executemany(
            "INSERT INTO seals VALUES"
            " (:seq_first, :seq_last, :events, :dead_letters, :chain, :sealed_at)",
            [msgspec.structs.asdict(seal) for seal in seals],
        )
        add_files(connection, files, [])
        connection.execute("INSERT INTO journal VALUES (?, x'')", (last,))
        connection.execute("DELETE FROM journal")


def _seals(chain: str, commits: list[Commit]) -> Iterator[Seal]:
    for commit in commits:
        chain = chained(chain, (encode_record(record) for _, record in commit.records))
        yield Seal(
            seq_first=commit.records[0][0],
            seq_last=commit.records[-1][0],
            events=len(commit.records) - _bad(commit),
            dead_letters=_bad(commit),
            chain=chain,
            sealed_at=commit.at.isoformat(),
        )


def _bad(commit: Commit) -> int:
    return sum(isinstance(record.outcome, DeadLetter) for _, record in commit.records)


def _sealed(name: str, file: DataFile, first: int, last: int) -> SealedFile:
    return SealedFile(
        table_name=name,
        path=file.path,
        seq_first=first,
        seq_last=last,
        rows=file.rows,
        size_bytes=file.size_bytes,
        sha256=file.sha256,
    )


def _move_on(table: Table, version: int) -> None:
    """Make the newest version of a table the later one, with a checkpoint."""
    log, now = table.folder / LOG_FOLDER, table.version
    checkpoint(table.folder)
    for path in log.glob(f"{now:020d}.*"):
        path.rename(path.with_name(path.name.replace(f"{now:020d}", f"{version:020d}")))
    for path in log.glob("*.json"):
        if path != log_entry(table.folder, version):
            path.unlink()
    hint = json.loads((log / HINT).read_text())
    (log / HINT).write_text(json.dumps({**hint, "version": version}))


def _entries(name: str, table: Table) -> Iterator[LogFile]:
    there = digests(table.folder, "")
    for each, sha256 in there.items():
        yield LogFile(table_name=name, name=each, sha256=sha256)
    for version in range(int(min(there).partition(".")[0])):
        names = [f"{version:020d}.json"]
        if version % LOG_CHECKPOINT_EVERY_COMMITS == 0:
            names.append(f"{version:020d}.checkpoint.parquet")
        for gone in names:
            sha256 = hashlib.sha256(gone.encode()).hexdigest()
            yield LogFile(table_name=name, name=gone, sha256=sha256)


def _count(journal: Journal, what: str) -> int:
    return journal._number(f"SELECT count(*) FROM {what}")  # noqa: S608
