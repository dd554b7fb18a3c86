"""The published catalogue: what it holds, how it is put in place, and who may read it when."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta, timezone
from pathlib import Path
from threading import Thread

import duckdb
import pytest

from analytics.catalogue import PublishError, publish
from analytics.definitions import Definitions
from analytics.door import Catalogue
from analytics.meaning import read_meaning, view_folders
from analytics.networks import NetworksError
from analytics.projections.schema import SCHEMAS
from analytics.sources import PARTITIONS
from eventlog.layout import Layout
from eventlog.schema import DEAD_LETTERS, EVENTS
from tests.analytics.made import Message, Reply, utc, write_projections
from tests.analytics.make_catalogue import make_catalogue

AS_OF = utc("2026-11-20T23:30:00")
DUCKDB_CLI = Path(sys.executable).with_name("duckdb")
PERIODS = (
    "delivery_between",
    "network_performance_between",
    "campaign_performance_between",
    "reply_between",
    "receipt_lag_between",
)


def views() -> list[str]:
    return [folder.name for folder in view_folders()]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    layout = Layout(tmp_path_factory.mktemp("empty"))
    publish(layout, Definitions(), AS_OF)
    with Catalogue.open(layout.catalogue) as catalogue:
        yield catalogue


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    return make_catalogue(tmp_path_factory.mktemp("made"), AS_OF, count=400, days=6)


@pytest.mark.parametrize("view", views())
def test_every_view_answers_before_the_first_event(empty: Catalogue, view: str) -> None:
    rows = empty.frame(f"from {view}")
    assert rows.height == 0 or view == "networks"


@pytest.mark.parametrize("macro", PERIODS)
def test_every_period_answers_before_the_first_event(empty: Catalogue, macro: str) -> None:
    rows = empty.frame(f"from {macro}('2026-11-01', '2026-11-30')")
    assert rows.height == (0 if "performance" in macro else 1)


@pytest.mark.parametrize("view", views())
def test_every_view_has_the_same_types_with_and_without_rows(
    empty: Catalogue, made: Layout, view: str
) -> None:
    with Catalogue.open(made.catalogue) as catalogue:
        rows = catalogue.frame(f"from {view}")
        assert rows.height > 0
        assert rows.schema == empty.frame(f"from {view}").schema
        assert "Decimal" not in str(rows.schema)


@pytest.mark.parametrize("name", PARTITIONS)
def test_empty_tables_have_the_columns_of_the_real_ones(empty: Catalogue, name: str) -> None:
    schemas = {"events_all": EVENTS, "dead_letters_all": DEAD_LETTERS, **SCHEMAS}
    wanted = {
        column: kind for column, kind in schemas[name].items() if not column.startswith("state_")
    }
    assert dict(empty.frame(f"from internal.{name}").schema) == wanted


@pytest.mark.parametrize("folder", view_folders(), ids=lambda folder: folder.name)
def test_every_view_and_column_is_explained_in_the_catalogue(
    empty: Catalogue, folder: Path
) -> None:
    meaning = read_meaning(folder)
    columns = empty.frame(
        "select column_name, comment from duckdb_columns()"
        " where table_name = $view and schema_name = 'main' order by column_index",
        view=folder.name,
    )
    wanted = [(column.name, column.comment) for column in meaning.columns]
    assert columns.rows() == wanted
    assert all(column.meaning for column in meaning.columns)
    (comment,) = empty.frame(
        "select comment from duckdb_views() where view_name = $view", view=folder.name
    ).row(0)
    assert comment.startswith(meaning.summary)


def test_days_and_hours_are_those_of_the_report_time_zone(tmp_path: Path) -> None:
    definitions = Definitions(time_zone="Europe/Bucharest")
    # The hour from 3 to 4 comes twice on 2026-10-25: 00:30 and 01:30 UTC are both 03:30 there.
    instants = ("2026-10-24T20:59:59", "2026-10-24T21:00:00", "2026-10-25T00:30:00")
    messages = [
        Message(message_id=at, sent_at=utc(at)) for at in (*instants, "2026-10-25T01:30:00")
    ]
    layout = Layout(tmp_path)
    write_projections(layout, messages, [], definitions)
    publish(layout, definitions, AS_OF)
    with Catalogue.open(layout.catalogue) as catalogue:
        daily = catalogue.frame("select date, messages from delivery_daily order by date")
        hourly = catalogue.frame("select hour, messages from delivery_hourly order by hour")
        dates = catalogue.frame("select sent_date from messages order by sent_at")
    assert daily.rows() == [(date(2026, 10, 24), 1), (date(2026, 10, 25), 3)]
    assert hourly.rows() == [
        (utc("2026-10-24T20:00:00"), 1),
        (utc("2026-10-24T21:00:00"), 1),
        (utc("2026-10-25T00:00:00"), 1),
        (utc("2026-10-25T01:00:00"), 1),
    ]
    assert [day for (day,) in dates.rows()] == [date(2026, 10, 24), *[date(2026, 10, 25)] * 3]


def test_codes_of_one_network_are_one_row_and_unknown_ones_are_kept(tmp_path: Path) -> None:
    spelt = [("226", "3"), ("226", "03"), ("226", "003"), ("226", "99"), ("334", "020"), ("", "x")]
    at = utc("2025-09-30T20:00:00")
    messages = [
        Message(
            message_id=f"{number}.{hours}", sent_at=at + timedelta(hours=hours), mcc=mcc, mnc=mnc
        )
        for number, (mcc, mnc) in enumerate(spelt)
        for hours in (0, 12)
    ]
    layout = Layout(tmp_path)
    write_projections(layout, messages, [], Definitions())
    publish(layout, Definitions(), AS_OF)
    with Catalogue.open(layout.catalogue) as catalogue:
        rows = catalogue.frame(
            "select mcc, mnc, network, country, messages from network_performance order by all"
        ).rows()
        raw = catalogue.frame("select distinct raw_mnc from messages where mnc = '03' order by 1")
    assert rows == [
        ("", "x", "-x", None, 2),
        ("226", "03", "Telekom", "Romania", 3),
        ("226", "03", "ex-Telekom", "Romania", 3),
        ("226", "99", "226-99", "Romania", 2),
        ("334", "020", "Telcel", "Mexico", 2),
    ]
    assert raw["raw_mnc"].to_list() == ["003", "03", "3"]


@pytest.mark.parametrize(
    ("body", "opt_out"),
    [
        ("STOP", True),
        (" stop\n", True),
        ("Oprește", True),
        ("OPREŞTE", True),
        ("Dezabonați-mă", True),
        ("\u00a0Nu mai vreau\t", True),
        ("stop it", False),
        ("nonstop", False),
        ("", False),
    ],
)
def test_opt_out_is_the_whole_body_however_it_is_written(
    empty: Catalogue, body: str, opt_out: bool
) -> None:
    assert empty.frame("select is_opt_out($body) as found", body=body)["found"].item() is opt_out


def test_opt_out_words_are_those_of_the_definitions(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    replies = [Reply(reply_id=body, body=body, received_at=AS_OF) for body in ("basta", "stop")]
    definitions = Definitions(opt_out_words=("Bastă",))
    write_projections(layout, [], replies, definitions)
    publish(layout, definitions, AS_OF)
    with Catalogue.open(layout.catalogue) as catalogue:
        assert catalogue.frame("select body from replies where opt_out")["body"].item() == "basta"


def test_as_of_is_an_instant_in_any_time_zone(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    publish(layout, Definitions(), AS_OF.astimezone(timezone(timedelta(hours=5, minutes=30))))
    with Catalogue.open(layout.catalogue) as catalogue:
        assert catalogue.about().as_of == AS_OF


def test_what_cannot_be_published_leaves_the_catalogue_before_it(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    publish(layout, Definitions(), AS_OF)
    bad_list = tmp_path / "networks.csv"
    bad_list.write_text("mcc\n226\n")
    with pytest.raises(PublishError, match="Mars"):
        publish(layout, Definitions(time_zone="Mars/Base"), AS_OF)
    with pytest.raises(PublishError, match="time zone"):
        publish(layout, Definitions(), AS_OF.replace(tzinfo=None))
    with pytest.raises(NetworksError):
        publish(layout, Definitions(), AS_OF, bad_list)
    with Catalogue.open(layout.catalogue) as catalogue:
        assert catalogue.about().as_of == AS_OF


def test_publishing_leaves_nothing_but_the_catalogue_behind(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    for leftover in (".analytics.duckdb.aside", ".analytics.duckdb.aside.wal"):
        (tmp_path / leftover).write_text("of a crash")
    publish(layout, Definitions(), AS_OF)
    publish(layout, Definitions(), AS_OF)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["analytics.duckdb", "projections"]
    assert [path.name for path in layout.projections.iterdir()] == ["job.lock"]


def test_files_are_named_absolutely_so_any_folder_will_do(
    made: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(made.root)
    publish(Layout(Path()), Definitions(), AS_OF)
    monkeypatch.chdir(tmp_path)
    with Catalogue.open(made.catalogue) as catalogue:
        assert catalogue.frame("from messages").height == 400


@pytest.mark.skipif(not DUCKDB_CLI.exists(), reason="the duckdb command is not installed")
def test_duckdb_command_reads_it_from_another_folder(made: Layout, tmp_path: Path) -> None:
    query = "select sum(messages) from delivery_daily"
    answer = subprocess.run(
        [DUCKDB_CLI, "-readonly", "-csv", "-noheader", made.catalogue, "-c", query],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
        env={"TZ": "Pacific/Auckland", "HOME": str(tmp_path)},
    )
    assert (answer.stdout.strip(), answer.stderr) == ("400", "")


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland", "America/New_York"])
def test_numbers_do_not_depend_on_the_time_zone_of_the_reader(made: Layout, zone: str) -> None:
    with Catalogue.open(made.catalogue) as catalogue:
        wanted = catalogue.frame("from delivery_daily order by all").rows()
    with duckdb.connect(made.catalogue, read_only=True) as connection:
        connection.execute(f"set timezone = '{zone}'")
        assert connection.execute("from delivery_daily order by all").fetchall() == wanted


REPUBLISH = """
import sys
from datetime import datetime, timedelta
from pathlib import Path
from analytics.catalogue import publish
from analytics.definitions import Definitions
from eventlog.layout import Layout

as_of = datetime.fromisoformat(sys.argv[2])
while True:
    as_of += timedelta(hours=1)
    publish(Layout(Path(sys.argv[1])), Definitions(), as_of)
    print(flush=True)
"""


def test_readers_never_wait_nor_mix_while_it_is_published_again_and_again(
    tmp_path: Path, made: Layout
) -> None:
    summary = "select sum(pending) as pending, sum(unknown) as unknown from network_performance"
    publish(made, Definitions(), AS_OF)
    with Catalogue.open(made.catalogue) as kept:
        before = kept.frame(summary).row(0)
        publisher = subprocess.Popen(
            [sys.executable, "-c", REPUBLISH, made.root, AS_OF.isoformat()],
            stdout=subprocess.PIPE,
        )
        try:
            assert publisher.stdout is not None
            seen = set()
            for _ in range(3):
                publisher.stdout.readline()
                for _ in range(2):
                    with Catalogue.open(made.catalogue) as catalogue:
                        seen.add(catalogue.about().as_of)
                        now_pending, now_unknown = catalogue.frame(summary).row(0)
                        assert now_pending + now_unknown == sum(before)
        finally:
            publisher.kill()
            publisher.communicate()
        assert len(seen) > 1
        assert kept.about().as_of == AS_OF
        assert kept.frame(summary).row(0) == before


def test_publisher_waits_for_the_job_that_holds_the_lock(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layout.projections.mkdir()
    publisher = Thread(target=publish, args=(layout, Definitions(), AS_OF))
    with layout.job_lock.open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        publisher.start()
        publisher.join(0.5)
        assert not layout.catalogue.exists()
    publisher.join()
    assert layout.catalogue.exists()
