"""`sms-analytics serve` without its jobs, token asked for: `… PORT`, its data in BENCHMARK_DATA."""

from __future__ import annotations

import os
import sys

from ingest.endpoint import Endpoint
from ingest.gate import Gate, Keyring, Watch
from ingest.writer import JournalWriter
from reports.reader import Reader
from sms_analytics.addresses import listen
from sms_analytics.clock import utc_now
from sms_analytics.limits import limits_here
from sms_analytics.server import create_app
from sms_analytics.settings import load
from sms_analytics.worker import run_server, server_config, tune_interpreter


def main(port: int) -> None:
    """Serve until SIGTERM, with the protocol, the limits and the gate of an installation."""
    settings = load(data=os.environ["BENCHMARK_DATA"], server__port=port)
    keyring = Keyring(settings.layout.tokens)
    gate, reader = Gate(keyring), Reader()
    with (
        listen(settings.server.host, port) as listener,
        JournalWriter(
            settings.layout.journal,
            settings.ingest.queue_records_max,
            settings.ingest.queue_bytes_max,
        ) as journal,
        Watch(keyring, gate),
    ):
        app = create_app(settings, journal, reader, "", lambda: True)
        endpoint = Endpoint(journal, utc_now, gate=gate)
        config = server_config(app, endpoint, limits_here(), settings.server.trusted_proxies)
        tune_interpreter()
        run_server(config, listener, started=lambda: None, stopping=reader.close)


if __name__ == "__main__":
    main(int(sys.argv[1]))
