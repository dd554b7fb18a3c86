"""A process that redrives and dies after a batch: `python -m tests.guarantees.redriving DATA`."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from eventlog.layout import Layout
from ingest.journal import Journal
from ingest.redriver import redrive


def main(data: str) -> None:
    """Redrive by twos, and be killed after the first two."""
    layout = Layout(Path(data))
    with Journal.open(layout.journal) as journal:
        redrive(
            layout,
            journal,
            lambda _done, _total: os.kill(os.getpid(), signal.SIGKILL),
            batch_records_max=2,
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
