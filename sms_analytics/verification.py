"""Proves the whole: the log by its seals, the projections by making them again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analytics.projections.check import differences
from ingest.verify import verify_log
from sms_analytics.settings import Settings


@dataclass(frozen=True)
class Proof:
    """What was found: nothing at all is the good answer."""

    faults: tuple[str, ...]

    def __str__(self) -> str:
        return (
            "every seq is there once, every checksum is right, and the projections equal a rebuild"
        )


def verify(settings: Settings, say: Callable[[str], None]) -> Proof:
    """Read the whole log, and rebuild the projections aside; name everything that is wrong."""
    say("verifying the log")
    log_faults = verify_log(
        settings.layout, lambda done, total: say(f"verifying the log, {done:,} of {total:,} bytes")
    )
    if log_faults:
        return Proof(tuple(str(fault) for fault in log_faults))
    say("rebuilding the projections to compare")
    return Proof(tuple(differences(settings.layout, settings.definitions_of_numbers())))
