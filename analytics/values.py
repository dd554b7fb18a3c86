"""Values of an answer as text, and as what JSON can carry. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import msgspec

SMALL_INTEGERS = range(-(2**63), 2**63)

encode_json = msgspec.json.Encoder(decimal_format="number").encode


def as_text(value: Any) -> str:
    """Return one value as text: instants in ISO 8601, bytes in hex, nested ones as JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    if isinstance(value, (date, time)):
        return _iso(value)
    if isinstance(value, (list, tuple, dict)):
        return encode_json(plain(value)).decode()
    return str(value)


def plain(value: Any) -> Any:
    """Bring a value to what JSON can carry without loss."""
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    if isinstance(value, int) and value not in SMALL_INTEGERS:
        return Decimal(value)
    if isinstance(value, dict):
        return {as_text(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def _iso(moment: date | time) -> str:
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
    return moment.isoformat()
