"""Catalogues that are made once for all tests of reports."""

from __future__ import annotations

import pytest

from tests.reports import catalogues
from tests.reports.catalogues import Made


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A catalogue of a few thousand messages, and the webhooks it was made from."""
    return catalogues.busy(tmp_path_factory.mktemp("busy"))
