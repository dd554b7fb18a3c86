"""What becomes of one message: its receipts, the answers to it, and everything that goes wrong.

Pure: all chance comes from the generator that it is given. Times are epoch seconds.
"""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from simulator import rhythm, wire, words
from simulator.population import (
    CAMPAIGNS,
    REPLY_FACTORS,
    VODAFONE,
    Network,
    anyone,
    person,
    since_move,
)

WEBHOOK_PATH = "/webhooks/smso"

# Shares of all messages, unless said otherwise.
DISPATCHED = 0.10
SENT = 0.95
NEVER_TOLD = 0.013
UNDELIVERED, EXPIRED = 0.60, 0.30  # of the failures; the rest are errors
SLOW, ASLEEP = 0.03, 0.003  # of the deliveries: a heavy tail, and phones that are off for hours
LATE_RECEIPT = 0.008
REDELIVERED = 0.0013  # of the webhooks
CONFLICTING = 0.0002
CLOCK_ANOMALY = 0.0004
UNDECODABLE = 0.00005
UNSOLICITED = 0.001
ANSWERED_ALTHOUGH_FAILED = 0.004  # of the failures
ASTRAY = 0.25  # of the messages of the first ten days on another network
# Shares of the replies.
REPLIED_TO_EMPTY, REPLIED_TO_SENT, REPLIED_TO_UNKNOWN = 0.10, 0.03, 0.008
BEFORE_DELIVERY = 0.003
ANSWERED_BACK = 0.12  # the business writes again
ANSWERED_AGAIN = 0.45  # and the person, too

_DAY = 86_400
_LATENCY_MAX = 2 * _DAY
_TURNS_MAX = 6
_ASTRAY_FOR = 10 * _DAY


class Hook(NamedTuple):
    """One webhook and the epoch second at which it arrives. Hooks sort by arrival."""

    arrives: float
    content_type: str
    body: bytes
    url: str


class BadStretch(NamedTuple):
    """Epoch seconds between which one network does badly."""

    since: float
    until: float
    network: Network = VODAFONE
    success: float = 0.72
    slower: float = 2.0
    wider: float = 0.40

    def spoils(self, network: Network, sent: float) -> bool:
        """Say whether a message sent then, on that network, is part of it."""
        return network is self.network and self.since <= sent < self.until


class Story:
    """Tells one message after another."""

    def __init__(self, rng: Random, bad: BadStretch) -> None:
        self._rng = rng
        self._bad = bad
        self._campaigns = tuple(CAMPAIGNS)
        self._weights = tuple(CAMPAIGNS.values())

    def tell(self, sent: float) -> list[Hook]:
        """Return every webhook that a message sent at that epoch second ever causes."""
        rng = self._rng
        (campaign,) = rng.choices(self._campaigns, self._weights)
        url = f"{WEBHOOK_PATH}?campaign={campaign}" if campaign else WEBHOOK_PATH
        who = anyone(rng)
        usual = person(who, sent).network.reply_rate
        likely = usual * rhythm.willingness(sent) * REPLY_FACTORS[campaign]
        hooks = self._message(sent, who, url, likely, _TURNS_MAX)
        self._noise(hooks, sent)
        return hooks

    def _message(
        self, sent: float, who: int, url: str, reply_chance: float, turns: int
    ) -> list[Hook]:
        rng = self._rng
        uuid = self._uuid()
        hooks: list[Hook] = []
        self._progress(hooks, uuid, sent, who, url)
        if rng.random() < NEVER_TOLD:
            return hooks
        status, seconds = self._outcome(sent, who)
        done = sent + seconds
        if status == "delivered":
            self._delivered(hooks, uuid, sent, done, who, url)
            answered = rng.random() < reply_chance
        else:
            body = wire.receipt(rng, uuid, status, sent, None, person(who, done))
            hooks.append(Hook(done + self._lag(), *body, url))
            answered = rng.random() < ANSWERED_ALTHOUGH_FAILED
        if answered:
            self._reply(hooks, uuid, sent, done, who, url, turns)
        return hooks

    def _progress(self, hooks: list[Hook], uuid: str, sent: float, who: int, url: str) -> None:
        rng = self._rng
        if rng.random() < DISPATCHED:
            body = wire.receipt(rng, uuid, "dispatched", sent, None, person(who, sent))
            hooks.append(Hook(sent + self._lag() / 4, *body, url))
        if rng.random() < SENT:
            late = rng.uniform(5, 90) if rng.random() < LATE_RECEIPT else 0.0
            body = wire.receipt(rng, uuid, "sent", sent, None, person(who, sent))
            hooks.append(Hook(sent + self._lag() + late, *body, url))

    def _outcome(self, sent: float, who: int) -> tuple[str, float]:
        """Return the final status and how many seconds after `sent` it comes about."""
        rng = self._rng
        network = person(who, sent).network
        bad = self._bad.spoils(network, sent)
        if since_move(who, sent) < _ASTRAY_FOR and rng.random() < ASTRAY:
            return "undelivered", rng.lognormvariate(1.0, 0.8)
        if rng.random() < (self._bad.success if bad else network.success):
            return "delivered", self._latency(network, bad)
        failure = rng.random()
        if failure < UNDELIVERED:
            return "undelivered", rng.lognormvariate(3.5, 1.5)
        if failure < UNDELIVERED + EXPIRED:
            return "expired", _DAY + rng.expovariate(1 / 600)
        return "error", rng.lognormvariate(1.0, 0.8)

    def _latency(self, network: Network, bad: bool) -> float:
        rng = self._rng
        median, sigma = network.latency_median_seconds, network.latency_sigma
        if bad:
            median, sigma = median * self._bad.slower, sigma + self._bad.wider
        seconds = median * rng.lognormvariate(0, sigma)
        kind = rng.random()
        if kind < ASLEEP:
            return min(rng.lognormvariate(9.5, 1.0), _LATENCY_MAX)
        if kind < ASLEEP + SLOW:
            return min(seconds * 3 * rng.paretovariate(1.1), _LATENCY_MAX)
        return seconds

    def _delivered(
        self, hooks: list[Hook], uuid: str, sent: float, done: float, who: int, url: str
    ) -> None:
        rng = self._rng
        known = sent - rng.uniform(2, 30) if rng.random() < CLOCK_ANOMALY else done
        body = wire.receipt(rng, uuid, "delivered", sent, known, person(who, done))
        arrives = done + self._lag()
        hooks.append(Hook(arrives, *body, url))
        if rng.random() < CONFLICTING:
            body = wire.receipt(rng, uuid, "undelivered", sent, None, person(who, done))
            hooks.append(Hook(arrives + rng.uniform(1, 3600), *body, url))

    def _reply(
        self,
        hooks: list[Hook],
        uuid: str,
        sent: float,
        delivered: float,
        who: int,
        url: str,
        turns: int,
    ) -> None:
        rng = self._rng
        received = delivered + 4 + min(rng.lognormvariate(5.9, 1.5), 5 * _DAY)
        if rng.random() < BEFORE_DELIVERY:
            received = sent + rng.random() * (delivered - sent)
        text = words.answer(rng)
        body = wire.reply(rng, text, self._replied_to(uuid), received, person(who, received))
        hooks.append(Hook(received + self._lag(), *body, url))
        if turns and rng.random() < ANSWERED_BACK:
            again = received + 5 + rng.lognormvariate(4.5, 1.0)
            hooks += self._message(again, who, WEBHOOK_PATH, ANSWERED_AGAIN, turns - 1)

    def _replied_to(self, uuid: str) -> str:
        chance = self._rng.random()
        if chance < REPLIED_TO_EMPTY:
            return ""
        if chance < REPLIED_TO_EMPTY + REPLIED_TO_SENT:
            return "sent"
        if chance < REPLIED_TO_EMPTY + REPLIED_TO_SENT + REPLIED_TO_UNKNOWN:
            return self._uuid()
        return uuid

    def _noise(self, hooks: list[Hook], sent: float) -> None:
        rng = self._rng
        again = [hook for hook in hooks if rng.random() < REDELIVERED]
        hooks += (hook._replace(arrives=hook.arrives + rng.uniform(2, 900)) for hook in again)
        if rng.random() < UNSOLICITED:
            body = wire.reply(rng, words.answer(rng), "", sent, person(anyone(rng), sent))
            hooks.append(Hook(sent + self._lag(), *body, WEBHOOK_PATH))
        if rng.random() < UNDECODABLE:
            hooks.append(Hook(sent + self._lag(), *rng.choice(wire.UNDECODABLE), WEBHOOK_PATH))

    def _lag(self) -> float:
        """Seconds between something happening at SMSO and its webhook reaching us."""
        return self._rng.lognormvariate(-0.6, 0.7)

    def _uuid(self) -> str:
        digits = f"{self._rng.getrandbits(128):032x}"
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"
