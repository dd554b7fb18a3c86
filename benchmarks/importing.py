"""Recorded webhooks imported per second, by the command, from its start to its end."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from benchmarks.report import Table
from simulator.recording import write_recording
from simulator.traffic import history

MESSAGES = 50_000
ROUNDS = 3
SEED = 1
_END = datetime(2026, 11, 24, tzinfo=UTC)
_COMMAND = "import sys; from sms_analytics.cli import main; sys.exit(main())"


def measure(work: Path) -> Table:
    """Import the same simulated month, each time into an empty data directory."""
    recording = work / "month.ndjson"
    with recording.open("w", encoding="utf-8") as file:
        webhooks = write_recording(history(SEED, _END - timedelta(days=30), _END, MESSAGES), file)
    seconds = statistics.median(_import(recording, work / "import-data") for _ in range(ROUNDS))
    return Table(
        title="Importing recorded webhooks",
        method=(
            f"`sms-analytics import` of {webhooks:,} simulated webhooks into an empty data "
            f"directory, every batch synced; {ROUNDS} rounds, median, with the program's start."
        ),
        columns=("command", "seconds", "webhooks/s"),
        rows=[("import", f"{seconds:.1f}", f"{webhooks / seconds:,.0f}")],
    )


def _import(recording: Path, data: Path) -> float:
    shutil.rmtree(data, ignore_errors=True)
    command = [sys.executable, "-c", _COMMAND, "import", str(recording), "--data", str(data)]
    started = perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    seconds = perf_counter() - started
    shutil.rmtree(data)
    return seconds
