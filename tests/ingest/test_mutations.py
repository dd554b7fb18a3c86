"""No mutation of a webhook is too much for the decoder, the journal's encoding or the tables."""

from __future__ import annotations

from tests.ingest.mutations import fuzz

COUNT = 20_000


def test_mutated_webhooks_become_an_event_or_a_dead_letter() -> None:
    kinds = fuzz(1, COUNT)
    assert sum(kinds.values()) == COUNT
    assert min(kinds.values()) > COUNT / 100
