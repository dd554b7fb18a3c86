"""Make a data directory with a published catalogue on realistic rows, for looking and for tests.

python -m tests.analytics.make_catalogue DATA [AS_OF]
"""

from __future__ import annotations

import json
import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from analytics.catalogue import publish
from analytics.definitions import Definitions
from eventlog.layout import Layout
from tests.analytics.made import (
    Message,
    Reply,
    write_dead_letters,
    write_events,
    write_projections,
)

NETWORKS = (("226", "01"), ("226", "10"), ("226", "03"), ("226", "05"), ("226", "5"), ("226", "99"))
WEIGHTS = (35, 33, 12, 14, 2, 1)
TYPICAL_LATENCY_SECONDS = {"01": 4, "10": 5, "03": 9, "05": 6, "5": 6, "99": 30}
DELIVERED_PERCENT = {"01": 93, "10": 92, "03": 80, "05": 90, "5": 90, "99": 60}
BODIES = ("da", "ok", "multumesc", "STOP", "Oprește", "nu", "cine e?", "<b>hei</b>", "=1+1")
CAMPAIGNS = (None, "black-friday", "reminders", "codes")


def random_messages(seed: int, as_of: datetime, count: int, days: int) -> list[Message]:
    """Make messages sent over the days before `as_of`, in every state, a few odd ones."""
    dice = random.Random(seed)
    return [_message(dice, number, as_of, days) for number in range(count)]


def _message(dice: random.Random, number: int, as_of: datetime, days: int) -> Message:
    age = timedelta(seconds=dice.randrange(days * 86_400))
    if dice.random() < 0.1:
        age = timedelta(seconds=dice.randrange(3_600))
    sent_at = (as_of - age).replace(microsecond=0)
    mcc, mnc = dice.choices(NETWORKS, WEIGHTS)[0]
    statuses = ("delivered", "undelivered", "expired", "error", None)
    status = dice.choices(statuses, (DELIVERED_PERCENT[mnc], 4, 2, 1, 3))[0]
    latency = timedelta(seconds=int(dice.lognormvariate(0, 1.2) * TYPICAL_LATENCY_SECONDS[mnc]))
    odd = dice.random()
    if odd < 0.01:
        latency = timedelta(seconds=-dice.choice((1, 600, 10_800)))
    elif odd < 0.02:
        latency = timedelta(seconds=dice.randrange(4 * 86_400))
    delivered_at = sent_at + latency if status == "delivered" and odd < 0.99 else None
    if delivered_at and delivered_at > as_of:
        status = delivered_at = None
    return Message(
        message_id=f"00000000-0000-4000-8000-{number:012d}",
        number=f"+40722{number % 311:06d}",
        mcc=mcc,
        mnc=mnc,
        campaign=dice.choice(CAMPAIGNS),
        sent_at=sent_at,
        final_status=status,
        delivered_at=delivered_at,
        duplicates=int(dice.random() < 0.02),
        conflicting_final=status is not None and dice.random() < 0.002,
        out_of_order=status is not None and dice.random() < 0.01,
    )


def random_replies(seed: int, as_of: datetime, messages: list[Message]) -> list[Reply]:
    """Make replies to one in ten messages, and a few to none."""
    dice = random.Random(seed)
    asked = [message for message in messages if dice.random() < 0.1]
    replies = [_reply(dice, number, message) for number, message in enumerate(asked)]
    return [reply for reply in replies if reply.received_at <= as_of]


def _reply(dice: random.Random, number: int, message: Message) -> Reply:
    wait = timedelta(seconds=int(dice.lognormvariate(5, 2)) - 30)
    attribution = dice.choices(("explicit", "inferred", "unsolicited"), (70, 25, 5))[0]
    if attribution == "explicit" and dice.random() < 0.05:
        wait = timedelta(hours=72) + timedelta(seconds=dice.randrange(-2, 3))
    unknown = attribution == "inferred" and dice.random() < 0.2
    replied_to = message.message_id if attribution == "explicit" else "sent" if unknown else None
    return Reply(
        reply_id=f"{number:032x}",
        received_at=max(message.sent_at, (message.delivered_at or message.sent_at) + wait),
        message=None if attribution == "unsolicited" else message,
        attribution=attribution,
        body=dice.choice(BODIES),
        replied_to=replied_to,
        unknown_reference=unknown,
        copies=1 + int(dice.random() < 0.05),
        number=message.number,
        mcc=message.mcc,
        mnc=message.mnc,
    )


def make_catalogue(
    folder: Path,
    as_of: datetime,
    definitions: Definitions = Definitions(),  # noqa: B008
    *,
    seed: int = 1,
    count: int = 5_000,
    days: int = 45,
) -> Layout:
    """Fill a data directory and publish its catalogue."""
    layout = Layout(folder)
    messages = random_messages(seed, as_of, count, days)
    write_projections(layout, messages, random_replies(seed, as_of, messages), definitions)
    write_events(layout, messages)
    write_dead_letters(layout, [as_of - timedelta(days=days_ago) for days_ago in (0, 3, 3, 40)])
    write_job_runs(layout, as_of)
    write_alerts(layout, as_of)
    publish(layout, definitions, as_of)
    return layout


def write_job_runs(layout: Layout, as_of: datetime) -> None:
    """Write runs of the jobs that ended well, failed, found nothing to do and were cut short."""
    outcomes = ("succeeded", "failed", "interrupted", "succeeded", "idle")
    runs = [
        _job_run(job, as_of - timedelta(minutes=9 - number), outcome)
        for job in ("seal", "refresh", "report")
        for number, outcome in enumerate(outcomes)
    ]
    layout.job_runs.parent.mkdir(parents=True, exist_ok=True)
    layout.job_runs.write_text("".join(json.dumps(run) + "\n" for run in runs))


def write_alerts(layout: Layout, as_of: datetime) -> None:
    """Write alerts of each kind that are over."""
    common = {"began_at": as_of - timedelta(hours=5), "fired_at": as_of - timedelta(hours=4)}
    fallen = {"messages": 200, "delivered": 120, "usual_rate": 0.95}
    alerts: list[dict[str, Any]] = [
        {"kind": "delivery", "mcc": "226", "mnc": "10", "network": "Orange", **fallen},
        {"kind": "delivery", **fallen},
        {"kind": "silence", "usual_silence_seconds": 240.0},
        {"kind": "job", "job": "seal", "error": "OSError: No space left on device"},
    ]
    for number, alert in enumerate(alerts):
        alert |= {"alert_id": str(number), "resolved_at": as_of - timedelta(hours=number), **common}
    layout.alerts.parent.mkdir(parents=True, exist_ok=True)
    layout.alerts.write_text(json.dumps({"alerts": alerts}, default=datetime.isoformat))


def _job_run(job: str, began: datetime, outcome: str) -> dict[str, str | float | None]:
    ended = None if outcome == "interrupted" else began + timedelta(seconds=1.5)
    return {
        "job": job,
        "started_at": began.isoformat(),
        "ended_at": ended.isoformat() if ended else None,
        "duration_seconds": 1.5 if ended else None,
        "outcome": outcome,
        "error": "OSError: No space left on device" if outcome == "failed" else None,
        "events": {"succeeded": 120, "idle": 0}.get(outcome),
    }


if __name__ == "__main__":
    data, *rest = sys.argv[1:]
    when = datetime.fromisoformat(rest[0]) if rest else datetime.now(UTC)
    print(make_catalogue(Path(data), when, Definitions(time_zone="Europe/Bucharest")).catalogue)
