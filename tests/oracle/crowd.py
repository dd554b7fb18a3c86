"""A month of likely traffic with its oddities: thousands of webhooks from one seed. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from analytics.definitions import Definitions
from tests.oracle.pipeline import Call
from tests.oracle.traffic import BODIES, CAMPAIGNS, NETWORKS, ZONES, Scene, form, text

START = datetime(2026, 10, 10, tzinfo=UTC)  # the clocks of Europe and America change in the month
DAYS = 30
FINALS = ("delivered",) * 8 + ("undelivered", "expired", "error", None)


def crowd(seed: int, messages: int = 1_200) -> Scene:
    """Make the webhooks of a month, in the order in which they come, in three batches."""
    dice = random.Random(seed)
    calls = [call for number in range(messages) for call in _story(dice, number)]
    calls += dice.choices(calls, k=messages // 50)
    calls.sort(key=lambda call: call.ingested_at)
    third = len(calls) // 3
    return Scene(
        [calls[:third], calls[third : 2 * third], calls[2 * third :]],
        Definitions(time_zone=dice.choice(ZONES), reply_window_hours=dice.choice((72, 24))),
        START + timedelta(days=DAYS, seconds=dice.randrange(86_400)),
        rebuilt=False,
    )


def _story(dice: random.Random, number: int) -> Iterator[Call]:
    """Tell of one message: that it was sent, how it ended, and perhaps what was replied."""
    message_id = f"{number:08x}-aaaa-4bbb-8ccc-000000000000"
    sent_at = START + timedelta(seconds=dice.randrange(DAYS * 86_400))
    whom = f"+4072{dice.randrange(40):07d}", dice.choice(NETWORKS)
    campaign = dice.choice(CAMPAIGNS)
    latency = timedelta(seconds=int(dice.lognormvariate(2, 2)) - dice.choice((0, 0, 0, 3)))
    told = {"uuid": message_id, "sent_at": text(sent_at)}
    lag = timedelta(seconds=dice.randrange(5))
    yield Call(sent_at + lag, form("receiver", *whom, told | {"status": "sent"}), campaign)
    status = dice.choice(FINALS)
    if status:
        at = text(sent_at + latency) if dice.random() < 0.97 else ""
        yield Call(
            sent_at + latency + timedelta(seconds=dice.randrange(600)),
            form("receiver", *whom, told | {"status": status, "delivered_at": at}),
            campaign,
        )
    if dice.random() < 0.3:
        received_at = sent_at + timedelta(seconds=int(dice.lognormvariate(7, 3)) - 20)
        answer = {
            "body": dice.choice(BODIES),
            "received_at": text(received_at),
            "replied_to": dice.choice((message_id, "", "sent")),
        }
        yield Call(received_at + lag, form("sender", *whom, answer), campaign)
