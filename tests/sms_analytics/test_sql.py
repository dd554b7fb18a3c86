"""Answers come in the form asked for, and no stranger's text steers the terminal."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import signal
import threading
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from analytics.door import Catalogue, CatalogueMissing, QueryFailed, QueryRefused
from sms_analytics.completion import SqlCompleter
from sms_analytics.failures import AnswerError, StoppedError
from sms_analytics.sql import answer, prompt, run_query
from sms_analytics.tables import Format, harmless
from tests.analytics.make_catalogue import make_catalogue

HOSTILE = (
    "select 'hei' || chr(27) || ']0;owned' || chr(7) || chr(10) || chr(8238) || '日本😀' as body"
)
EVERY_TYPE = """
    select 1.50::decimal(9, 2) as amount, 2::hugeint as whole, 'nan'::double as none,
        timestamptz '2026-11-24 12:00:00+02' as at, date '2026-11-24' as day, null as nothing,
        '\\xAA\\x00'::blob as raw, [1, 2] as list, true as yes, 'a "b"' as text
"""


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    as_of = datetime(2026, 11, 24, 12, tzinfo=UTC)
    return make_catalogue(tmp_path_factory.mktemp("data"), as_of, count=50, days=3).catalogue


def ask(catalogue: Path, sql: str, form: Format) -> str:
    out = io.StringIO()
    run_query(catalogue, sql, form, out)
    return out.getvalue()


def test_json_is_one_array_of_objects(catalogue: Path) -> None:
    text = ask(catalogue, EVERY_TYPE, "json")
    assert json.loads(text) == [
        {
            "amount": 1.5,
            "whole": 2,
            "none": None,
            "at": "2026-11-24T10:00:00Z",
            "day": "2026-11-24",
            "nothing": None,
            "raw": "aa00",
            "list": [1, 2],
            "yes": True,
            "text": 'a "b"',
        }
    ]
    assert '"amount":1.50,' in text
    assert len(json.loads(ask(catalogue, "from messages", "json"))) == 50
    assert json.loads(ask(catalogue, "from messages limit 0", "json")) == []


def test_csv_carries_exact_values(catalogue: Path) -> None:
    header, row = csv.reader(io.StringIO(ask(catalogue, EVERY_TYPE, "csv")), strict=True)
    assert header[:2] == ["amount", "whole"]
    expected = ["1.50", "2", "nan", "2026-11-24T10:00:00Z", "2026-11-24"]
    assert row == [*expected, "", "aa00", "[1,2]", "true", 'a "b"']


def test_markdown_carries_no_markup_of_strangers(catalogue: Path) -> None:
    sql = "select 'a|b <i>*x*</i>' || chr(10) as \"b|c\", null as d, 7 as n"
    header, rule, row = ask(catalogue, sql, "markdown").splitlines()
    assert header == "| b\\|c | d | n |"
    assert rule == "| --- | ---: | ---: |"
    assert row == "| a\\|b \\<i\\>\\*x\\*\\</i\\>␊ |  | 7 |"


def test_answer_goes_into_a_file_whole_or_not_at_all(catalogue: Path, tmp_path: Path) -> None:
    answer(catalogue, "from messages", "parquet", tmp_path / "all.parquet")
    assert pl.read_parquet(tmp_path / "all.parquet").height == 50
    answer(catalogue, "select 1 as a", "csv", tmp_path / "one.csv")
    assert (tmp_path / "one.csv").read_text() == "a\n1\n"
    late = "select case when i = 8000 then error('late') else i end from range(9999) as t (i)"
    with pytest.raises(QueryFailed, match="late"):
        answer(catalogue, late, "csv", tmp_path / "one.csv")
    with pytest.raises(AnswerError, match="cannot write"):
        answer(catalogue, "select 1", "csv", tmp_path / "no" / "where.csv")
    assert (tmp_path / "one.csv").read_text() == "a\n1\n"
    assert {path.name for path in tmp_path.iterdir()} == {"all.parquet", "one.csv"}


@pytest.mark.parametrize(
    ("typed", "first", "never"),
    [
        ("", ".tables", "x"),
        ("select * from deli", "delivery_between", "delivered"),
        ("select messages.lat", "latency_seconds", "latency_p50"),
        ("select cou", "country", "messages"),
        ("select wil", "wilson_high", "messages"),
        (".schema mess", "messages", "message_id"),
        (".schema wil", "wilson_high", "within_5s"),
        ("sel", "select", "messages"),
    ],
)
def test_tab_offers_what_fits(catalogue: Path, typed: str, first: str, never: str) -> None:
    with Catalogue.open(catalogue) as opened:
        completer = SqlCompleter(opened.described())
    offered = [one.text for one in completer.get_completions(Document(typed), CompleteEvent())]
    assert first in offered[:6]
    assert never not in offered


def test_columns_of_the_view_that_is_named_come_first(catalogue: Path) -> None:
    with Catalogue.open(catalogue) as opened:
        completer = SqlCompleter(opened.described())
    typed = Document("select r from replies", 8)
    offered = [one.text for one in completer.get_completions(typed, CompleteEvent())]
    assert offered[0] == "reply_id"


def test_table_shows_what_would_steer_the_terminal(catalogue: Path) -> None:
    text = ask(catalogue, HOSTILE, "table")
    assert "hei␛]0;owned␇␊�日本😀" in text
    assert not {"\x1b", "\x07", "\u202e"} & set(text)


@given(st.text())
def test_harmless_text_is_printable_and_printable_text_unchanged(text: str) -> None:
    shown = harmless(text)
    assert shown.replace("\u200d", "").isprintable()
    assert len(shown) == len(text)
    assert all(new == old for new, old in zip(shown, text, strict=True) if old.isprintable())


def test_table_cuts_long_values_and_says_when_rows_are_missing(catalogue: Path) -> None:
    text = ask(catalogue, "select repeat('x', 500) as long from range(10001)", "table")
    assert max(map(len, text.splitlines())) < 60
    assert text.endswith("only the first 10,000 rows are shown\n")


def test_narrow_terminal_gets_a_block_a_row(
    catalogue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("TERM", "dumb")
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as out, os.fdopen(ours, "rb", buffering=0) as screen:
        run_query(
            catalogue, "select repeat('a', 40) as one, repeat('b', 40) as second", "table", out
        )
        out.flush()
        lines = screen.read(100_000).decode().splitlines()
    assert lines == ["— row 1", f"   one  {'a' * 40}", f"second  {'b' * 40}"]


@pytest.mark.parametrize(
    ("sql", "error"),
    [
        ("selct 1", QueryFailed),
        ("", QueryRefused),
        ("from nowhere", QueryFailed),
        ("select 1; select 2", QueryRefused),
        ("drop view messages", QueryRefused),
        ("from read_text('/etc/passwd')", QueryRefused),
    ],
)
def test_what_cannot_be_answered_is_one_line(
    catalogue: Path, sql: str, error: type[Exception]
) -> None:
    with pytest.raises(error) as raised:
        ask(catalogue, sql, "table")
    assert "\n" not in str(raised.value)


def test_ctrl_c_stops_a_query(catalogue: Path) -> None:
    endless = "select count(*) from range(1000000) a, range(1000000) b where a.range * b.range = 3"
    stopped = threading.Event()

    def press() -> None:
        while not stopped.wait(0.2):
            os.kill(os.getpid(), signal.SIGINT)

    before = signal.signal(signal.SIGINT, lambda *_: None)  # for when it comes too early or late
    finger = threading.Thread(target=press)
    finger.start()
    try:
        with pytest.raises(StoppedError):
            ask(catalogue, endless, "csv")
    finally:
        stopped.set()
        finger.join()
        signal.signal(signal.SIGINT, before)


class TestPrompt:
    def test_query_runs_over_lines_up_to_its_semicolon(self, catalogue: Path) -> None:
        assert "42" in typed_into(catalogue, "select 40\r+ 2 as sum\r;\r\x04")

    def test_commands_tell_what_there_is(self, catalogue: Path) -> None:
        shown = typed_into(catalogue, ".tables\r.schema networks\r.schema nope\r.what\r.quit\r")
        told = typed_into(catalogue, ".schema delivery_between\r.quit\r")
        assert "delivery_between(from_date, to_date)\nGrain: one row" in told
        assert "delivery_daily" in shown
        assert "country_code" in shown
        assert "no view or macro is called 'nope'" in shown
        assert ".schema NAME" in shown

    def test_mistake_and_ctrl_c_do_not_end_it(self, catalogue: Path) -> None:
        shown = typed_into(catalogue, "selct 1;\rselect 'dropped' \x03select 7 as n;\r\x04")
        assert "syntax error" in shown
        assert "dropped" not in shown
        assert "7" in shown.rpartition("n")[2]

    def test_missing_catalogue_is_said_at_once(self, tmp_path: Path) -> None:
        with pytest.raises(CatalogueMissing):
            prompt(tmp_path / "analytics.duckdb")


def typed_into(catalogue: Path, keys: str) -> str:
    with create_pipe_input() as keyboard:
        session: PromptSession[str] = PromptSession(input=keyboard, output=DummyOutput())
        keyboard.send_text(keys)
        out = io.StringIO()
        prompt(catalogue, session, out)
        return out.getvalue()
