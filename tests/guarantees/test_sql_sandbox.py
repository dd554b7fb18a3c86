"""A stranger's query reads the public views and does nothing else, whatever it tries."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from analytics.failures import CatalogueError, CatalogueMissing, QueryFailed, QueryRefused
from analytics.sandbox import Limits, Rows, ask
from eventlog.layout import Layout
from tests.analytics.make_catalogue import make_catalogue

AS_OF = datetime(2026, 11, 24, 12, tzinfo=UTC)
SECRET = "the-secret-of-another-file"
PATIENT = Limits(seconds=30)


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    folder = tmp_path_factory.mktemp("sandbox")
    for name in ("secret.txt", "secret.csv", "secret.json"):
        (folder / name).write_text(f'{{"a": "{SECRET}"}}\n')
    return make_catalogue(folder / "data", AS_OF, count=200, days=4)


def asked(layout: Layout, sql: str, limits: Limits = PATIENT) -> Rows:
    folder = layout.root.parent
    return ask(layout.catalogue, sql.replace("FOLDER", str(folder)), limits)


@pytest.mark.parametrize(
    "sql",
    [
        "select count(*) from messages",
        "FROM delivery_daily ORDER BY date DESC LIMIT 3; -- the end",
        "with a as (from replies) select attribution, count(*) from a group by all",
        "from delivery_between('2026-11-01', null)",
        "describe messages",
        "summarize delivery_daily",
        "values (1, 'a'), (2, null)",
        "select list_transform(range(3), lambda x: x + 1), wilson_low(1, 2), now(), 1.5::decimal",
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 9) from n",
        "select network, quantile_cont(latency_seconds, 0.9) from messages group by 1 order by all",
        "select date, sum(messages) over (order by date) from delivery_total_daily",
    ],
)
def test_an_honest_query_is_answered(layout: Layout, sql: str) -> None:
    answer = asked(layout, sql)
    assert answer.rows
    assert len(answer.columns) == len(answer.types) == len(answer.rows[0])


ESCAPES = {
    "files": [
        "from read_text('FOLDER/secret.txt')",
        "select * from read_blob('/etc/passwd')",
        "from 'FOLDER/secret.csv'",
        'from "FOLDER/secret.csv"',
        "from read_csv('FOLDER/secret.csv')",
        "from read_csv_auto('/etc/passwd')",
        "from sniff_csv('FOLDER/secret.csv')",
        "from read_json('FOLDER/secret.json')",
        "from read_json_objects('FOLDER/secret.json')",
        "from read_ndjson_auto('FOLDER/secret.json')",
        "from read_parquet('FOLDER/data/projections/messages/*/*.parquet')",
        "from parquet_scan('FOLDER/data/projections/messages/*/*.parquet')",
        "from parquet_metadata('FOLDER/data/projections/messages/*/*.parquet')",
        "from parquet_kv_metadata('FOLDER/data/projections/messages/*/*.parquet')",
        "from parquet_schema('x')",
        "from glob('FOLDER/*')",
        "from glob('/**')",
        "from '/proc/self/environ'",
        "from read_text('/proc/self/cmdline')",
        "from read_duckdb('FOLDER/data/analytics.duckdb')",
        "from 'FOLDER/data/../secret.csv'",
        "from 'FOLDER/data/projections/../../secret.csv'",
        "select (select content from read_text('FOLDER/secret.txt'))",
        "select * from messages where exists (from glob('/etc/*'))",
        "from messages join lateral (from read_text('FOLDER/secret.txt')) on true",
    ],
    "network and extensions": [
        "from 'https://example.com/x.csv'",
        "from read_parquet('s3://bucket/x.parquet')",
        "from read_csv('http://127.0.0.1:1/x.csv')",
        "install httpfs",
        "load httpfs",
        "load 'FOLDER/x.duckdb_extension'",
        "from delta_scan('FOLDER')",
        "from iceberg_scan('FOLDER')",
        "from sqlite_scan('FOLDER/data/journal/journal.sqlite', 'x')",
        "from postgres_scan('', '', '')",
        "from from_substrait('x'::blob)",
    ],
    "secrets, settings and the environment": [
        "create secret s (type s3, key_id 'a', secret 'b')",
        "from duckdb_secrets()",
        "from which_secret('s3://x', 's3')",
        "from duckdb_settings()",
        "from pg_catalog.pg_settings",
        "select current_setting('allowed_directories')",
        "select getenv('HOME')",
        "select getvariable('x')",
        "set variable x = 1",
        "set enable_external_access = true",
        "reset lock_configuration",
        "set lock_configuration = false",
        "pragma enable_external_access",
        "pragma database_list",
        "from pragma_database_list()",
        "call pragma_version()",
        "from duckdb_databases()",
        "from duckdb_logs()",
        "select write_log('x')",
        "select set_config('a', 'b', false)",
    ],
    "writing": [
        "copy messages to 'FOLDER/out.csv'",
        "copy (select 1) to 'FOLDER/data/projections/out.parquet'",
        "copy messages from 'FOLDER/secret.csv'",
        "with x as (copy (select 1) to 'FOLDER/out.csv') from x",
        "with x as (insert into messages values (1) returning *) from x",
        "with x as (delete from messages returning *) from x",
        "export database 'FOLDER/out'",
        "import database 'FOLDER/out'",
        "attach 'FOLDER/out.duckdb' as out",
        "attach ':memory:' as out",
        "detach analytics",
        "use memory",
        "create table t as select 1",
        "create or replace view messages as select 1",
        "create temp macro f(x) as x",
        "create function messages(x) as table select 1",
        "drop view messages",
        "alter view messages rename to m",
        "insert into messages values (1)",
        "update messages set number = ''",
        "delete from messages",
        "truncate messages",
        "merge into messages using replies on true when matched then delete",
        "checkpoint",
        "vacuum",
        "begin",
        "prepare p as select 1",
        "execute p",
        "select 1 into t",
        "comment on view messages is 'x'",
    ],
    "more than one, and other statements": [
        "select 1; select 2",
        "select 1; drop view messages",
        "select 1;;copy (select 1) to 'FOLDER/x'",
        "explain analyze select 1",
        "",
        ";",
        "-- nothing",
        "/* select 1 */",
    ],
    "comments, quotes and odd letters": [
        "select * from/**/read_text/**/('FOLDER/secret.txt')",
        "FrOm ReAd_TeXt('FOLDER/secret.txt')",
        "from \"read_text\"('FOLDER/secret.txt')",
        "from main.read_text('FOLDER/secret.txt')",
        "from system.main.read_text('FOLDER/secret.txt')",
        "select 1 -- ' \n ; copy (select 1) to 'FOLDER/x'",
        "/* /* nested */ select 1; */ drop view messages",
        "select 1\u2028; select 2",
        "\ufeffcopy (select 1) to 'FOLDER/x'",
        "ｃｏｐｙ (select 1) to 'FOLDER/x'",
        "from\u00a0read_text('FOLDER/secret.txt')",
        "from ｒead_text('FOLDER/secret.txt')",
        "from $$FOLDER/secret.csv$$",
        "from e'FOLDER/secret.csv'",
        "select 1\0; drop view messages",
        "select '\ud800'",
        "select 1) ; copy (select 1) to 'FOLDER/x' --",
        "select 1') union all from read_text('FOLDER/secret.txt') --",
        "from query($sql)",
        "select $sql",
    ],
    "queries in queries": [
        "from query('from read_text(''FOLDER/secret.txt'')')",
        "from query('select ' || '1')",
        "from query_table('messages')",
        "from query_table(['FOLDER/secret.csv'])",
        "with messages as (from read_text('FOLDER/secret.txt')) from messages",
        "with read_text as (select 1) from read_text('FOLDER/secret.txt')",
        "with recursive x as (select 1 union from glob('/*')) from x",
        "with x as materialized (from query('select 1')) from x",
        "from internal.messages",
        "from internal.catalogue",
        "from analytics.internal.opt_out_words",
        "select internal.ago(0)",
        "from memory.main.x",
        "from sqlite_master",
        "from duckdb_views()",
        "from information_schema.tables",
        "from pg_catalog.pg_tables",
        "show all tables",
        "show databases",
        "select * from (show tables)",
        "from json_execute_serialized_sql('{}')",
        "pragma json_execute_serialized_sql('{}')",
    ],
}


@pytest.mark.parametrize("sql", [sql for group in ESCAPES.values() for sql in group])
def test_an_escape_fails_and_is_told_why(layout: Layout, sql: str) -> None:
    before = {path for path in layout.root.parent.rglob("*") if path.is_file()}
    with pytest.raises((QueryRefused, QueryFailed)) as caught:
        asked(layout, sql)
    told = str(caught.value)
    assert told.strip()
    assert "\n" not in told
    assert "exit code" not in told
    assert SECRET not in told
    assert {path for path in layout.root.parent.rglob("*") if path.is_file()} == before


BOMBS = [
    "select sum(a.range * b.range) from range(9_000_000_000) a, range(9_000_000_000) b",
    "select len(range(3_000_000_000))",
    "select len(list_transform(range(100_000_000), lambda x: range(100)))",
    "select len(repeat('x', 2_000_000_000))",
    "select string_agg(repeat('x', 100_000), '') from range(1_000_000)",
    "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n",
    "with recursive n(i) as (select 1::hugeint union all select i + 1 from n, range(9)) from n",
    "select count(*) from messages a, messages b, messages c, messages d, messages e, messages f",
    "select regexp_matches(repeat('a', 30_000_000), '(a*)*(a*)*(a*)*b')",
    "select i, array_agg(i) over () from range(1_000_000) t(i)",
    "select md5(string_agg(i::varchar, '')) from range(900_000_000) t(i)",
    "select count(distinct hash(i)) from range(900_000_000) t(i)",
    "select decode(unbin(repeat('01', 500_000_000)))",
    "select " + "(" * 9_000 + "1" + ")" * 9_000,
    "select " + "-" * 0 + "+".join(["1"] * 9_000),
    "select " + "[" * 5_000 + "]" * 5_000,
    "select " + "case when true then " * 900 + "1" + " end" * 900,
    "select '" + "x" * 30_000 + "'",
    "select sleep_ms(60_000)",
]


@pytest.mark.parametrize("sql", BOMBS, ids=lambda sql: sql[:40])
def test_a_bomb_goes_off_in_its_own_process(layout: Layout, sql: str) -> None:
    limits = Limits(seconds=2)
    try:
        answer = asked(layout, sql, limits)
    except (QueryRefused, QueryFailed) as error:
        assert str(error).strip()
    else:
        assert sum(len(str(row)) for row in answer.rows) < 2 * limits.answer_bytes
    assert asked(layout, "select 1").rows == [[1]]


def test_rows_and_answers_are_limited(layout: Layout) -> None:
    limits = Limits(seconds=30, rows=10, answer_bytes=100_000)
    few = asked(layout, "select i from range(10) t(i) order by i", limits)
    assert (len(few.rows), few.is_cut) == (10, False)
    many = asked(layout, "select i from range(1_000_000) t(i)", limits)
    assert (len(many.rows), many.is_cut) == (10, True)
    with pytest.raises(QueryFailed, match="ask for less"):
        asked(layout, "select repeat('x', 200_000)", limits)


def test_wrong_sql_and_a_missing_catalogue_are_told_as_such(layout: Layout, tmp_path: Path) -> None:
    with pytest.raises(QueryFailed, match="nonsense"):
        asked(layout, "select nonsense from messages")
    with pytest.raises(QueryFailed, match="syntax error"):
        asked(layout, "selekt 1")
    with pytest.raises(CatalogueMissing):
        ask(tmp_path / "analytics.duckdb", "select 1")
    assert issubclass(QueryFailed, CatalogueError)
