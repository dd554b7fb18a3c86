"""Reads the rows of many sealed files as the journal once had them: as records, in order of seq.

Each file is read once, a piece at a time. Files overlap where one seal wrote to several days or
to both tables, and after merges; a piece is held of each that overlaps, and no more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import msgspec
import polars as pl
from polars.exceptions import PolarsError

from eventlog.event import encode_record
from eventlog.schema import agree, records
from ingest.journal import SealedFile

PIECE_ROWS = 5_000


class Read(NamedTuple):
    """Some rows of all files: as encoded records by seq, how many each table has, their nodes."""

    rows: list[tuple[int, bytes]]
    counts: Counter[str]
    nodes: set[str]


class RowsOfFile:
    """What is still to be read of one sealed file, whose rows lie in order of seq.

    `problem` says what is wrong with them, if anything is; nothing more is read then.
    """

    def __init__(self, path: Path, file: SealedFile) -> None:
        self.path = path
        self.file = file
        self.nodes: set[str] = set()
        self.problem = ""
        self._numbered = self._read(file.rows)
        self._next = next(self._numbered, None)

    @property
    def is_read(self) -> bool:
        """Whether no row is left."""
        return self._next is None

    def upto(self, seq: int) -> Iterator[tuple[int, bytes]]:
        """Yield the next rows, as encoded records with their seqs, until one is after `seq`."""
        while self._next is not None and self._next[0] <= seq:
            yield self._next
            self._next = next(self._numbered, None)

    def _read(self, rows: int) -> Iterator[tuple[int, bytes]]:
        try:
            yield from self._pieces(rows)
        except (PolarsError, msgspec.DecodeError, TypeError):
            self.problem = "its rows cannot be read"

    def _pieces(self, rows: int) -> Iterator[tuple[int, bytes]]:
        scan = pl.scan_parquet(self.path, hive_partitioning=False)
        found = scan.select(pl.len()).collect().item()
        if found != rows:
            self.problem = f"it has {found} rows, by the journal it should be {rows}"
            return
        for start in range(0, rows, PIECE_ROWS):
            piece = scan.slice(start, PIECE_ROWS).collect()
            numbered = list(records(piece))
            if not agree(piece, [record for _, record in numbered]):
                self.problem = "its rows are not what their webhooks give"
                return
            self.nodes.update(piece["node"].unique())
            yield from ((seq, encode_record(record)) for seq, record in numbered)


class SealedRows:
    """The rows of all files that have been opened and not been read to the end."""

    def __init__(self) -> None:
        self._files: list[RowsOfFile] = []

    def open(self, path: Path, file: SealedFile) -> None:
        """Begin to read a file, which lies at `path`."""
        self._files.append(RowsOfFile(path, file))

    def upto(self, seq: int) -> Read:
        """Return the next rows of every file up to `seq`."""
        read = Read([], Counter(), set())
        for each in self._files:
            some = list(each.upto(seq))
            read.rows.extend(some)
            read.counts[each.file.table_name] += len(some)
            read.nodes.update(each.nodes)
        read.rows.sort(key=itemgetter(0))
        return read

    def let_go(self) -> list[RowsOfFile]:
        """Go on without the files that are read; return those that something is wrong with."""
        problematic = [each for each in self._files if each.problem]
        self._files = [each for each in self._files if not each.is_read]
        return problematic

    def unread(self) -> list[Path]:
        """Return the files that have rows left."""
        return [each.path for each in self._files]
