"""Proves the log: every record there once, no byte changed, no file missing or added.

seals          every seq from 1 on belongs to one seal, or waits in the journal
log_files      the tables' own logs are as they were written, and nobody else wrote to them
sealed_files   each is in its table and on disk, with the SHA-256 that was recorded when it was
               sealed, or merged from others
Parquet rows   made into records again, they give the chain and the counts that were recorded for
               each seal, whichever files they lie in now
"""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import polars as pl

from eventlog.layout import Layout
from eventlog.lock import held
from eventlog.schema import PARTITION_COLUMN
from eventlog.table import LOG_FOLDER, Table, TableError
from eventlog.table_log import digests, entries, version_of
from ingest.journal import EMPTY_CHAIN, Intent, Journal, Seal, SealedFile
from ingest.merging import partition_of
from ingest.recovery import is_ours, parquet_files
from ingest.sealed_rows import Read, SealedRows
from ingest.sealer import chained
from ingest.settling import settle
from ingest.tables import TABLES, folder_of

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Fault:
    """One thing that does not hold: what it is about (a file or a seq), and what is wrong."""

    subject: str
    problem: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.problem}"


@dataclass(frozen=True)
class _State:
    """What journal and tables say at one moment between two seals."""

    node: str
    intent: Intent | None
    seals: list[Seal]
    files: list[SealedFile]
    replaced: set[tuple[str, str]]
    waiting: list[int]
    last_seq: int
    tables: dict[str, _TableState]
    logs: dict[str, _Log]


class _Said(NamedTuple):
    """What a table's log says of an active file: its day, its rows, and their node if known."""

    partition: str
    rows: int
    node: str | None


@dataclass(frozen=True)
class _TableState:
    folder: Path
    said: dict[str, _Said]
    on_disk: set[str]
    faults: list[Fault]

    @property
    def active(self) -> set[str]:
        return set(self.said)


@dataclass(frozen=True)
class _Log:
    """What a table's log should be, and what it is: SHA-256 by name; entries by others."""

    recorded: dict[str, str]
    found: dict[str, str]
    foreign: list[str]


def verify_log(layout: Layout, progress: Progress) -> list[Fault]:
    """Return every fault of the event log and the journal; an empty list if all holds.

    `progress` is told the bytes checked and the bytes in all. Sealing may go on meanwhile: what
    is sealed after the start is not looked at. Raises `JournalError`.
    """
    with held(layout.seal_lock), Journal.open(layout.journal) as journal:
        settle(layout, journal)
        state = _state(layout, journal)
    return [
        *_seq_faults(state),
        *_log_faults(state),
        *_table_faults(state),
        *_seal_faults(state, progress),
    ]


def _state(layout: Layout, journal: Journal) -> _State:
    return _State(
        node=journal.node,
        intent=journal.intent(),
        seals=journal.seals(),
        files=journal.sealed_files(),
        replaced=set(journal.replaced_files()),
        waiting=journal.seqs(),
        last_seq=journal.last_seq(),
        tables={
            name: _table_state(folder_of(layout, name), schema) for name, schema in TABLES.items()
        },
        logs={name: _log(layout, journal, name) for name in TABLES},
    )


def _log(layout: Layout, journal: Journal, name: str) -> _Log:
    folder = folder_of(layout, name)
    recorded = {file.name: file.sha256 for file in journal.log_files(name)}
    came = [entry for entry in entries(folder) if version_of(entry)]
    foreign = {entry.name for entry in came if not is_ours(entry)}
    if recorded and journal.intent() is None:
        # Whatever an entry says of itself: what a seal or a merge wrote has been recorded by now.
        foreign |= {entry.name for entry in came} - recorded.keys()
    return _Log(recorded, digests(folder, after=""), sorted(foreign))


def _table_state(folder: Path, schema: pl.Schema) -> _TableState:
    on_disk = set(parquet_files(folder))
    if not (folder / LOG_FOLDER).exists():
        # Nothing was ever sealed, or else every recorded file will be named as missing.
        return _TableState(folder, {}, on_disk, [])
    try:
        table = Table.open(folder, schema, PARTITION_COLUMN)
    except TableError:
        fault = Fault(str(folder), "the table's log cannot be read")
        return _TableState(folder, {}, on_disk, [fault])
    unguarded = [] if table.is_append_only else [Fault(str(folder), "no longer append-only")]
    rows = table.actions().select("path", *_Said._fields).iter_rows()
    return _TableState(folder, {path: _Said(*said) for path, *said in rows}, on_disk, unguarded)


def _seq_faults(state: _State) -> Iterator[Fault]:
    """Find seqs that no seal and no journal row has, or that two have."""
    expected = 1
    for seal in state.seals:
        if seal.seq_first != expected:
            yield _unaccounted(expected, seal.seq_first - 1)
        expected = seal.seq_last + 1
    for seq in state.waiting:
        if seq < expected:
            continue  # sealed, and not trimmed yet
        if seq > expected:
            yield _unaccounted(expected, seq - 1)
        expected = seq + 1
    if expected <= state.last_seq:
        yield _unaccounted(expected, state.last_seq)


def _unaccounted(first: int, last: int) -> Fault:
    if last < first:
        return Fault(f"seq {first}", "sealed twice")
    return Fault(f"seq {first} to {last}", "neither in the journal nor in the event log")


def _log_faults(state: _State) -> Iterator[Fault]:
    """Find entries and checkpoints of the tables' logs that have changed, and missing entries.

    The oldest entries go, and a checkpoint only repeats what the entries before it say. One that
    neither a seal nor a merge wrote changes the table, if only its properties.
    """
    for name, log in state.logs.items():
        oldest = min(log.found, default="")
        for each, sha256 in log.recorded.items():
            path = state.tables[name].folder / LOG_FOLDER / each
            if each in log.found and log.found[each] != sha256:
                yield Fault(str(path), "its bytes have changed")
            elif each not in log.found and each.endswith(".json") and each > oldest:
                yield Fault(str(path), "missing")
        for each in log.foreign:
            path = state.tables[name].folder / LOG_FOLDER / each
            yield Fault(str(path), "neither a seal nor a merge wrote this entry")


def _table_faults(state: _State) -> Iterator[Fault]:
    """Find files that a table has and no seal wrote, that it no longer has, or sees otherwise.

    What an unfinished seal wrote is no fault: its rows are in the journal still.
    """
    for name, table in state.tables.items():
        yield from table.faults
        recorded = {file.path: file for file in state.files if file.table_name == name}
        for path in sorted(recorded.keys() - table.active):
            yield Fault(str(table.folder / path), "no longer part of the table")
        for path in sorted(recorded.keys() & table.active):
            if table.said[path][:2] != (partition_of(recorded[path]), recorded[path].rows):
                yield Fault(str(table.folder / path), "the table's log says other of it")
        replaced = {path for table_name, path in state.replaced if table_name == name}
        unknown = (table.active | (table.on_disk - replaced)) - recorded.keys()
        foreign = {
            path: said.node
            for path, said in table.said.items()
            if path in unknown and said.node not in (None, state.node)
        }
        yield from _foreign_faults(table, Counter(foreign.values()))
        if foreign:  # what that journal had merged lies on disk as well
            unknown &= table.active - foreign.keys()
        if state.intent is None:
            for path in sorted(unknown):
                yield Fault(str(table.folder / path), "no seal wrote this file")


def _foreign_faults(table: _TableState, files: Mapping[str | None, int]) -> Iterator[Fault]:
    """Tell once, not file by file, of a journal that is gone: nothing else can prove its files."""
    for node, count in sorted(files.items(), key=str):
        yield Fault(
            str(table.folder),
            f"{count} of its files were sealed by another journal, node {node}, whose record of"
            " seals is missing: restore journal/ as it was saved with them",
        )


def _seal_faults(state: _State, progress: Progress) -> Iterator[Fault]:
    """Check the bytes of every sealed file, and the rows of every seal, seal by seal."""
    total = sum(file.size_bytes for file in state.files)
    checked = 0
    chain = EMPTY_CHAIN
    rows = SealedRows()
    damaged: list[SealedFile] = []
    waiting = deque(state.files)
    for seal in state.seals:
        while waiting and waiting[0].seq_first <= seal.seq_last:
            file = waiting.popleft()
            checked += file.size_bytes
            if fault := _file_fault(state, file):
                yield fault
                damaged.append(file)
            else:
                rows.open(state.tables[file.table_name].folder / file.path, file)
        read = rows.upto(seal.seq_last)
        for each in rows.let_go():
            yield Fault(str(each.path), each.problem)
            damaged.append(each.file)
        if not any(_overlap(file, seal) for file in damaged):
            yield from _row_faults(state.node, seal, read, chain)
        chain = seal.chain
        progress(checked, total)
    for path in (*rows.unread(), *(state.tables[f.table_name].folder / f.path for f in waiting)):
        yield Fault(str(path), "it has rows of no seal")


def _overlap(file: SealedFile, seal: Seal) -> bool:
    return file.seq_first <= seal.seq_last and seal.seq_first <= file.seq_last


def _file_fault(state: _State, file: SealedFile) -> Fault | None:
    path = state.tables[file.table_name].folder / file.path
    try:
        with path.open("rb") as opened:
            sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
    except FileNotFoundError:
        return Fault(str(path), "missing")
    except OSError as error:
        return Fault(str(path), f"cannot be read: {error.strerror}")
    return None if sha256 == file.sha256 else Fault(str(path), "its bytes have changed")


def _row_faults(node: str, seal: Seal, read: Read, chain: str) -> Iterator[Fault]:
    subject = f"seq {seal.seq_first} to {seal.seq_last}"
    if read.nodes - {node}:
        yield Fault(subject, f"not all rows are of node {node}")
    if [seq for seq, _ in read.rows] != list(range(seal.seq_first, seal.seq_last + 1)):
        yield Fault(subject, "the event log does not have each of them once")
        return
    if chained(chain, (record for _, record in read.rows)) != seal.chain:
        yield Fault(subject, "the records do not give the recorded chain")
    recorded = {"events": seal.events, "dead_letters": seal.dead_letters}
    if any(read.counts[name] != count for name, count in recorded.items()):
        yield Fault(
            subject,
            f"{read.counts['events']} events and {read.counts['dead_letters']} dead letters,"
            f" by the journal it should be {seal.events} and {seal.dead_letters}",
        )
