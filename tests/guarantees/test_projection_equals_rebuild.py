"""A projection equals a rebuild, for any order, duplication, lateness, batching and crash."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.definitions import Definitions
from analytics.projections.engine import Resources
from analytics.projections.schema import SCHEMAS
from analytics.projector import project, rebuild
from eventlog.event import FINAL_STATUSES, Record, StatusReported, digest
from eventlog.layout import Layout
from tests.analytics.projections.log import (
    NODES,
    SMALL,
    Log,
    at,
    everything,
    record,
    reply,
    rows,
    status,
)
from tests.drawing import PATIENT, QUICK

NUMBERS = ("+40722000001", "+40722000002")
MESSAGES = ("m1", "m2", "m3")
STEPS = [f"{name} {done}" for name in SCHEMAS for done in ("written", "committed")]
moments = st.integers(0, 9).map(lambda step: at(hours=5 * step))
ingestions = st.integers(0, 7).map(lambda step: at(days=2, seconds=step))
tags = st.sampled_from([{}, {}, {"campaign": "a"}, {"campaign": "b"}])
statuses = st.builds(
    status,
    st.sampled_from(MESSAGES),
    st.sampled_from(("sent", "delivered", "delivered", "expired")),
    sent_at=moments,
    delivered_at=st.none() | moments,
    number=st.sampled_from(NUMBERS),
    mnc=st.sampled_from(("01", "10")),
)
replies = st.builds(
    reply,
    st.sampled_from(("da", "nu")),
    received_at=moments,
    replied_to=st.sampled_from((None, None, "sent", *MESSAGES)),
    number=st.sampled_from(NUMBERS),
)
records = st.builds(record, statuses | statuses | replies, ingestions, tags)
definitions = st.builds(
    Definitions,
    time_zone=st.sampled_from(("UTC", "Europe/Bucharest")),
    reply_window_hours=st.sampled_from((72, 6)),
)

resources = st.builds(
    Resources,
    memory_bytes_max=st.just(512 << 20),
    threads=st.just(1),
    events_per_pass=st.sampled_from((None, 1, 3)),
    rows_per_file=st.sampled_from((100_000, 1, 2)),
)


@dataclass(frozen=True)
class Step:
    """One turn: records that a node seals, then a run that may crash once a step is reached."""

    node: str
    sealed: list[Record]
    definitions: Definitions
    resources: Resources
    crash: str | None


steps = st.builds(
    Step,
    st.sampled_from(NODES),
    st.lists(records, min_size=1, max_size=4),
    definitions,
    resources,
    st.none() | st.sampled_from(STEPS),
)


class CrashError(Exception):
    """The process ends here."""


def crashing_at(step: str | None) -> Callable[[str], None]:
    def reached(done: str) -> None:
        if done == step:
            raise CrashError(done)

    return reached


def take(log: Log, step: Step) -> None:
    log.seal(step.sealed, step.node)
    with suppress(CrashError):
        project(log.layout, step.definitions, step.resources, crashing_at(step.crash))


TURNS = st.lists(steps, min_size=1, max_size=4)


@settings(QUICK, max_examples=8)
@given(TURNS, definitions, resources)
def test_incremental_projections_equal_a_rebuild(
    taken: list[Step], last: Definitions, limits: Resources
) -> None:
    equal_a_rebuild(taken, last, limits)


@pytest.mark.soak
@settings(PATIENT, max_examples=500)
@given(TURNS, definitions, resources)
def test_incremental_projections_equal_a_rebuild_for_long(
    taken: list[Step], last: Definitions, limits: Resources
) -> None:
    equal_a_rebuild(taken, last, limits)


def equal_a_rebuild(taken: list[Step], last: Definitions, limits: Resources) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log = Log(Layout(Path(folder)))
        for step in taken:
            take(log, step)
        project(log.layout, last, SMALL)
        incremental = everything(log.layout)
        rebuild(log.layout, last, limits)
        assert incremental == everything(log.layout)
        assert rows(log.layout, "messages") == folded_by_hand(log)


def folded_by_hand(log: Log) -> list[dict[str, Any]]:
    """Fold the records of the log in plain Python, in the order of ingestion."""
    ordered = sorted(log.records, key=lambda each: (each[2].ingested_at, each[0], each[1]))
    by_message: dict[str, list[Record]] = {}
    for _, _, each in ordered:
        if isinstance(each.outcome, StatusReported):
            by_message.setdefault(each.outcome.message_id, []).append(each)
    return [message(by_message[each]) for each in sorted(by_message)]


def message(told: list[Record]) -> dict[str, Any]:
    """Say what the records of one message, in the order of ingestion, make of it."""
    reported = [each.outcome for each in told if isinstance(each.outcome, StatusReported)]
    finals = [place for place, each in enumerate(reported) if each.status in FINAL_STATUSES]
    first = reported[0]
    final = reported[finals[0]] if finals else None
    delivered = final if final and final.status == "delivered" else None
    return {
        "message_id": first.message_id,
        "number": first.number,
        "mcc": first.mcc,
        "mnc": first.mnc,
        "campaign": min(
            (each.webhook.tags["campaign"] for each in told if each.webhook.tags), default=None
        ),
        "sent_at": first.sent_at,
        "last_status": reported[-1].status,
        "final_status": final and final.status,
        "delivered_at": delivered and delivered.delivered_at,
        "first_ingested_at": told[0].ingested_at,
        "final_ingested_at": told[finals[0]].ingested_at if finals else None,
        "last_ingested_at": told[-1].ingested_at,
        "status_events": len(told),
        "duplicates": len(told) - len({digest(each.webhook, each.outcome) for each in told}),
        "conflicting_final": len({reported[place].status for place in finals}) > 1,
        "out_of_order": bool(finals) and len(reported) - finals[0] > len(finals),
        "sent_day": first.sent_at.date(),
    }
