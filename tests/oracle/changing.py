"""What changed between two stretches of days, split into mix and rate, in fractions. Pure."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from tests.oracle.judging import Judged, Row, grouped, is_between, with_interval
from tests.oracle.ledger import Message

DAY = timedelta(days=1)
Judge = Callable[[Message], bool | None]  # None: not asked of this message


@dataclass(frozen=True)
class Side:
    """Of some messages, how many a measure is asked of, and for how many it holds."""

    whole: int
    part: int

    @property
    def rate(self) -> Fraction:
        return Fraction(self.part, self.whole)


def changed(
    judged: Judged,
    first: date | None,
    last: date | None,
    key: Callable[[Message], Hashable],
    name: Callable[[Message], Row],
) -> list[Row]:
    """Return the rows of a change to these days from as many just before, one a measure and key.

    `name` gives the columns of a key, told by a message of it; the latest one tells.
    """
    if first is None or last is None:
        return []
    before = (first - (last - first + DAY), first - DAY)
    sides = [_sent(judged, first, last), _sent(judged, *before)]
    latest = sorted(sides[0] + sides[1], key=judged.sent_on)
    names = {key(message): name(message) for message in latest}
    rows = []
    for measure, judge in _measures(judged).items():
        asked = [_asked(judged, measure, side) for side in sides]
        split = _split([_counted(side, key, judge) for side in asked])
        rows += [{"measure": measure, **names[each]} | row for each, row in split.items()]
    return rows


def _sent(judged: Judged, first: date, last: date) -> list[Message]:
    return [each for each in judged.sent if is_between(first, judged.sent_on(each), last)]


def _asked(judged: Judged, measure: str, sent: Sequence[Message]) -> list[Message]:
    """Leave out what is not settled: the days from the first on that has pending messages."""
    pending = [judged.sent_on(each) for each in sent if judged.state(each) == "pending"]
    if measure == "reply_rate" or not pending:
        return list(sent)
    return [each for each in sent if judged.sent_on(each) < min(pending)]


def _measures(judged: Judged) -> dict[str, Judge]:
    def in_time(message: Message) -> bool | None:
        if judged.age(message.first.sent_at) < timedelta(seconds=30):
            return None
        return message.latency_seconds is not None and message.latency_seconds <= 30

    def answered(message: Message) -> bool | None:
        if not (message.is_delivered and judged.age(message.reached_at) > judged.window):
            return None
        return message.first.message_id in judged.replied_to

    found: dict[str, Judge] = {
        "delivery_rate": lambda message: message.is_delivered,
        "within_30s": in_time,
    }
    return found | ({"reply_rate": answered} if judged.received else {})


def _counted(
    sent: Sequence[Message], key: Callable[[Message], Hashable], judge: Judge
) -> dict[Hashable, Side]:
    found = {}
    for each, group in grouped(sent, key):
        answers = [answer for answer in map(judge, group) if answer is not None]
        if answers:
            found[each] = Side(len(answers), sum(answers))
    return found


def _split(sides: Sequence[dict[Hashable, Side]]) -> dict[Hashable, Row]:
    """Split the change of a rate; nothing when one side has nothing."""
    if not all(sides):
        return {}
    totals = [
        Side(sum(one.whole for one in side.values()), sum(one.part for one in side.values()))
        for side in sides
    ]
    now, before = (total.rate for total in totals)
    nothing = Side(0, 0)
    rows, effects = {}, []
    for each in sides[0].keys() | sides[1].keys():
        ours, theirs = (side.get(each, nothing) for side in sides)
        shares = [
            Fraction(one.whole, total.whole)
            for one, total in zip((ours, theirs), totals, strict=True)
        ]
        r, r_before = (ours if ours.whole else theirs).rate, (theirs if theirs.whole else ours).rate
        mix = (shares[0] - shares[1]) * ((r + r_before) / 2 - (now + before) / 2)
        did = (r - r_before) * (shares[0] + shares[1]) / 2
        effects += [mix, did]
        rows[each] = _row(ours, theirs, shares, mix, did, now - before)
    assert sum(effects) == now - before
    return rows


def _row(
    ours: Side,
    theirs: Side,
    shares: Sequence[Fraction],
    mix: Fraction,
    did: Fraction,
    change: Fraction,
) -> Row:
    return {
        "messages": ours.whole,
        "successes": ours.part,
        "messages_before": theirs.whole,
        "successes_before": theirs.part,
        "share": float(shares[0]),
        "share_before": float(shares[1]),
        **with_interval("rate", ours.part, ours.whole),
        **with_interval("rate_before", theirs.part, theirs.whole),
        "mix_effect": float(mix),
        "rate_effect": float(did),
        "effect": float(mix + did),
        "change": float(change),
    }
