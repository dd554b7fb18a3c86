"""Whatever the published schema allows, and what it does not: no answer is a fault of ours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.serving import serving

# Not every text is a phone number: that a webhook is a dead letter is no fault.
UNASKED = "positive_data_acceptance"


def test_no_request_made_from_the_schema_is_answered_with_a_fault(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as server:
        command = [
            *(str(Path(sys.executable).parent / "schemathesis"), "run", "--no-color"),
            *("--seed", "1", "--max-examples", "15", "--generation-database", "none"),
            *("--exclude-checks", UNASKED, f"{server.url}/schema/openapi.json"),
        ]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-4_000:]
        assert server.stop() == 0
    assert "request failed" not in server.log.read_text()
