"""The endpoint that SMSO calls: `POST /webhooks/smso[/TOKEN][/CAMPAIGN]`.

204  an event, on disk                     408  the body did not come in time
422  a dead letter, on disk just as well   413  the body is too large
503  not taken: to be sent again after     415  the body is compressed
     `Retry-After` seconds                 403  not from this address
                                           404  no token that holds: as for any unknown path

    head ──admit──▶ admitted, body ──take──▶ record ──journal──▶ on disk ──▶ answer
           └──▶ answer: refused, before its body is read

It decides, and knows nothing of how requests come: that is `exchange.py`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from time import perf_counter_ns
from typing import NamedTuple

import uuid_utils

from eventlog.event import DeadLetter, Record, ReplyReceived, StatusReported, Webhook
from ingest import answers
from ingest.answers import BODY_BYTES_MAX, Answer
from ingest.counters import Counters
from ingest.decoder import decode
from ingest.gate import AddressRefusedError, Gate, TokenRefusedError
from ingest.journal import JournalError, JournalOverloadedError
from ingest.tags import tags_of
from ingest.writer import JournalWriter

log = logging.getLogger(__name__)

CONTENT_TYPE_LENGTH_MAX = 256
PLAIN_ENCODINGS = (b"", b"identity")
ROUTE = ["webhooks", "smso"]
LOGGED = {"route": "/" + "/".join(ROUTE)}  # as it is here: the path may have a token in it
SEGMENTS_MAX = 2
KINDS: dict[type, str] = {
    StatusReported: "status",
    ReplyReceived: "reply",
    DeadLetter: "dead_letter",
}

RawHeaders = Sequence[tuple[bytes, bytes]]


class Head(NamedTuple):
    """A request before its body; `segments` are those that its path has after the route."""

    method: bytes
    segments: Sequence[str]
    query: bytes
    headers: RawHeaders
    client: str


class Admitted(NamedTuple):
    """A webhook whose body may come, and when its head came, by `perf_counter_ns`."""

    content_type: bytes
    query: bytes
    campaign: str | None
    began_ns: int


def segments_of(path: str) -> tuple[str, ...] | None:
    """Return what a path has after the endpoint's route, None if it is another's."""
    segments = [segment for segment in path.split("/") if segment]
    is_ours = segments[:2] == ROUTE and len(segments) <= len(ROUTE) + SEGMENTS_MAX
    return tuple(segments[2:]) if is_ours else None


class Endpoint:
    """Takes webhooks into the journal. Use it from one event loop, the journal's."""

    def __init__(
        self,
        journal: JournalWriter,
        clock: Callable[[], datetime],
        *,
        gate: Gate | None = None,
        counters: Counters | None = None,
    ) -> None:
        """Write to `journal`; `clock` gives the time, with its zone.

        `gate` decides who may post; without one, everybody. `counters` count what becomes of it.
        """
        self._journal = journal
        self._clock = clock
        self._gate = gate or Gate()
        self._counters = counters or Counters(None)

    def admit(self, head: Head) -> Admitted | Answer | None:
        """Let a webhook's body come, or answer it at once; None is for one without a token.

        That is to be answered as any path that nobody knows.
        """
        try:
            return self._admit(head)
        except TokenRefusedError:
            self._counters.refused("token")
            return None
        except Exception:
            log.exception("request failed", extra=LOGGED)
            return self.refuse(answers.FAULT)

    def take(self, admitted: Admitted, raw: bytes, answer: Callable[[Answer], None]) -> None:
        """Take a webhook whose body is whole; `answer` is called once it is on disk, or cannot be.

        One that is refused is answered before this returns.
        """
        try:
            record = self._record(admitted, raw)
            self._journal.append(
                record, lambda result: answer(self._settled(record, admitted.began_ns, result))
            )
        except JournalError as error:
            answer(self._not_taken(error))
        except Exception:
            log.exception("request failed", extra=LOGGED)
            answer(self.refuse(answers.FAULT))

    def refuse(self, answer: Answer) -> Answer:
        """Count a webhook that is not taken; return its answer."""
        self._counters.refused(answer.refusal)
        return answer

    def _admit(self, head: Head) -> Admitted | Answer:
        if head.method != b"POST":
            return self.refuse(_without_body(answers.NOT_POSTED, head.method))
        try:
            campaign = self._gate.admit(head.client, head.segments)
        except AddressRefusedError:
            return self.refuse(answers.NOT_FROM_THERE)
        if self._journal.is_full():
            return self.refuse(answers.OVERLOADED)
        headers = dict(reversed(head.headers))  # of repeated ones the first counts
        if headers.get(b"content-encoding", b"").lower() not in PLAIN_ENCODINGS:
            return self.refuse(answers.COMPRESSED)
        length = headers.get(b"content-length", b"")
        if length.isdigit() and int(length) > BODY_BYTES_MAX:
            return self.refuse(answers.TOO_LARGE)
        content_type = headers.get(b"content-type", b"")[:CONTENT_TYPE_LENGTH_MAX]
        return Admitted(content_type, head.query, campaign, perf_counter_ns())

    def _record(self, admitted: Admitted, raw: bytes) -> Record:
        webhook = Webhook(
            raw=raw,
            content_type=admitted.content_type.decode("latin-1"),
            tags=tags_of(admitted.query, admitted.campaign),
        )
        return Record(
            event_id=str(uuid_utils.uuid7()),
            source="webhook",
            ingested_at=self._clock(),
            webhook=webhook,
            outcome=decode(webhook),
        )

    def _settled(self, record: Record, began_ns: int, result: int | JournalError) -> Answer:
        if isinstance(result, JournalError):
            return self._not_taken(result)
        outcome = record.outcome
        self._counters.took(KINDS[type(outcome)], perf_counter_ns() - began_ns)
        if isinstance(outcome, DeadLetter):
            return answers.dead_letter(record.event_id, outcome.reasons)
        return answers.TAKEN

    def _not_taken(self, error: JournalError) -> Answer:
        overloaded = isinstance(error, JournalOverloadedError)
        return self.refuse(answers.OVERLOADED if overloaded else answers.UNAVAILABLE)


def _without_body(answer: Answer, method: bytes) -> Answer:
    return answer._replace(body=b"") if method == b"HEAD" else answer
