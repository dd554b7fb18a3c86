import io
import json
from base64 import b64decode
from datetime import UTC, datetime, timedelta

from simulator.recording import write_recording
from simulator.traffic import Delivery, history

END = datetime(2026, 11, 24, tzinfo=UTC)


def read_back(line: str) -> Delivery:
    field = json.loads(line)
    encoded = field.get("body_base64")
    body = b64decode(encoded) if encoded else field["body"].encode()
    at = datetime.fromisoformat(field["ingested_at"])
    return Delivery(at, field["content_type"], body, field["url"])


def test_every_line_gives_back_its_delivery() -> None:
    deliveries = list(history(5, END - timedelta(days=2), END, 500))
    deliveries.append(Delivery(END, "text/plain", b"\xff\xfe", "/webhooks/smso"))
    file = io.StringIO()
    assert write_recording(deliveries, file) == len(deliveries)
    assert deliveries == [read_back(line) for line in file.getvalue().split("\n")[:-1]]
