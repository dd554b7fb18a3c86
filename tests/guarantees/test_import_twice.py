"""An import that was killed half-way, and run again, has taken every webhook once."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import polars as pl

from eventlog.layout import Layout
from ingest.journal import Journal
from tests.ingest.records import FORM, status_body
from tests.serving import COMMAND, run, wait_until

LINES = 60_000


def test_an_import_killed_half_way_and_run_again_takes_each_webhook_once(tmp_path: Path) -> None:
    recording, layout = tmp_path / "recording.ndjson", Layout(tmp_path / "data")
    with recording.open("w") as file:
        for n in range(LINES):
            body = status_body(f"message-{n}").decode()
            file.write(json.dumps({"content_type": FORM, "body": body}) + "\n")
    Journal.open(layout.journal).close()
    command = [*COMMAND, "import", str(recording), "--data", str(layout.root)]
    with subprocess.Popen(command) as importing, Journal.open(layout.journal) as journal:
        wait_until(lambda: journal.last_seq() > 0, "the first batch is in")
        importing.kill()
    with Journal.open(layout.journal) as journal:
        taken = journal.last_seq()
    assert 0 < taken < LINES
    assert run(*command[1:]).returncode == 0
    assert run("refresh", "--data", layout.root).returncode == 0
    events = pl.read_parquet(list(layout.events.glob("*/*.parquet")), hive_partitioning=False)
    assert events.height == events["message_id"].n_unique() == LINES
