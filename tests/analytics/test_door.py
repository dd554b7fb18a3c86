"""What the door answers, and what it does not let through."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from analytics.catalogue import publish
from analytics.definitions import Definitions
from analytics.door import Catalogue, CatalogueMissing, QueryFailed, QueryRefused
from eventlog.layout import Layout
from tests.analytics.made import utc
from tests.analytics.make_catalogue import make_catalogue

AS_OF = utc("2026-11-20T23:30:00")


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    definitions = Definitions(time_zone="Europe/Bucharest")
    folder = tmp_path_factory.mktemp("it's a [data] folder; ț") / "data"
    layout = make_catalogue(folder, AS_OF, definitions, count=300, days=5)
    (folder / "secret.txt").write_text("a secret")
    (folder / "journal").mkdir()
    (folder / "journal" / "secret.csv").write_text("a\nb\n")
    (folder / "events_too").mkdir()
    (folder / "events_too" / "secret.csv").write_text("a\nb\n")
    (folder / "events" / "link.csv").symlink_to(folder / "secret.txt")
    return layout


@pytest.fixture
def catalogue(layout: Layout) -> Iterator[Catalogue]:
    with Catalogue.open(layout.catalogue) as opened:
        yield opened


def test_about_says_what_was_published(catalogue: Catalogue) -> None:
    about = catalogue.about()
    assert (about.as_of, about.time_zone) == (AS_OF, "Europe/Bucharest")
    assert (about.horizon_hours, about.reply_window_hours) == (72, 72)
    assert (about.events, about.dead_letters) == (300, 4)
    assert about.last_event_at is not None
    assert about.last_event_at > AS_OF - timedelta(days=1)
    assert about.today == date(2026, 11, 21)


def test_frame_binds_parameters_by_name(catalogue: Catalogue) -> None:
    frame = catalogue.frame(
        "select count(*) as n from messages where mnc = $mnc and sent_date >= $day",
        mnc="01",
        day=date(2026, 1, 1),
    )
    assert frame.schema == {"n": pl.Int64}
    assert frame["n"].item() > 50


def test_frame_without_rows_has_its_types(catalogue: Catalogue) -> None:
    frame = catalogue.frame("from messages where number = $number", number="nobody's")
    assert frame.height == 0
    assert frame.schema["sent_at"] == pl.Datetime("us", "UTC")
    assert frame.schema["sent_date"] == pl.Date
    assert frame.schema["latency_seconds"] == pl.Int64
    assert frame.schema["clock_anomaly"] == pl.Boolean


def test_nulls_stay_nulls(catalogue: Catalogue) -> None:
    row = catalogue.frame("from delivery_between(date '1999-01-01', date '1999-01-01')").row(
        0, named=True
    )
    assert row["messages"] == 0
    assert row["delivery_rate"] is None
    assert row["latency_p95"] is None
    assert row["provisional"] is False


def test_copy_writes_the_answer_as_parquet(layout: Layout, tmp_path: Path) -> None:
    target = tmp_path / "it's.parquet"
    with Catalogue.open(layout.catalogue, copies=tmp_path) as catalogue:
        catalogue.copy("from messages where mnc = $mnc order by all -- all", target, mnc="01")
        wanted = catalogue.frame("from messages where mnc = $mnc order by all", mnc="01")
    assert pl.read_parquet(target).equals(wanted)


def test_ask_gives_columns_types_and_rows(catalogue: Catalogue) -> None:
    answer = catalogue.ask("select 1 as a, 'x' as b union all select 2, null order by a;")
    assert (answer.columns, answer.types) == (["a", "b"], ["INTEGER", "VARCHAR"])
    assert list(answer.rows) == [(1, "x"), (2, None)]


def test_nothing_is_printed_among_the_rows(catalogue: Catalogue) -> None:
    asked = catalogue.ask("select current_setting('enable_progress_bar')")
    assert list(asked.rows) == [(False,)]


def test_ask_stops_at_the_limit(catalogue: Catalogue) -> None:
    assert len(list(catalogue.ask("from range(5000)", 2_500).rows)) == 2_500
    assert len(list(catalogue.ask("from range(5000)").rows)) == 5_000


@pytest.mark.parametrize(
    "sql",
    [
        "with sent as (from messages) select count(*) from sent",
        "values (1)",
        "table networks",
        "describe messages",
        "show tables",
        "summarize networks",
        "from analytics.delivery_daily",
        "pivot messages on state in ('delivered', 'pending') using count(*)",
        "from network_performance_between('2026-11-01', '2026-11-30') order by messages desc",
        "-- a comment\nselect 1",
    ],
)
def test_ask_answers_what_only_reads(catalogue: Catalogue, sql: str) -> None:
    assert list(catalogue.ask(sql).rows)


@pytest.mark.parametrize(
    "sql",
    [
        "copy (select 1) to '{root}/events/x.csv'",
        "copy messages to '{root}/x.parquet'",
        "with x as (copy (select 1) to '{root}/events/x.csv') from x",
        "with x as (insert into internal.opt_out_words values ('x')) select 1",
        "insert into internal.opt_out_words values ('x')",
        "delete from internal.networks",
        "create table x as select 1",
        "create view x as select 1",
        "drop view messages",
        "attach '{root}/events/x.duckdb' as x",
        "detach analytics",
        "use memory",
        "set threads = 1",
        "set enable_external_access = true",
        "reset lock_configuration",
        "pragma version",
        "call pragma_version()",
        "install httpfs",
        "load httpfs",
        "export database '{root}/events/x'",
        "explain analyze select 1",
        "checkpoint",
        "select 1; select 2",
        "select 1; drop view messages",
        "from query('copy (select 1) to ''x.csv''')",
        "prepare x as select 1",
        "begin",
        "",
        ";",
        "-- nothing",
        "from read_text('/etc/passwd')",
        "from read_text('{root}/secret.txt')",
        "from read_csv('{root}/journal/secret.csv')",
        "from read_csv('{root}/events_too/secret.csv')",
        "from read_text('{root}/events/../secret.txt')",
        "from read_text('{root}/events/link.csv')",
        "from glob('{root}/*')",
        "from glob('/etc/*')",
        "from read_csv('http://127.0.0.1:9/x.csv')",
        "from sniff_csv('/etc/passwd')",
        "from parquet_schema('/etc/passwd')",
        "select * from duckdb_secrets()",
    ],
)
def test_ask_refuses_all_but_reading_the_views(
    catalogue: Catalogue, layout: Layout, sql: str
) -> None:
    before = sorted(layout.root.rglob("*"))
    with pytest.raises(QueryRefused) as refused:
        list(catalogue.ask(sql.replace("{root}", str(layout.root).replace("'", "''"))).rows)
    assert "\n" not in str(refused.value)
    assert sorted(layout.root.rglob("*")) == before
    assert list(catalogue.ask("select 1").rows) == [(1,)]


def test_ask_sees_neither_python_nor_files_by_name(catalogue: Catalogue) -> None:
    secret = pl.DataFrame({"a": ["a secret"]})
    for sql in ("from secret", "from '/etc/passwd'", "select getenv('HOME')"):
        with pytest.raises(QueryFailed, match=r"^no (view|function) is called [^;]+$"):
            catalogue.ask(sql)
    assert secret.height == 1


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("selec 1", "syntax error"),
        ("select nothing from messages", "nothing"),
        ("select delivred from delivery_daily", "no such column: delivred; did you mean delivered"),
        ("select m.nubmer from messages m", "no such column: nubmer in m; did you mean number"),
        ("select zzzz from networks", "no such column: zzzz"),
        ("from delivery_dayly", "'delivery_dayly'; did you mean delivery_daily"),
        ("select wilson_lo(1, 2)", "no function is called 'wilson_lo'; did you mean wilson_low"),
        ("select network from messages group by mcc", "ANY_VALUE"),
        ("select error('no luck')", "no luck"),
        (
            "select case when i = 8000 then error('late') else i end from range(9999) as t (i)",
            "late",
        ),
    ],
)
def test_wrong_query_is_explained_in_one_line(catalogue: Catalogue, sql: str, says: str) -> None:
    with pytest.raises(QueryFailed, match=says) as failed:
        list(catalogue.ask(sql).rows)
    assert "\n" not in str(failed.value)


def test_our_own_wrong_query_fails_alike(catalogue: Catalogue, tmp_path: Path) -> None:
    with pytest.raises(QueryFailed):
        catalogue.frame("from nowhere")
    with pytest.raises(QueryFailed):
        catalogue.copy("from nowhere", tmp_path / "x.parquet")


def test_missing_catalogue_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(CatalogueMissing, match="sms-analytics refresh"):
        Catalogue.open(tmp_path / "analytics.duckdb")


def test_what_is_no_catalogue_is_said_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "analytics.duckdb"
    path.write_bytes(b"not a database" * 1_000)
    with pytest.raises(CatalogueMissing, match="cannot read") as missing:
        Catalogue.open(path)
    assert "\n" not in str(missing.value)


def test_catalogue_reached_by_a_link_can_be_read(layout: Layout, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(layout.root)
    with Catalogue.open(link / "analytics.duckdb") as catalogue:
        assert catalogue.frame("from messages").height == 300


def test_catalogue_published_through_a_link_can_be_read(layout: Layout, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(layout.root)
    publish(Layout(link), Definitions(), AS_OF)
    with Catalogue.open(link / "analytics.duckdb") as catalogue:
        assert catalogue.frame("from messages").height == 300
    publish(layout, Definitions(time_zone="Europe/Bucharest"), AS_OF)


def test_data_folder_that_was_moved_says_so_and_is_published_anew(tmp_path: Path) -> None:
    make_catalogue(tmp_path / "before", AS_OF, count=20, days=2)
    (tmp_path / "before").rename(tmp_path / "after")
    layout = Layout(tmp_path / "after")
    with pytest.raises(CatalogueMissing, match=r"moved or copied, `sms-analytics refresh"):
        Catalogue.open(layout.catalogue)
    publish(layout, Definitions(), AS_OF)
    with Catalogue.open(layout.catalogue) as catalogue:
        assert catalogue.frame("from messages").height == 20


def test_catalogue_describes_itself(catalogue: Catalogue) -> None:
    described = catalogue.described()
    networks = described.view("Networks")
    assert networks is not None
    assert [column.name for column in networks.columns][:3] == ["mcc", "mnc", "network"]
    for view in described.views:
        assert view.meaning
        assert all(column.meaning for column in view.columns), view.name
    for macro in described.macros:
        assert macro.meaning, macro.name
    signatures = {macro.signature for macro in described.macros}
    assert {"wilson_low(k, n)", "network_name(mcc, mnc)"} <= signatures
    assert "internal" not in " ".join(signatures)


def test_any_answer_can_be_saved_as_parquet_and_nothing_else(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    catalogue.save("select 1 as a -- one", tmp_path / "a.parquet")
    assert pl.read_parquet(tmp_path / "a.parquet").rows() == [(1,)]
    for sql in ("copy (select 1) to 'x.csv'", "select 1; select 2", "drop view messages", ""):
        with pytest.raises(QueryRefused):
            catalogue.save(sql, tmp_path / "b.parquet")
    assert not (tmp_path / "b.parquet").exists()
