"""A process that seals and merges without end: `sealing DATA [STEP [publish]]`.

With a step's name it kills itself there, with SIGKILL. It projects and publishes too if asked to.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from analytics.catalogue import publish
from analytics.definitions import Definitions
from analytics.projector import project
from eventlog.layout import Layout
from ingest.compactor import Compactor
from ingest.sealer import Sealer
from tests.analytics.projections.log import SMALL

SEAL_INTERVAL_SECONDS = 0.05
SEAL_RECORDS_MAX = 2_500
MERGED_FILE_ROWS = 10_000


def main(data: str, step: str = "", publishing: str = "") -> None:
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
            if publishing:
                project(layout, Definitions(), SMALL, reached)
                publish(layout, Definitions(), datetime.now(UTC))
            time.sleep(SEAL_INTERVAL_SECONDS)


if __name__ == "__main__":
    main(*sys.argv[1:])
