"""Conversations: what was said to a number and by it, chained by silence and cut by weeks. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise

WEEK = timedelta(days=7)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, order=True)
class Moment:
    """A message or a reply; of two at one instant the message is the earlier, then the first id."""

    at: datetime
    by: str  # "message" sorts before "reply"
    message_id: str  # empty for a reply
    mcc: str
    mnc: str
    campaign: str


@dataclass(frozen=True)
class Conversation:
    """The moments of one piece of a chain, in order."""

    moments: list[Moment]
    chain_started_at: datetime
    gap: timedelta

    @property
    def first(self) -> Moment:
        return self.moments[0]

    @property
    def ended_at(self) -> datetime:
        return self.moments[-1].at

    @property
    def weeks(self) -> int:
        """How often the limit of 7 days had passed before it."""
        return (self.first.at - self.chain_started_at) // WEEK

    @property
    def open_until(self) -> datetime:
        cut = self.chain_started_at + WEEK * (self.weeks + 1)
        return min(self.ended_at + self.gap, cut - MICROSECOND)

    def count(self, by: str) -> int:
        return sum(moment.by == by for moment in self.moments)

    @property
    def turns(self) -> int:
        return 1 + sum(one.by != other.by for one, other in pairwise(self.moments))

    @property
    def first_reply_seconds(self) -> int | None:
        sides = [moment.by for moment in self.moments]
        if "message" not in sides or "reply" not in sides[sides.index("message") :]:
            return None
        first = sides.index("message")
        answer = sides.index("reply", first)
        return (self.moments[answer].at - self.moments[first].at) // timedelta(seconds=1)


def conversations_of(moments: list[Moment], gap: timedelta) -> list[Conversation]:
    """Put the moments of one number together to conversations."""
    found: list[Conversation] = []
    for chain in _chains(sorted(moments), gap):
        start = chain[0].at
        for _, piece in groupby(chain, key=lambda each: (each.at - start) // WEEK):
            found.append(Conversation(list(piece), start, gap))
    return found


def _chains(moments: list[Moment], gap: timedelta) -> list[list[Moment]]:
    chains: list[list[Moment]] = []
    for moment in moments:
        if chains and moment.at - chains[-1][-1].at <= gap:
            chains[-1].append(moment)
        else:
            chains.append([moment])
    return chains
