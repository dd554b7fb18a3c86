"""Logs are events too: a fixed lower-case message, then fields. Never a body, number or token."""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime

_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


# What a library says of its failure may quote what it failed on.
_PERSONAL = re.compile(
    r"\+?\b\d{9,15}\b|\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b", re.I
)
_PLAIN = re.compile(r"[!#-~]+")


class FieldsFormatter(logging.Formatter):
    """`2026-11-24T03:30:00Z info sealed records=120`, one line a record, then a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        fields = {k: v for k, v in record.__dict__.items() if k not in _STANDARD}
        if record.exc_info and record.exc_info[1] is not None:
            fields["error"] = _without_personal(repr(record.exc_info[1]))
        pairs = "".join(f" {name}={_quoted(value)}" for name, value in fields.items())
        line = f"{at} {record.levelname.lower()} {record.getMessage()}{pairs}"
        if not record.exc_info:
            return line
        return f"{line}\n{_without_personal(self.formatException(record.exc_info))}"


def _without_personal(text: str) -> str:
    """Put dots in the place of what may be a phone number or a uuid."""
    return _PERSONAL.sub("•••", text)


def _quoted(value: object) -> str:
    """Quote what would not be told apart from other fields, or from other lines."""
    text = str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def configure(level: int = logging.INFO) -> None:
    """Send every log record to standard error, in one form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(FieldsFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("httpx", "uvicorn"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # A tick that finds its job still running is skipped, and says so each time: no news.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
