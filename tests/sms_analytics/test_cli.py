"""The command line: one clear line for each wrong use, and the right exit code."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest

from eventlog.layout import Layout
from ingest.journal import Journal
from tests.serving import run


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nonsense"], "No such command 'nonsense'"),
        (["serve", "--port", "x"], "'--port'"),
        (["serve", "--prot", "1"], "No such option: --prot"),
        (["export"], "Missing argument 'name'"),
        (["export", "messages", "--format", "doc"], "'--format'"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(arguments: list[str], said: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["serve", "--port", "99999"], "server.port"),
        (["serve", "--host", "0.0.0.0"], "token"),
        (["import", "no-such-file.ndjson"], "no-such-file.ndjson"),
        (["sql", "select 1"], "refresh"),
        (["report"], "refresh"),
        (["sql", "select 1", "--as-of", "2999-01-01"], "in the future"),
        (["report", "--as-of", "yesterday"], "2026-11-24T09:30"),
        (["export", "messages"], "refresh"),
        (["token", "revoke", "3f9a1c2e"], "3f9a1c2e"),
        (["token", "create", "--label", "x" * 65], "label"),
    ],
)
def test_failure_is_one_line_and_exit_code_1(
    tmp_path: Path, arguments: list[str], said: str
) -> None:
    done = run(*arguments, "--data", tmp_path / "data")
    assert done.returncode == 1, done.stderr
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


@pytest.mark.parametrize("value", ["10.0.0.1", '["x"]'])
def test_a_wrong_variable_is_one_line(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SMS_ANALYTICS_INGEST__ALLOWED_ADDRESSES", value)
    done = run("token", "list")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "ingest" in done.stderr


def test_help_names_every_command() -> None:
    done = run("--help")
    assert done.returncode == 0
    commands = "demo serve import refresh rebuild compact report export sql verify simulate token"
    assert all(command in done.stdout for command in commands.split())


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data directory that holds one message and one dead letter."""
    folder = tmp_path_factory.mktemp("cli")
    recording = folder / "webhooks.ndjson"
    recording.write_text(
        '{"ingested_at": "2026-11-02T08:15:05Z",'
        ' "content_type": "application/x-www-form-urlencoded",'
        ' "url": "/webhooks/smso?campaign=spring",'
        ' "body": "uuid=11111111-2222-3333-4444-555555555555&status=delivered'
        "&sent_at=2026-11-02 08:15:00&delivered_at=2026-11-02 08:15:04"
        '&receiver[number]=+40722334455&receiver[mcc]=226&receiver[mnc]=01"}\n'
        '{"content_type": "application/json", "body": "{"}\n'
    )
    data = folder / "data"
    assert run("import", recording, "--data", data).returncode == 0
    assert run("refresh", "--data", data).returncode == 0
    return data


def test_import_then_sql(data: Path) -> None:
    query = "select network, campaign, state, latency_seconds from messages"
    done = run("sql", query, "--format", "json", "--data", data)
    assert done.returncode == 0, done.stderr
    assert '"Vodafone"' in done.stdout
    assert '"spring"' in done.stdout
    assert (done.stderr, done.stdout.count("delivered")) == ("", 1)


def test_sql_comes_from_a_pipe(data: Path) -> None:
    done = run(
        "sql", "--format", "csv", "--data", data, stdin="select count(*) n from dead_letters"
    )
    assert done.stdout.split() == ["n", "1"]


def test_sql_in_a_file_or_a_pipe_can_be_parquet(data: Path, tmp_path: Path) -> None:
    (tmp_path / "query.sql").write_text("-- how many\nselect count(*) as n from messages\n")
    out = tmp_path / "answer.parquet"
    arguments = ["--file", str(tmp_path / "query.sql"), "--format", "parquet", "--out", str(out)]
    done = run("sql", *arguments, "--data", data)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert pl.read_parquet(out).columns == ["n"]
    assert run("sql", "select 1", *arguments, "--data", data).returncode == 2
    assert run("sql", "--file", str(tmp_path / "no.sql"), "--data", data).returncode == 1


def test_fresh_sql_sees_all_that_was_acknowledged(data: Path, tmp_path: Path) -> None:
    recording = data.parent / "webhooks.ndjson"
    assert run("import", recording, "--data", tmp_path / "new").returncode == 0
    query = ("sql", "select count(*) from events", "--format", "csv", "--data", tmp_path / "new")
    assert run(*query).returncode == 1  # nothing was published yet
    done = run(*query, "--fresh")
    assert (done.stdout.split()[1:], done.stderr) == (["1"], "")


def test_fresh_sql_names_a_folder_that_is_not_there(tmp_path: Path) -> None:
    done = run("sql", "select 1", "--data", tmp_path / "misspelt", "--fresh")
    assert done.returncode == 1
    assert f"no catalogue at {tmp_path / 'misspelt'}" in done.stderr
    assert not (tmp_path / "misspelt").exists()


def test_wrong_sql_is_one_line(data: Path) -> None:
    done = run("sql", "selct 1", "--data", data)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1


def test_sql_cannot_write(data: Path) -> None:
    target = data / "stolen.csv"
    done = run("sql", f"copy (select 1) to '{target}'", "--data", data)
    assert done.returncode == 1
    assert not target.exists()


def test_rebuild_and_verify(data: Path) -> None:
    assert run("rebuild", "--data", data).returncode == 0
    done = run("verify", "--data", data)
    assert done.returncode == 0, done.stdout + done.stderr
    with Journal.open(Layout(data).journal) as journal:
        assert done.stdout.startswith(f"{journal.last_seq():,} webhooks: ")


@pytest.mark.parametrize(
    "command",
    [
        ["verify"],
        ["compact"],
        ["redrive"],
        ["rebuild"],
        ["export", "delivery_daily"],
        ["report"],
        ["sql", "select 1"],
        ["sql", "--fresh", "select 1"],
    ],
    ids=" ".join,
)
def test_a_misspelt_data_directory_is_named_and_not_made(
    command: list[str], tmp_path: Path
) -> None:
    misspelt = tmp_path / "dta"
    done = run(*command, "--data", misspelt)
    assert (done.returncode, done.stdout) == (1, "")
    assert str(misspelt) in done.stderr
    assert done.stderr.count("\n") == 1
    assert not misspelt.exists()


def test_verify_names_a_changed_file(data: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(data, copy)
    file = next(copy.glob("events/ingested_date=*/*.parquet"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    done = run("verify", "--data", copy)
    assert done.returncode == 1
    assert file.name in done.stdout


def test_export_and_report_print_their_path(data: Path) -> None:
    exported = run("export", "delivery_daily", "--data", data)
    assert Path(exported.stdout.strip()).read_text().startswith("date,")
    reported = run("report", "--from", "2026-11-01", "--to", "2026-11-03", "--data", data)
    page = Path(reported.stdout.strip()).read_text()
    assert "Vodafone" in page
    assert "40722334455" not in page
    assert "11111111" not in page


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["export", "no_such_view"], "no_such_view"),
        (["export", "delivery_daily", "--from", "soon"], "soon"),
        (["report", "--from", "2026-11-05", "--to", "2026-11-01"], "2026-11-01"),
    ],
)
def test_wrong_names_and_dates_are_one_line(data: Path, arguments: list[str], said: str) -> None:
    done = run(*arguments, "--data", data)
    assert done.returncode == 1
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
