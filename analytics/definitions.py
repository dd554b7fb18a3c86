"""The settings that change what a number means. Pure."""

from __future__ import annotations

from dataclasses import dataclass

OPT_OUT_WORDS = (
    "stop",
    "stopall",
    "unsubscribe",
    "cancel",
    "end",
    "quit",
    "optout",
    "opt out",
    "dezabonare",
    "dezabonati",
    "dezabonati-ma",
    "anulare",
    "nu mai vreau",
    "opreste",
    "opriti",
)


@dataclass(frozen=True)
class Definitions:
    """What every figure is computed with; see docs/metrics.md.

    `time_zone` decides which day and hour a message belongs to; after `horizon_hours` a message
    without a final status is unknown; a reply counts within `reply_window_hours`; a silence
    longer than `conversation_gap_hours` ends a conversation.
    """

    time_zone: str = "UTC"
    horizon_hours: int = 72
    reply_window_hours: int = 72
    conversation_gap_hours: int = 24
    opt_out_words: tuple[str, ...] = OPT_OUT_WORDS
