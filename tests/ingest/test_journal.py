"""The journal gives every record a number, once, and keeps it until it is sealed."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread

import pytest

from eventlog.lock import held
from ingest import journal_connection, journal_file
from ingest.journal import (
    EMPTY_CHAIN,
    TRIM_ROWS_PER_TRANSACTION,
    Intent,
    Journal,
    JournalDamagedError,
    JournalUnavailableError,
    Seal,
    SealedFile,
)
from tests.serving import wait_until


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "journal" / "journal.sqlite"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    with Journal.open(path) as journal:
        yield journal


def seal(first: int, last: int) -> Seal:
    return Seal(
        seq_first=first, seq_last=last, events=1, dead_letters=0, chain="ab", sealed_at="now"
    )


def test_records_are_numbered_from_one_without_gaps(journal: Journal) -> None:
    assert list(journal.append_many([b"a", b"b"])) == [1, 2]
    assert list(journal.append_many([b"c"])) == [3]
    assert journal.head(after_seq=1, limit=10) == [(2, b"b"), (3, b"c")]


def test_a_number_is_never_used_again(path: Path, journal: Journal) -> None:
    journal.append_many([b"a", b"b"])
    journal.finish_seal(seal(1, 2), [])
    journal.close()
    with Journal.open(path) as again:
        assert again.seqs() == []
        assert again.last_seq() == 2
        assert list(again.append_many([b"c"])) == [3]


def test_an_append_that_fails_takes_no_numbers(path: Path, journal: Journal) -> None:
    with pytest.raises(JournalUnavailableError):
        journal.append_many([b"a", None])  # type: ignore[list-item]
    assert list(journal.append_many([b"b"])) == [1]


def test_every_connection_syncs_fully_and_logs_ahead(path: Path, journal: Journal) -> None:
    (synchronous,) = journal._connection.execute("PRAGMA synchronous").fetchone()
    (mode,) = journal._connection.execute("PRAGMA journal_mode").fetchone()
    assert (synchronous, mode) == (2, "wal")


def test_the_node_is_made_once(path: Path, journal: Journal) -> None:
    assert len(bytes.fromhex(journal.node)) == 4
    with Journal.open(path) as again:
        assert again.node == journal.node
    assert [file.name for file in path.parent.glob(".*")] == []


def test_two_processes_number_into_one_sequence(path: Path, journal: Journal) -> None:
    with Journal.open(path) as other:
        journal.append_many([b"a"])
        assert list(other.append_many([b"b"])) == [2]
        assert list(journal.append_many([b"c"])) == [3]


HOLD_UP_SQLITE = """
import fcntl, os, sys
with open(sys.argv[1] + "-shm", "a+b") as shared:
    os.ftruncate(shared.fileno(), 32_768)
    fcntl.lockf(shared, fcntl.LOCK_SH, 1, 128)  # as who has the log open,
    fcntl.lockf(shared, fcntl.LOCK_EX, 1, 120)  # and writes to it, though its header is not made
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_journal_that_sqlite_gave_up_on_is_opened_with_the_turn(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Journal.open(path).close()
    failed: list[int] = []
    connected = journal_connection._connected

    def telling(path: Path) -> sqlite3.Connection:
        try:
            return connected(path)
        except sqlite3.OperationalError as error:
            failed.append(error.sqlite_errorcode)
            raise

    monkeypatch.setattr(journal_connection, "_connected", telling)
    command = [sys.executable, "-c", HOLD_UP_SQLITE, str(path)]
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other,
        ThreadPoolExecutor() as pool,
    ):
        assert other.stdout is not None
        other.stdout.readline()
        with held(path.with_name(f"{path.name}-turns")):
            opening = pool.submit(lambda: Journal.open(path).close())
            wait_until(lambda: bool(failed), "SQLite has looked a hundred times, for ten seconds")
            other.kill()
        opening.result()
    assert failed == [sqlite3.SQLITE_PROTOCOL]


HOLD_A_TURN = """
import sys, time
from pathlib import Path
from ingest.journal import Journal
with Journal.open(Path(sys.argv[1])) as journal, journal._transaction() as connection:
    connection.execute("INSERT INTO journal (record) VALUES (x'00')")
    print("held", flush=True)
    time.sleep(60)
"""


def test_who_waits_for_a_turn_has_it_when_its_holder_is_killed(
    path: Path, journal: Journal
) -> None:
    command = [sys.executable, "-c", HOLD_A_TURN, str(path)]
    appender = Thread(target=journal.append_many, args=([b"a"],))
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        appender.start()
        appender.join(0.2)
        assert appender.is_alive()
        holder.kill()
    appender.join()
    assert journal.head(0, 9) == [(1, b"a")]


def test_trimming_goes_in_small_steps_and_spares_what_waits(journal: Journal) -> None:
    count = 2 * TRIM_ROWS_PER_TRANSACTION + 5
    journal.append_many([b"x"] * (count + 2))
    journal.finish_seal(seal(1, count), [])
    assert len(journal.seqs()) == count + 2 - TRIM_ROWS_PER_TRANSACTION
    assert journal.trim_step()
    assert not journal.trim_step()
    assert journal.seqs() == [count + 1, count + 2]
    assert journal.depth() == 2


def test_a_seal_and_its_files_are_kept_and_its_intent_ends(journal: Journal) -> None:
    file = SealedFile(
        table_name="events",
        path="a.parquet",
        seq_first=1,
        seq_last=2,
        rows=2,
        size_bytes=9,
        sha256="cd",
    )
    assert (journal.chain(), journal.sealed_upto()) == (EMPTY_CHAIN, 0)
    journal.append_many([b"a", b"b"])
    journal.begin_seal(Intent(seq_last=2, versions={"events": 3}))
    assert journal.intent() == Intent(seq_last=2, versions={"events": 3})
    journal.finish_seal(seal(1, 2), [file])
    assert journal.intent() is None
    assert (journal.seals(), journal.sealed_files()) == ([seal(1, 2)], [file])
    assert (journal.chain(), journal.sealed_upto()) == ("ab", 2)
    assert (journal.sealed_into("events"), journal.sealed_into("dead_letters")) == (2, 0)


def test_a_journal_of_another_format_is_refused(path: Path, journal: Journal) -> None:
    journal.close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {journal_file.FORMAT_VERSION + 1}")
    connection.close()
    with pytest.raises(JournalDamagedError, match="format"):
        Journal.open(path)


def test_a_file_that_is_no_journal_is_refused(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(b"not a database, but long enough to look at" * 99)
    with pytest.raises(JournalUnavailableError):
        Journal.open(path)


def test_recovery_moves_everything_into_the_main_file(path: Path, journal: Journal) -> None:
    journal.append_many([b"a"])
    log = path.with_name(path.name + "-wal")
    assert log.stat().st_size > 0
    with Journal.recover(path) as recovered:
        assert log.stat().st_size == 0
        assert recovered.head(0, 9) == [(1, b"a")]


def test_a_journal_that_is_gone_is_not_made_again_by_recovery(path: Path) -> None:
    with pytest.raises(JournalUnavailableError, match="gone"):
        Journal.recover(path)
    assert not path.exists()


def test_the_file_gives_back_the_room_of_what_was_sealed(path: Path, journal: Journal) -> None:
    journal.append_many([b"x" * 20_000] * 3_000)
    with Journal.recover(path):
        full_bytes = path.stat().st_size
    journal.finish_seal(seal(1, 3_000), [])
    while journal.trim_step():
        pass
    with Journal.recover(path) as again:
        assert path.stat().st_size < full_bytes / 2
        assert again.last_seq() == 3_000
        assert list(again.append_many([b"y"])) == [3_001]
