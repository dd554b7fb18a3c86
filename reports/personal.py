"""Which columns of the public views are personal, and who sees them in the SQL console. Pure.

A uuid is as good as a number: SMSO tells whoever has one the telephone it was sent to. So are keys
made of a number and a short text: trying every number finds the one that fits.
"""

from __future__ import annotations

from analytics.sandbox import Kind

MASKED_COLUMNS = frozenset({"number"})
HIDDEN_COLUMNS = frozenset(
    {
        "body",
        "conversation_id",
        "digest",
        "event_id",
        "message_id",
        "raw",
        "replied_to",
        "reply_id",
        "tags",
    }
)
TEXTS: dict[str, Kind] = {"body": "text", "tags": "text", "raw": "bytes"}
"""What people wrote, or what has it in it."""


def disguise(*, show_personal_data: bool, signed_in: bool) -> dict[str, Kind]:
    """Return the columns that a query of the console sees in disguise, and how.

    Whole numbers and ids are seen where the setting allows it; what people wrote only by those who
    signed in besides.
    """
    numbers: dict[str, Kind] = dict.fromkeys(MASKED_COLUMNS, "number")
    ids: dict[str, Kind] = dict.fromkeys(HIDDEN_COLUMNS - TEXTS.keys(), "id")
    if not show_personal_data:
        return {**numbers, **ids, **TEXTS}
    return {} if signed_in else dict(TEXTS)
