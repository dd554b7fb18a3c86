import io
import json
from datetime import UTC, datetime, timedelta

from simulator.recording import write_recording
from simulator.traffic import Delivery, history

END = datetime(2026, 11, 24, tzinfo=UTC)


def test_every_line_gives_back_its_delivery() -> None:
    deliveries = [
        delivery
        for delivery in history(5, END - timedelta(days=2), END, 500)
        if b"\xff" not in delivery.body
    ]
    file = io.StringIO()
    assert write_recording(deliveries, file) == len(deliveries)
    lines = [json.loads(line) for line in file.getvalue().split("\n")[:-1]]
    assert deliveries == [
        Delivery(
            datetime.fromisoformat(line["ingested_at"]),
            line["content_type"],
            line["body"].encode(),
            line["url"],
        )
        for line in lines
    ]


def test_bytes_that_are_no_text_are_still_recorded() -> None:
    file = io.StringIO()
    write_recording([Delivery(END, "text/plain", b"\xff", "/webhooks/smso")], file)
    assert json.loads(file.getvalue())["body"] == "�"
