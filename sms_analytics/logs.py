"""Logs are events too: a fixed lower-case message, then fields. Never a body, number or token."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime

_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


class FieldsFormatter(logging.Formatter):
    """`2026-11-24T03:30:00Z info sealed records=120`, one line a record."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        fields = {k: v for k, v in record.__dict__.items() if k not in _STANDARD}
        if record.exc_info and record.exc_info[1] is not None:
            fields["error"] = repr(record.exc_info[1])
        pairs = "".join(f" {name}={_quoted(value)}" for name, value in fields.items())
        line = f"{at} {record.levelname.lower()} {record.getMessage()}{pairs}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def _quoted(value: object) -> str:
    text = str(value)
    return f'"{text}"' if " " in text else text


def configure(level: int = logging.INFO) -> None:
    """Send every log record to standard error, in one form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(FieldsFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("httpx", "uvicorn"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # A tick that finds its job still running is skipped, and says so each time: no news.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
