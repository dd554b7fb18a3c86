"""Runs under the disk of `disk.c`: `crashes LIBRARY FOLDER LIFE FIRST STRIDE WAYS`.

A few webhooks live: tokens are made, they are appended, sealed and merged, and old files deleted
(`writing`); or they are projected and published (`reading`). The process that does it ends at its
N-th sync, rename or unlink, for N = FIRST, FIRST + STRIDE, and so on. Then whatever it had told
must be there: after a power cut that leaves only what was synced; after one that leaves any part of
the rest; after the kill alone; and after the kill when the next one has gone on from there, and the
power is cut then. WAYS says whether `all` of this is tried of each end, or, `in-turn`, one way of
each. Prints how many ends there were.
"""

from __future__ import annotations

import ctypes
import os
import random
import shutil
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import count
from pathlib import Path

import polars as pl

from analytics.catalogue import publish
from analytics.definitions import Definitions
from analytics.door import Catalogue
from analytics.projections.check import differences
from analytics.projector import project, prune
from eventlog import table
from eventlog.event import encode_record
from eventlog.layout import Layout
from eventlog.schema import PARTITION_COLUMN
from ingest import tokens
from ingest.compactor import Compactor, delete_replaced
from ingest.journal import Journal
from ingest.sealer import Sealer
from ingest.tables import TABLES, folder_of
from ingest.verify import verify_log
from tests.analytics.projections.log import SMALL
from tests.guarantees import disk
from tests.ingest.records import START, record

STEP, KILL = 5, -1
CUT, TORN, KILLED = WAYS = ("cut", "torn", "killed")
DEFINITIONS = Definitions()
LATER = START + timedelta(days=9)
Tell = Callable[[str], None]


def writing(layout: Layout, tell: Tell) -> None:
    """Make tokens, take webhooks in, seal, merge, and delete old files."""
    for _ in range(2):
        token, secret = tokens.create(layout.tokens, "", START)
        tell(f"token {token.token_id} {secret}")
    tell(f"revoking {token.token_id}")
    tokens.revoke(layout.tokens, token.token_id)
    tell(f"revoked {token.token_id}")
    sealed(layout, range(1, 41, 8), tell)
    merged(layout)
    sealed(layout, [41], tell)
    delete_replaced(layout, LATER + timedelta(days=1))
    sealed(layout, [49], tell)


def reading(layout: Layout, tell: Tell) -> None:
    """Project and publish, twice, with a merge between, and delete old files."""
    for first in (1, 9):
        project(layout, DEFINITIONS, SMALL)
        publish(layout, DEFINITIONS, LATER)
        tell("published")
        sealed(layout, [first + 8], tell)
        merged(layout)
    project(layout, DEFINITIONS, SMALL)
    publish(layout, DEFINITIONS, LATER)
    prune(layout, timedelta(0), LATER + timedelta(days=9999))


def sealed(layout: Layout, firsts: Iterable[int], tell: Tell) -> None:
    with Journal.open(layout.journal) as journal, Sealer(layout) as sealer:
        for first in firsts:
            append(journal, first, tell)
            while sealer.seal(5):
                pass


def merged(layout: Layout) -> None:
    with Compactor(layout, file_rows=100, clock=lambda: LATER) as compactor:
        while compactor.compact():
            pass


def append(journal: Journal, first: int, tell: Tell) -> None:
    for number in range(first, first + 8, 4):
        records = [record(each) for each in range(number, number + 4)]
        journal.append_many([encode_record(each) for each in records])
        for each in records:
            tell(f"event {each.event_id}")


def check_writing(layout: Layout, told: list[list[str]]) -> None:
    """Hold the log and the tokens to what was told of them, and go on from them."""
    with Sealer(layout) as sealer:
        while sealer.seal(100):
            pass
    merged(layout)
    faults = [str(fault) for fault in verify_log(layout, lambda _done, _total: None)]
    assert faults == []
    kept = [each for name in TABLES for each in ids(layout, name)]
    assert len(kept) == len(set(kept))
    assert {said[1] for said in told if said[0] == "event"} <= set(kept)
    held = {token.token_id: token for token in tokens.tokens(layout.tokens)}
    assert not {said[1] for said in told if said[0] == "revoked"} & held.keys()
    going = {said[1] for said in told if said[0] == "revoking"}
    for token_id, secret in (said[1:] for said in told if said[0] == "token"):
        assert token_id in going or held[token_id].is_of(secret)


def check_reading(layout: Layout, told: list[list[str]]) -> None:
    """Read what was published, prove the log, and bring the projections up to date."""
    if ["published"] in told or layout.catalogue.exists():
        assert read(layout) > 0
    check_writing(layout, told)
    assert differences(layout, DEFINITIONS, SMALL) == []
    publish(layout, DEFINITIONS, LATER)
    assert read(layout) == len(ids(layout, "events"))


def read(layout: Layout) -> int:
    """Open the catalogue as it lies there, and read every row that it names."""
    with Catalogue.open(layout.catalogue) as catalogue:
        catalogue.frame("select count(number) from messages")
        counted = catalogue.frame("select count(raw) as n from internal.events_all")
        assert counted.item() == catalogue.about().events
        return int(counted.item())


def ids(layout: Layout, name: str) -> list[str]:
    log = table.Table.open(folder_of(layout, name), TABLES[name], PARTITION_COLUMN)
    files = log.files()
    return pl.read_parquet(files)["event_id"].to_list() if files else []


def forked(work: Callable[[], None], variables: Mapping[str, str] | None = None) -> int:
    """Do it in a child with these variables; return how that ended: 0, 1 or minus a signal."""
    sys.stdout.flush()
    child = os.fork()
    if not child:
        os.environ.update(variables or {})
        try:
            work()
        except BaseException:  # noqa: BLE001 - a child must never go on as its parent
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


LIVES = {"writing": (writing, check_writing), "reading": (reading, check_reading)}


class Crashes:
    """Lives that end too early, each in the same folder."""

    def __init__(self, library: str, folder: Path, kind: str) -> None:
        self._library = ctypes.CDLL(library)
        self._folder = folder
        self._kind = kind
        self._root = folder / "data"
        self._shadow = folder / "shadow"
        self._told = folder / "told"

    def at(self, nth: int, ways: Sequence[str]) -> bool:
        """End a life at its nth step, and check these ways it may have ended; False past the last.

        What is killed goes on, and then the power is cut.
        """
        for path in (self._root, self._shadow):
            shutil.rmtree(path, ignore_errors=True)
            path.mkdir()
        self._told.write_text("")
        ended = forked(lambda: self._live(nth), self._shadowed)
        assert ended in (0, -9), f"step {nth}"
        chances = {CUT: None, TORN: random.Random(nth)}
        lefts = [self._cut(way, chances[way]) for way in ways if way != KILLED]
        if KILLED in ways:
            self._check(f"{KILLED} at step {nth}", self._shadowed)
            lefts.append(self._cut("later"))
        for left in lefts:
            shutil.rmtree(self._root)
            left.rename(self._root)
            self._check(f"{left.name} at step {nth}")
        return ended != 0

    @property
    def _shadowed(self) -> dict[str, str]:
        return {"DISK_SHADOW": str(self._shadow)}

    def _cut(self, name: str, chance: random.Random | None = None) -> Path:
        """Return a folder with what a power cut leaves now."""
        left = self._folder / name
        shutil.rmtree(left, ignore_errors=True)
        disk.after_power_cut(self._shadow, self._root, left, chance)
        return left

    def _check(self, what: str, variables: Mapping[str, str] | None = None) -> None:
        _, check = LIVES[self._kind]
        told = [line.split() for line in self._told.read_text().splitlines()]
        assert not forked(lambda: check(Layout(self._root), told), variables), what

    def _live(self, nth: int) -> None:
        live, _ = LIVES[self._kind]
        layout = Layout(self._root)
        with self._told.open("a") as told:

            def tell(line: str) -> None:
                print(line, file=told, flush=True)

            if live is reading:
                sealed(layout, [1], tell)
            disk.sync_here(self._root)
            self._library.disk_fail(STEP, nth, KILL)
            live(layout, tell)


def main(library: str, folder: str, kind: str, first: str, stride: str, ways: str) -> None:
    """End at each step in turn, until a life is lived to its end."""
    table.LOG_CHECKPOINT_EVERY_COMMITS = 4
    crashes = Crashes(library, Path(folder), kind)
    ends = 0
    for nth in count(int(first), int(stride)):
        if not crashes.at(nth, WAYS if ways == "all" else [WAYS[ends % len(WAYS)]]):
            break
        ends += 1
    print(ends)


if __name__ == "__main__":
    main(*sys.argv[1:])
