"""Queries that answer real questions: `examples/*.sql`, each of which begins with its question."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from analytics.meaning import header

EXAMPLES = Path(__file__).parent / "examples"
# In the order in which one would ask.
NAMES = (
    "last-week",
    "delivery-by-day",
    "certain-differences",
    "settled-days",
    "slow-hours",
    "campaigns",
    "campaigns-by-network",
    "own-interval",
    "latencies",
    "longest-pending",
    "one-message",
    "opt-outs",
    "codes",
    "what-changed",
    "best-hour",
    "restatements",
    "data-quality",
    "receipt-lag",
    "jobs",
    "alerts",
)


@dataclass(frozen=True)
class Example:
    """A question, and the query that answers it, without a semicolon."""

    name: str
    question: str
    sql: str


def examples() -> list[Example]:
    """Read every example, in order."""
    return [_read(name) for name in NAMES]


def _read(name: str) -> Example:
    text = (EXAMPLES / f"{name}.sql").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("-- ")]
    return Example(name, header(text), "\n".join(lines))
