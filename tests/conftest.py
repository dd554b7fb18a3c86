"""What holds for every test: under CI none may be skipped, and a slow machine fails none."""

from __future__ import annotations

import inspect
import os
from collections.abc import Generator

import httpx
import pytest
from hypothesis import settings

from tests.serving import DEADLINE_SECONDS


def pytest_configure() -> None:
    """Let no example have a deadline, and HTTP clients wait as long as the tests do."""
    used = settings.get_profile(settings.get_current_profile_name())
    settings.register_profile("patient", parent=used, deadline=None)
    settings.load_profile("patient")
    default = inspect.signature(httpx.Client).parameters["timeout"].default
    for part in ("connect", "read", "write", "pool"):
        setattr(default, part, DEADLINE_SECONDS)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure that names its reason, when the environment has CI."""
    report = yield
    if report.skipped and os.environ.get("CI") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped under CI: {report.longrepr}"
    return report
