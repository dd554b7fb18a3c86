"""The example notebook runs on a published catalogue, as its reader would run it."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.analytics.make_catalogue import make_catalogue

DOCS = Path(__file__).parents[1] / "docs"
EXAMPLE = DOCS / "examples" / "notebook.py"


def test_the_example_runs(tmp_path: Path) -> None:
    as_of = datetime(2026, 11, 24, 12, tzinfo=UTC)
    layout = make_catalogue(tmp_path / "data", as_of, count=2_000, days=20)
    done = subprocess.run(
        [sys.executable, EXAMPLE, layout.catalogue],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Vodafone" in done.stdout
    assert "quantile_of_cells" in EXAMPLE.read_text()
    assert "Plotly.newPlot" in (layout.root / "networks.html").read_text()


def test_the_page_leads_to_the_example() -> None:
    assert "examples/notebook.py" in (DOCS / "notebook.md").read_text()
