"""An export is the view, row for row, opens everywhere, and tells nobody's number."""

from __future__ import annotations

import csv
import fcntl
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports import exports, extract
from reports.exports import ExportError, UnknownViewError, export, stream
from reports.privacy import mask_numbers
from reports.spreadsheets import csv_lines

NUMBER = "+40722334455"
MESSAGE = "0b0e7d3c-6a1f-4d35-8d8f-2f5a3a4b5c6d"
HOSTILE = '=HYPERLINK("http://a.example";"ștergeți, \r\n😀")'


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    path = tmp_path / "analytics.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute((Path(__file__).parent / "exports.sql").read_text(encoding="utf-8"))
    return path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def test_csv_reads_back_the_same_in_python_and_in_polars(catalogue: Path, tmp_path: Path) -> None:
    out = export(catalogue, "delivery_daily", "csv", tmp_path / "out" / "daily.csv")
    assert out.read_bytes().startswith(b"date,mcc,mnc,network,messages,delivery_rate\r\n")
    assert [row["date"] for row in rows(out)] == ["2026-11-01", "2026-11-02", "2026-11-02"]
    frame = pl.read_csv(out, schema_overrides={"mcc": pl.String, "mnc": pl.String})
    assert frame["mnc"].to_list() == ["03", "01", "03"]
    assert frame["delivery_rate"].to_list() == [0.5, None, 1.0]


def test_days_asked_for_are_included_at_both_ends(catalogue: Path, tmp_path: Path) -> None:
    out = tmp_path / "daily.csv"
    day = date(2026, 11, 2)
    assert len(rows(export(catalogue, "delivery_daily", "csv", out, day, day))) == 2
    assert len(rows(export(catalogue, "delivery_daily", "csv", out, None, date(2026, 11, 1)))) == 1


def test_networks_of_a_period_are_computed_for_it(catalogue: Path, tmp_path: Path) -> None:
    out = tmp_path / "networks.csv"
    whole = rows(export(catalogue, "network_performance", "csv", out))
    first = rows(export(catalogue, "network_performance", "csv", out, None, date(2026, 11, 1)))
    assert [row["messages"] for row in whole] == ["0", "6"]
    assert [row["messages"] for row in first] == ["2"]


def test_times_are_written_in_utc_and_rows_come_in_their_order(
    catalogue: Path, tmp_path: Path
) -> None:
    out = export(catalogue, "replies", "csv", tmp_path / "replies.csv")
    assert [row["received_at"] for row in rows(out)] == [
        "2026-11-01T21:59:59Z",
        "2026-11-01T22:00:00Z",
        "2026-11-02T21:59:59.500Z",
    ]


def test_numbers_are_masked_and_uuids_bodies_and_raw_left_out(
    catalogue: Path, tmp_path: Path
) -> None:
    for name in ("events", "messages", "replies"):
        text = export(catalogue, name, "csv", tmp_path / f"{name}.csv").read_text(encoding="utf-8")
        assert "'+40722•••455" in text
        assert NUMBER not in text
        assert MESSAGE not in text
        assert "ștergeți" not in text
        frame = pl.read_parquet(export(catalogue, name, "parquet", tmp_path / f"{name}.parquet"))
        assert set(frame["number"]) == {"+40722•••455"}
        assert {"message_id", "body", "raw", "digest"}.isdisjoint(frame.columns)


def test_personal_data_is_there_when_asked_for(catalogue: Path, tmp_path: Path) -> None:
    out = export(catalogue, "replies", "csv", tmp_path / "r.csv", show_personal_data=True)
    assert rows(out)[0] | {"number": f"'{NUMBER}", "body": f"'{HOSTILE}"} == rows(out)[0]
    out = export(catalogue, "events", "csv", tmp_path / "e.csv", show_personal_data=True)
    assert bytes.fromhex(rows(out)[0]["raw"]) == b"uuid=\xff"


def test_parquet_keeps_types_and_bytes(catalogue: Path, tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    frame = pl.read_parquet(export(catalogue, "events", "parquet", path, show_personal_data=True))
    assert frame["raw"].to_list() == [b"uuid=\xff"]
    assert frame["ingested_at"].to_list() == [datetime(2026, 11, 1, 12, tzinfo=UTC)]
    assert frame.schema["seq"] == pl.Int64


@pytest.mark.parametrize("number", ["", "12345", "123456", "+4072", "+40722334455", "ș" * 9, None])
def test_parquet_and_csv_mask_alike(tmp_path: Path, number: str | None) -> None:
    path = tmp_path / "analytics.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("create table n as select $1::varchar as number", [number])
        connection.execute("create view numbers as from n")
    frame = pl.read_parquet(export(path, "numbers", "parquet", tmp_path / "n.parquet"))
    masked = mask_numbers(pl.LazyFrame({"number": [number]}, {"number": pl.String})).collect()
    assert frame.equals(masked)


def test_xlsx_carries_types_and_no_formula(catalogue: Path, tmp_path: Path) -> None:
    out = export(catalogue, "replies", "xlsx", tmp_path / "r.xlsx", show_personal_data=True)
    with zipfile.ZipFile(out) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "HYPERLINK" in sheet
    assert "<f>" not in sheet
    assert sheet.count("<row ") == 4


def test_xlsx_too_long_for_a_sheet_is_refused(
    catalogue: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "ROWS_MAX", 2)
    with pytest.raises(ExportError, match=r"^3 rows do not fit an Excel sheet, which has 2 "):
        export(catalogue, "replies", "xlsx", tmp_path / "d.xlsx")
    with pytest.raises(ExportError, match=r"^3 rows do not fit an Excel sheet, which has 2 "):
        export(catalogue, "delivery_daily", "xlsx", tmp_path / "d.xlsx")
    assert list(tmp_path.glob("*d.xlsx*")) == []


def test_unknown_names_are_answered_with_the_names_there_are(
    catalogue: Path, tmp_path: Path
) -> None:
    for name in ("nope", "internal.catalogue", "read_text('/etc/passwd')"):
        with pytest.raises(UnknownViewError, match=r"there are: delivery_daily .*replies$"):
            export(catalogue, name, "csv", tmp_path / "x.csv")


def test_dates_that_cannot_be_are_refused(catalogue: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.csv"
    with pytest.raises(ExportError, match="networks has no dates"):
        export(catalogue, "networks", "csv", out, date(2026, 11, 1))
    with pytest.raises(ExportError, match="before it begins"):
        export(catalogue, "replies", "csv", out, date(2026, 11, 2), date(2026, 11, 1))
    assert not out.exists()


@pytest.mark.parametrize("rows_a_piece", [1, 2, 3])
def test_rows_are_the_same_however_many_a_piece_has(
    catalogue: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows_a_piece: int
) -> None:
    views = ("replies", "messages", "events", "networks")
    whole = [export(catalogue, name, "csv", tmp_path / name).read_bytes() for name in views]
    monkeypatch.setattr(extract, "PIECE_ROWS", rows_a_piece)
    again = [export(catalogue, name, "csv", tmp_path / name).read_bytes() for name in views]
    assert again == whole


def test_a_period_without_rows_has_a_header(catalogue: Path, tmp_path: Path) -> None:
    out = export(catalogue, "messages", "csv", tmp_path / "m.csv", date(2027, 1, 1))
    assert out.read_bytes() == b"number,sent_date,sent_at\r\n"


def test_nothing_is_written_for_nobody(catalogue: Path, tmp_path: Path) -> None:
    out = tmp_path / "rows"
    out.touch()
    with out.open("rb") as reader:
        fcntl.flock(reader, fcntl.LOCK_SH)
        stream(catalogue, "replies", out)
        assert len(reader.read().splitlines()) == 4
    stream(catalogue, "replies", out)
    assert len(rows(out)) == 3


def test_failed_export_leaves_the_file_of_before(catalogue: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.csv"
    out.write_text("of before")
    with pytest.raises(UnknownViewError):
        export(catalogue, "nope", "csv", out)
    with pytest.raises(ExportError, match="cannot write"):
        export(catalogue, "networks", "csv", out / "under a file.csv")
    assert out.read_text() == "of before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["analytics.duckdb", "x.csv"]


def test_export_is_the_same_each_time(catalogue: Path, tmp_path: Path) -> None:
    files = [export(catalogue, "networks", "csv", tmp_path / f"{turn}.csv") for turn in range(4)]
    assert len({file.read_bytes() for file in files}) == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8")) | st.from_regex(r"\A[=+@\t\r\n-].*")))
def test_no_text_is_a_formula_and_every_text_reads_back(tmp_path: Path, texts: list[str]) -> None:
    out = tmp_path / "texts.csv"
    schema = pl.Schema({"n": pl.Int64(), "text": pl.String()})
    frame = pl.LazyFrame({"n": range(len(texts)), "text": texts}, schema=schema)
    out.write_bytes(b"".join(csv_lines([frame])))
    cells = [row["text"] for row in rows(out)]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in cells)
    for text, cell in zip(texts, cells, strict=True):
        assert cell in (text, f"'{text}")
    assert pl.read_csv(out, schema=schema)["text"].to_list() == cells
