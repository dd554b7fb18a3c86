"""Webhooks in a file, one JSON object a line: what `sms-analytics import` takes. Pure.

    {"ingested_at": "2026-11-02T08:15:05.120000+00:00", "content_type": …, "body": …, "url": …}

A body that is not UTF-8 is recorded as `body_base64`.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable
from typing import TextIO

from simulator.traffic import Delivery


def write_recording(deliveries: Iterable[Delivery], file: TextIO) -> int:
    """Write the deliveries as lines of JSON and return how many there were."""
    count = 0
    for delivery in deliveries:
        file.write(_line(delivery))
        count += 1
    return count


def _line(delivery: Delivery) -> str:
    fields = {
        "ingested_at": delivery.at.isoformat(),
        "content_type": delivery.content_type,
        **_body(delivery.body),
        "url": delivery.url,
    }
    return json.dumps(fields, ensure_ascii=False) + "\n"


def _body(body: bytes) -> dict[str, str]:
    try:
        return {"body": body.decode()}
    except UnicodeDecodeError:
        return {"body_base64": b64encode(body).decode()}
