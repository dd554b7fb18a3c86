"""Reads the rows of many sealed files as the journal once had them: as records, in order of seq.

Each file is read once, a piece at a time. Files overlap where one seal wrote to several days or
to both tables, and after merges; a piece is held of each that overlaps, and no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path

import polars as pl

from eventlog.event import encode_record
from eventlog.schema import records

PIECE_ROWS = 5_000


class RowsOfFile:
    """What is still to be read of one file, whose rows lie in order of seq."""

    def __init__(self, path: Path, rows: int) -> None:
        self.path = path
        self.nodes: set[str] = set()
        self._numbered = self._read(rows)
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
        scan = pl.scan_parquet(self.path, hive_partitioning=False)
        for start in range(0, rows, PIECE_ROWS):
            piece = scan.slice(start, PIECE_ROWS).collect()
            self.nodes.update(piece["node"].unique())
            yield from ((seq, encode_record(record)) for seq, record in records(piece))


class SealedRows:
    """The rows of all files that have been opened and not been read to the end."""

    def __init__(self) -> None:
        self._files: list[RowsOfFile] = []

    def open(self, path: Path, rows: int) -> None:
        """Begin to read a file of so many rows."""
        self._files.append(RowsOfFile(path, rows))

    def upto(self, seq: int) -> tuple[list[tuple[int, bytes]], set[str]]:
        """Return the next rows of every file up to `seq`, by seq, and the nodes they name."""
        rows = [row for file in self._files for row in file.upto(seq)]
        nodes = {node for file in self._files for node in file.nodes}
        self._files = [file for file in self._files if not file.is_read]
        return sorted(rows, key=itemgetter(0)), nodes

    def unread(self) -> list[Path]:
        """Return the files that have rows left."""
        return [file.path for file in self._files]
