"""A stranger's query reads the public views and does nothing else, whatever it tries."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from analytics.door import Catalogue
from analytics.failures import CatalogueError, CatalogueMissing, QueryFailed, QueryRefused
from analytics.sandbox import Kind, Limits, Rows, rows_of
from eventlog.layout import Layout
from reports.console import Console
from reports.personal import disguise
from tests.analytics.make_catalogue import make_catalogue

AS_OF = datetime(2026, 11, 24, 12, tzinfo=UTC)
SECRET = "the-secret-of-another-file"
PATIENT = Limits(seconds=240, gives_way=False)
AT_ONCE = 3
HURRIED = Limits(seconds=2, gives_way=False)
DISGUISE = disguise(show_personal_data=False, signed_in=True)


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    folder = tmp_path_factory.mktemp("sandbox")
    for name in ("secret.txt", "secret.csv", "secret.json"):
        (folder / name).write_text(f'{{"a": "{SECRET}"}}\n')
    return make_catalogue(folder / "data", AS_OF, count=200, days=4)


def tries(
    catalogue: Path,
    queries: list[str],
    disguise: dict[str, Kind] | None = None,
    limits: Limits = PATIENT,
) -> list[Rows | CatalogueError]:
    """Return what becomes of each query, a few at a time, as the console answers them."""

    async def one(console: Console, sql: str) -> Rows | CatalogueError:
        try:
            return rows_of(await console.ask(sql, disguise or {}))
        except CatalogueError as error:
            return error

    async def all_of_them() -> list[Rows | CatalogueError]:
        console = Console(catalogue, places=AT_ONCE, limits=limits)
        told: list[Rows | CatalogueError] = []
        for at in range(0, len(queries), AT_ONCE):
            told += await asyncio.gather(*(one(console, sql) for sql in queries[at : at + AT_ONCE]))
        console.close()
        return told

    return asyncio.run(all_of_them())


def asked(layout: Layout, sql: str, limits: Limits = PATIENT) -> Rows:
    (told,) = tries(layout.catalogue, [sql], limits=limits)
    if isinstance(told, CatalogueError):
        raise told
    return told


HONEST = [
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
]


@pytest.mark.parametrize("disguise", [{}, DISGUISE], ids=["whole", "disguised"])
def test_an_honest_query_is_answered(layout: Layout, disguise: dict[str, Kind]) -> None:
    for sql, said in zip(HONEST, tries(layout.catalogue, HONEST, disguise), strict=True):
        assert isinstance(said, Rows), (sql, said)
        assert said.rows
        assert len(said.columns) == len(said.types) == len(said.rows[0])


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
        "show tables from analytics.internal",
        "from (show tables from analytics.internal)",
        "from (show all tables)",
        "show variables",
        "select json_serialize_plan('from messages')",
        "select json_serialize_plan('select current_setting(''threads'')', optimize := true)",
        "select json_serialize_plan(sql) from (values ('from internal.catalogue')) t(sql)",
        "select json_deserialize_sql(json_serialize_sql('from messages'))",
        "from json_execute_serialized_sql('{}')",
        "pragma json_execute_serialized_sql('{}')",
    ],
    "places where a function may stand": [
        "select 1 limit (select count(*) from glob('/*'))",
        "select 1 order by current_setting('threads')",
        "select 1 group by grouping sets ((current_setting('threads')))",
        "select 1 qualify current_setting('threads') = 'x'",
        "select count(*) filter (current_setting('threads') = '1') from messages",
        "select sum(1) over (partition by current_setting('threads')) from networks",
        "select [current_setting(x) for x in ['threads']]",
        "select list_transform(['threads'], lambda x: x.current_setting())",
        "select list_aggregate(['threads'], 'current_setting')",
        "select * replace (current_setting('threads') as mcc) from networks",
        "from networks pivot (first(current_setting('threads')) for mnc in ('01'))",
        "from generate_series(1, (select count(*) from glob('/*')))",
        "select wilson_low(k := (select count(*) from glob('/*')), n := 2)",
        "from delivery_between((select content from read_text('/etc/passwd'))::date, null)",
        "with recursive x(i) using key (i) as (select 1 union from glob('/*')) from x",
    ],
    "where and how values lie": [
        "select filename from events",
        "select file_row_number from events",
        "select rowid from messages",
        "select stats(number) from messages",
        "from messages at (version => 1)",
        'from "networ\u212as"',
        "from seq_scan('messages')",
        "from arrow_scan(1, 2, 3)",
    ],
    "names that mean something else out of their scope": [
        "from (with message_facts as (select 1) from message_facts) a, message_facts b",
        "select (with reply_facts as (select 1) from reply_facts), (select body from reply_facts)",
        "with message_facts as (select 1 as a) from message_facts",
        "with duckdb_views as (select 1) from duckdb_views",
        "with sqlite_master as (select 1) from sqlite_master",
        "from (with names_today as (select 1) from names_today), names_today",
        'with "FOLDER/secret.csv" as (select 1) from "FOLDER/secret.csv"',
        'with "a/b.parquet" as (select 1) from "a/b.parquet"',
        "from analytics.main.messages",
        "from main.messages",
        "from analytics.messages",
        "from memory.main.messages",
        "from memory.hidden.key()",
        "select hidden.key()",
        "select memory.hidden.number('+40722000000')",
        "from analytics.main.receipt_doubts_between(null, null)",
        "from main.receipt_doubts_between(null, null)",
        "select data_folder()",
        "select internal.data_folder()",
        "from internal.message_facts",
        "from message_facts",
        "from recipients(null, null, true, true)",
        "select normal_text('x')",
    ],
}


@pytest.mark.parametrize("group", ESCAPES)
def test_an_escape_fails_and_is_told_why(layout: Layout, group: str) -> None:
    all_fail(layout, ESCAPES[group], DISGUISE)


def test_an_escape_fails_where_nothing_is_hidden(layout: Layout) -> None:
    groups = ("queries in queries", "names that mean something else out of their scope")
    all_fail(layout, [sql for group in groups for sql in ESCAPES[group]], {})


def all_fail(layout: Layout, escapes: list[str], disguise: dict[str, Kind]) -> None:
    before = files(layout)
    queries = [sql.replace("FOLDER", str(layout.root.parent)) for sql in escapes]
    for sql, said in zip(queries, tries(layout.catalogue, queries, disguise), strict=True):
        assert isinstance(said, (QueryRefused, QueryFailed)), sql
        told = str(said)
        assert told.strip()
        assert "\n" not in told
        assert "not answered" not in told, sql
        assert SECRET not in told
    assert files(layout) == before


def files(layout: Layout) -> set[Path]:
    return {path for path in layout.root.parent.rglob("*") if path.is_file()}


def test_there_are_as_many_tries_as_are_claimed() -> None:
    assert sum(map(len, ESCAPES.values())) >= 180
    assert len(BOMBS) >= 22


WIDE = "from range(10) select " + ",".join(["null"] * 3_000)
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
    "select error(repeat('x', 40_000_000))",
    "select now() at time zone repeat('x', 10_000_000)",
    WIDE.replace("10", "10_000"),
]


def test_bombs_go_off_in_processes_of_their_own(layout: Layout) -> None:
    queries = [*BOMBS, "select 1"]
    told = tries(layout.catalogue, queries, limits=HURRIED)
    for sql, said in zip(queries, told, strict=True):
        if isinstance(said, Rows):
            assert sum(len(str(row)) for row in said.rows) < 2 * HURRIED.answer_bytes, sql[:60]
        else:
            assert 0 < len(str(said).strip()) < 2_000, sql[:60]
    assert asked(layout, "select 1").rows == [["1"]]


def test_rows_and_answers_are_limited(layout: Layout) -> None:
    limits = Limits(seconds=240, rows=10, answer_bytes=100_000, gives_way=False)
    few = asked(layout, "select i from range(10) t(i) order by i", limits)
    assert (len(few.rows), few.is_cut) == (10, False)
    many = asked(layout, "select i from range(1_000_000) t(i)", limits)
    assert (len(many.rows), many.is_cut) == (10, True)
    for too_much in ("select repeat('x', 200_000)", WIDE):
        with pytest.raises(QueryFailed, match="ask for less"):
            asked(layout, too_much, limits)
    with pytest.raises(QueryFailed, match="x…"):
        asked(layout, "select error(repeat('x', 1_000_000))", limits)


def test_wrong_sql_and_a_missing_catalogue_are_told_as_such(layout: Layout, tmp_path: Path) -> None:
    with pytest.raises(QueryFailed, match="nonsense"):
        asked(layout, "select nonsense from messages")
    with pytest.raises(QueryFailed, match="syntax error"):
        asked(layout, "selekt 1")
    with pytest.raises(CatalogueMissing):
        asked(Layout(tmp_path), "select 1")
    assert issubclass(QueryFailed, CatalogueError)


def test_nobody_is_told_by_whatever_is_asked_in_disguise(layout: Layout) -> None:
    with Catalogue.open(layout.catalogue) as catalogue:
        names = catalogue.described()
        messages = catalogue.frame("select number, message_id from messages")
        replies = catalogue.frame("select number, reply_id, body from replies")
    secrets = {*messages["number"], *messages["message_id"], *replies["number"]}
    secrets |= set(replies["reply_id"])
    bodies = set(replies["body"])
    queries = [f"from {view.name}" for view in names.views]
    queries += [f"from {macro.name}(null, null)" for macro in names.macros if macro.is_table]
    queries += ["summarize messages", "summarize replies", "select list(number) from messages"]
    for sql, said in zip(queries, tries(layout.catalogue, queries, DISGUISE), strict=True):
        assert isinstance(said, Rows), (sql, said)
        shown = [cell for row in said.rows for cell in row if cell]
        assert not bodies & set(shown), sql
        text = "\n".join(shown)
        assert not [secret for secret in secrets if secret in text], sql


def test_counts_and_joins_are_right_in_disguise(layout: Layout) -> None:
    queries = [
        "select count(distinct number), count(distinct message_id), count(number) from messages",
        "select count(*) from messages join replies using (message_id, number)",
        "select count(*) from conversations join messages using (number)",
        "select count(*), count(body), count(replied_to) from replies",
        "select recipients, opted_out from reply_between(null, null)",
    ]
    whole = tries(layout.catalogue, queries)
    assert all(isinstance(said, Rows) for said in whole)
    assert whole == tries(layout.catalogue, queries, DISGUISE)


def test_a_sign_is_of_one_answer_alone(layout: Layout) -> None:
    sql = "select number, message_id from messages order by sent_at, message_id limit 1"
    first, second = tries(layout.catalogue, [sql] * 2, DISGUISE)
    assert isinstance(first, Rows) and isinstance(second, Rows)
    assert str(first.rows[0][0])[:9] == str(second.rows[0][0])[:9]
    assert first.rows != second.rows


def test_texts_are_for_those_who_signed_in() -> None:
    assert disguise(show_personal_data=True, signed_in=True) == {}
    assert set(disguise(show_personal_data=True, signed_in=False)) == {"body", "raw", "tags"}
    hidden = disguise(show_personal_data=False, signed_in=True)
    assert {"number", "message_id", "reply_id", "conversation_id", "body"} <= hidden.keys()
    assert hidden == disguise(show_personal_data=False, signed_in=False)
