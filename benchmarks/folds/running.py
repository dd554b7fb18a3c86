"""Run one fold in a process of its own, and say what it took."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.folds.outcome import THREADS


@dataclass(frozen=True)
class Ran:
    """What a process printed, and what it used."""

    printed: Any
    cpu_seconds: float
    peak_bytes: int


def ran(module: str, *arguments: str | Path) -> Ran:
    """Run `python -m benchmarks.folds.MODULE ARGUMENTS…`, which prints one line of JSON."""
    words = [str(argument) for argument in arguments]
    command = [sys.executable, "-m", f"benchmarks.folds.{module}", *words]
    environment = {**os.environ, "POLARS_MAX_THREADS": str(THREADS)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{module} failed")
    cpu_seconds = usage.ru_utime + usage.ru_stime
    return Ran(json.loads(printed), cpu_seconds, usage.ru_maxrss * 1024)
