"""What the journal remembers of seals and merges, row by row. Pure."""

from __future__ import annotations

import msgspec


class Intent(msgspec.Struct, frozen=True, kw_only=True):
    """A seal that has begun: how far it goes, and each table's version before it."""

    seq_last: int
    versions: dict[str, int]


class Seal(msgspec.Struct, frozen=True, kw_only=True):
    """One move into the event log: the records from `seq_first` to `seq_last`."""

    seq_first: int
    seq_last: int
    events: int
    dead_letters: int
    chain: str
    sealed_at: str


class Compaction(msgspec.Struct, frozen=True, kw_only=True):
    """A merge of files that has begun: the table's version before it, and the files to merge."""

    table_name: str
    version: int
    paths: list[str]


class SealedFile(msgspec.Struct, frozen=True, kw_only=True):
    """One Parquet file of the event log; `path` is relative to its table's folder.

    Its rows come from the seals that `seq_first` … `seq_last` spans, which share them with others.
    """

    table_name: str
    path: str
    seq_first: int
    seq_last: int
    rows: int
    size_bytes: int
    sha256: str


class LogFile(msgspec.Struct, frozen=True, kw_only=True):
    """One log entry or log checkpoint of a table, which nobody may change any more."""

    table_name: str
    name: str
    sha256: str
