"""An import that was killed half-way, and run again, has taken every webhook once."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import polars as pl

from eventlog.layout import Layout
from ingest.journal import Journal
from tests.ingest.records import FORM, status_body
from tests.serving import COMMAND, run, wait_until

LINES = 60_000


def line(message_id: str) -> str:
    body = status_body(message_id).decode()
    return json.dumps({"content_type": FORM, "body": body}) + "\n"


def test_an_import_killed_half_way_and_run_again_takes_each_webhook_once(tmp_path: Path) -> None:
    recording, layout = tmp_path / "recording.ndjson", Layout(tmp_path / "data")
    lines = [line(f"message-{n}") for n in range(LINES)]
    recording.write_text("".join(lines))
    half = tmp_path / "half.ndjson"
    os.mkfifo(half)  # its end does not come, so the import is still at work when it is killed
    command = [*COMMAND, "import", str(half), "--data", str(layout.root)]
    with (
        Journal.open(layout.journal) as journal,
        subprocess.Popen(command) as importing,
        half.open("w") as pipe,
    ):
        pipe.writelines(lines[: LINES // 2])
        pipe.flush()
        wait_until(lambda: journal.last_seq() > 0, "the first batch is in")
        importing.kill()
    with Journal.open(layout.journal) as journal:
        assert 0 < journal.last_seq() < LINES
    assert run("import", recording, "--data", layout.root).returncode == 0
    assert run("refresh", "--data", layout.root).returncode == 0
    events = pl.read_parquet(list(layout.events.glob("*/*.parquet")), hive_partitioning=False)
    assert events.height == events["message_id"].n_unique() == LINES
