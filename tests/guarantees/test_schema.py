"""Whatever the published schema allows, and what it does not: no answer is a fault of ours."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import httpx

from tests.serving import serving

# A dead letter is no fault, and more is read than is promised: spaces around a number, say.
UNASKED = "positive_data_acceptance,negative_data_rejection"
TAKEN = re.compile(r'^sms_analytics_webhooks_total\{kind="status"\} [1-9]', re.MULTILINE)


def test_no_request_made_from_the_schema_is_answered_with_a_fault(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as server:
        command = [
            *(str(Path(sys.executable).parent / "schemathesis"), "run", "--no-color"),
            *("--seed", "1", "--max-examples", "15", "--generation-database", "none"),
            *("--exclude-checks", UNASKED, f"{server.url}/schema/openapi.json"),
        ]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-4_000:]
        taken = httpx.get(f"{server.url}/metrics").text
        assert TAKEN.search(taken), taken
        assert server.stop() == 0
    assert "request failed" not in server.log.read_text()
