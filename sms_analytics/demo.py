"""Everything at once on simulated traffic: a month of history, then live webhooks over HTTP."""

from __future__ import annotations

import shutil
import sys
import tempfile
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from simulator.recording import write_recording
from simulator.sender import run_live
from simulator.traffic import history
from sms_analytics import jobs
from sms_analytics.failures import CommandError
from sms_analytics.importing import import_files
from sms_analytics.processes import serve
from sms_analytics.settings import Settings

SEED = 7
HISTORY_DAYS = 61
HISTORY_MESSAGES = 110_000
LIVE_MESSAGES_PER_SECOND = 1.5
MARK = ".made-by-demo"


def run_demo(settings: Settings, say: Callable[[str], None]) -> None:
    """Fill the data directory with a simulated past, serve it, and keep the traffic coming.

    A data directory that an earlier demo made is made anew; any other is refused. Raises
    `CommandError`.
    """
    make_room(settings.data)
    say("importing two months of simulated traffic …")
    import_history(settings)
    say("working out the figures …")
    jobs.refresh(settings, jobs.utc_now(), lambda _: None)
    stop = threading.Event()
    sender = threading.Thread(target=lambda: None)

    def started(url: str) -> None:
        nonlocal sender
        sender = threading.Thread(target=_send, args=(url, stop), name="simulator")
        sender.start()
        say(_welcome(url, settings.data))

    try:
        serve(settings, started)
    finally:
        stop.set()
        if sender.is_alive():
            sender.join()


def make_room(data: Path) -> None:
    """Leave an empty folder that is marked as the demo's. Raises `CommandError`."""
    if data.exists() and any(data.iterdir()):
        if not (data / MARK).exists():
            raise CommandError(f"{data} holds data that no demo made; choose another with --data")
        shutil.rmtree(data)
    data.mkdir(parents=True, exist_ok=True)
    (data / MARK).touch()


def import_history(settings: Settings) -> None:
    """Import the simulated past, as a recording."""
    now = jobs.utc_now()
    past = history(SEED, now - timedelta(days=HISTORY_DAYS), now, HISTORY_MESSAGES)
    with tempfile.TemporaryDirectory() as folder:
        recording = Path(folder) / "history.ndjson"
        with recording.open("w", encoding="utf-8") as file:
            write_recording(past, file)
        import_files(settings, [recording], lambda _done, _total: None)


def _send(url: str, stop: threading.Event) -> None:
    run_live(f"{url}/webhooks/smso", SEED, LIVE_MESSAGES_PER_SECOND, stop)


def _welcome(url: str, data: Path) -> str:
    return f"""
sms-analytics is running on simulated traffic.

  reports    {url}
  webhooks   {url}/webhooks/smso
  SQL        {sys.argv[0]} sql --data {data}

Ctrl-C stops it."""
