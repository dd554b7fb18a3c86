"""Proves the whole: the log by its seals, the projections by making them again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analytics.projections.check import differences
from ingest.journal import Journal
from ingest.verify import verify_log
from sms_analytics.settings import Settings


@dataclass(frozen=True)
class Proof:
    """What was found: no fault at all is the good answer, of so many webhooks ever taken."""

    faults: tuple[str, ...]
    webhooks: int = 0

    def __str__(self) -> str:
        return (
            f"{self.webhooks:,} webhooks: every seq is there once, every checksum is right, "
            "and the projections equal a rebuild"
        )


def verify(settings: Settings, say: Callable[[str], None]) -> Proof:
    """Read the whole log, and rebuild the projections aside; name everything that is wrong."""
    say("verifying the log")
    log_faults = verify_log(
        settings.layout, lambda done, total: say(f"verifying the log, {done:,} of {total:,} bytes")
    )
    if log_faults:
        return Proof(tuple(str(fault) for fault in log_faults))
    with Journal.open(settings.layout.journal) as journal:
        webhooks = journal.last_seq()
    say("rebuilding the projections to compare")
    found = differences(settings.layout, settings.definitions_of_numbers())
    return Proof(tuple(found), webhooks)
