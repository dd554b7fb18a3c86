"""Imports point one way: eventlog ← ingest, eventlog ← analytics ← reports, then the front door."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {
    "eventlog": set(),
    "ingest": {"eventlog"},
    "analytics": {"eventlog"},
    "reports": {"eventlog", "analytics"},
    "simulator": set(),
    "sms_analytics": {"eventlog", "ingest", "analytics", "reports", "simulator"},
}
ONLY_IN = {
    "duckdb": {"analytics"},
    "plotly": {"reports"},
    "jinja2": {"reports"},
    "apprise": {"sms_analytics"},
    "apscheduler": {"sms_analytics"},
    "typer": {"sms_analytics"},
    "deltalake": {"eventlog", "analytics"},
    "sqlite3": {"ingest"},
}
LITESTAR_MODULES = {
    "reports/downloads.py",
    "reports/routes.py",
    "reports/sql_routes.py",
    "sms_analytics/server.py",
}
LINES_MAX = 400


def modules() -> list[Path]:
    return sorted(path for package in MAY_IMPORT for path in (ROOT / package).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_follow_the_arrow(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    ours = set(imports(path)) & (MAY_IMPORT.keys() | {"tests", "benchmarks"})
    assert ours <= MAY_IMPORT[package] | {package}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_libraries_stay_where_they_belong(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    used = set(imports(path))
    assert {
        library for library in used & ONLY_IN.keys() if package not in ONLY_IN[library]
    } == set()
    assert "litestar" not in used or str(path.relative_to(ROOT)) in LITESTAR_MODULES


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is_for_and_stays_small(path: Path) -> None:
    source = path.read_text()
    assert ast.get_docstring(ast.parse(source)), "a module begins with what it is for"
    assert source.count("\n") <= LINES_MAX, "is it one thing?"


def test_nothing_but_the_command_line_wires_the_parts_together() -> None:
    importers = {
        path.relative_to(ROOT).parts[0]
        for path in modules()
        if "sms_analytics" in set(imports(path))
    }
    assert importers <= {"sms_analytics"}


def test_the_process_that_takes_webhooks_stays_small() -> None:
    heavy = {"apscheduler", "deltalake", "duckdb", "plotly", "polars", "rich", "xlsxwriter"}
    code = "import sys, sms_analytics.cli, sms_analytics.processes; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert heavy & set(done.stdout.split()) == set()
