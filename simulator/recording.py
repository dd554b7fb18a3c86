"""Webhooks in a file, one JSON object a line: what `sms-analytics import` takes. Pure.

{"ingested_at": "2026-11-02T08:15:05.120000+00:00", "content_type": …, "body": …, "url": …}
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TextIO

from simulator.traffic import Delivery


def write_recording(deliveries: Iterable[Delivery], file: TextIO) -> int:
    """Write the deliveries as lines of JSON and return how many there were.

    A recording is text: bytes of a body that are not UTF-8 become U+FFFD.
    """
    count = 0
    for delivery in deliveries:
        file.write(_line(delivery))
        count += 1
    return count


def _line(delivery: Delivery) -> str:
    fields = {
        "ingested_at": delivery.at.isoformat(),
        "content_type": delivery.content_type,
        "body": delivery.body.decode(errors="replace"),
        "url": delivery.url,
    }
    return json.dumps(fields, ensure_ascii=False) + "\n"
