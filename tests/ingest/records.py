"""Records for the tests: event, event, dead letter, and so on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from eventlog.event import DeadLetter, Record, Webhook
from ingest.decoder import decode

START = datetime(2026, 11, 2, 23, 59, 30, tzinfo=UTC)
FORM = "application/x-www-form-urlencoded"


def status_body(message_id: str) -> bytes:
    """Return the body of a delivery receipt."""
    return (
        f"uuid={message_id}&status=delivered&sent_at=2026-11-02 08:15:00"
        "&delivered_at=2026-11-02 08:15:04"
        "&receiver['number']=+40722334455&receiver['mcc']=226&receiver['mnc']=01"
    ).encode()


def record(number: int) -> Record:
    """Return the record of a numbered webhook, a second after the one before; each third is bad."""
    raw = b"hello=%d" % number if number % 3 == 2 else status_body(f"message-{number}")
    webhook = Webhook(raw=raw, content_type=FORM, tags={"campaign": "spring"})
    outcome = decode(webhook)
    assert isinstance(outcome, DeadLetter) == (number % 3 == 2)
    return Record(
        event_id=f"{number:032x}",
        source="webhook",
        ingested_at=START + timedelta(seconds=number),
        webhook=webhook,
        outcome=outcome,
    )
