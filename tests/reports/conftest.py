"""Catalogues that are made once for all tests of reports."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reports import catalogues


@pytest.fixture(scope="session")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of a catalogue with a few thousand messages."""
    return catalogues.busy(tmp_path_factory.mktemp("busy"))
