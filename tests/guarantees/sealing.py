"""A process that seals and merges without end: `python -m tests.guarantees.sealing DATA [STEP]`.

With a step's name it kills itself there, with SIGKILL.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from eventlog.layout import Layout
from ingest.compactor import Compactor
from ingest.sealer import Sealer

SEAL_INTERVAL_SECONDS = 0.05
SEAL_RECORDS_MAX = 2_500
MERGED_FILE_ROWS = 10_000


def main(data: str, step: str = "") -> None:
    """Seal and merge until killed."""

    def reached(done: str) -> None:
        if done == step:
            os.kill(os.getpid(), signal.SIGKILL)

    layout = Layout(Path(data))
    with (
        Sealer(layout, reached=reached) as sealer,
        Compactor(layout, MERGED_FILE_ROWS, reached=reached) as compactor,
    ):
        while True:
            sealer.seal(SEAL_RECORDS_MAX)
            compactor.compact()
            time.sleep(SEAL_INTERVAL_SECONDS)


if __name__ == "__main__":
    main(*sys.argv[1:])
