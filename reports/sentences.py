"""What happened, in words, never saying more than the intervals allow. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reports import comparison, words
from reports.comparison import Change, Rate
from reports.period import Period

LOW_BY_POINTS = 0.02  # a network this far under the best one is worth a warning
BAD_DAY_BY_POINTS = 0.03
BAD_DAYS_NAMED = 3


@dataclass(frozen=True)
class Headline:
    """One or two sentences; `alarming` says that the second is about something wrong."""

    first: str
    second: str = ""
    alarming: bool = False


@dataclass(frozen=True)
class NetworkFigures:
    """One network's delivery over the settled days, and over the period before (or None)."""

    name: str
    now: Rate
    before: Rate | None


def delivered(rate: Rate, pending: int, outcome: str = "delivered") -> str:
    """Say how much was delivered; figures that may still change are said to be so far."""
    if rate.whole < comparison.COUNT_MIN:
        share = f"{words.number(rate.part)} of {words.counted(rate.whole, 'message')}"
        verb = "was" if rate.part == 1 else "were"
    else:
        share = f"{words.percent(rate.value)} of {words.counted(rate.whole, 'message')}"
        verb = "were"
    if not pending:
        return f"{share} {verb} {outcome}"
    return f"So far {share} {'is' if verb == 'was' else 'are'} {outcome}"


def compared(change: Change | None, than: str, settled: Period | None) -> str:
    """Say how a rate compares with that of the days before; `settled` if only a part is compared.

    `than` names the days before: the 30 days before. It continues a sentence, or is empty.
    """
    if change is None:
        return ""
    moved = f"{in_points(change)} than in" if change.clear else "no clear change from"
    if settled is None:
        return f", {'' if change.clear else 'with '}{moved} {than}"
    return f"; {_settled_days(settled.days)} {moved} {than}"


def in_points(change: Change) -> str:
    """Say how far a rate moved: 2.3 points lower."""
    size = words.signed(abs(change.difference) * 100).lstrip("+")
    direction = "higher" if change.difference > 0 else "lower"
    return f"{size} {'point' if size == '1.0' else 'points'} {direction}"


def _settled_days(days: int) -> str:
    return "on the settled day" if days == 1 else f"on the {days} settled days"


def first_sentence(
    rate: Rate,
    pending: int,
    change: Change | None,
    than: str,
    settled: Period | None,
    outcome: str = "delivered",
) -> str:
    """Put how many had an outcome and how that compares into one line."""
    few = rate.whole < comparison.COUNT_MIN and not pending
    end = compared(change, than, settled) or (": too few to say more" if few else "")
    return f"{delivered(rate, pending, outcome)}{end}."


def culprit(networks: Sequence[NetworkFigures]) -> NetworkFigures | None:
    """Return the network whose clear fall makes up most of what was lost, if there is one."""
    losses = [
        (change.difference * network.now.whole, network)
        for network in networks
        if (change := comparison.change(network.now, network.before)) and change.clear
    ]
    lost = -sum(loss for loss, _ in losses if loss < 0)
    worst = min(losses, key=lambda one: one[0], default=None)
    if worst is None or lost <= 0 or -worst[0] < lost / 2:
        return None
    return worst[1]


def blame(
    network: NetworkFigures, overall: Change | None, bad_days: Sequence[date] = (), than: str = ""
) -> str:
    """Say what a network lost, as the reason only where the whole fell clearly as well.

    `than` names the days before, where no sentence before this one does.
    """
    change = comparison.change(network.now, network.before)
    fall = words.signed(abs(change.difference) * 100).lstrip("+") if change else "0"
    since = f" than in {than}" if than else ""
    stretch = f", worst on {_named_days(bad_days)}" if bad_days else ""
    if overall is not None and overall.clear and overall.difference < 0:
        return f"Most of the fall is on {network.name}, {fall} points lower{since}{stretch}."
    return f"{network.name} delivered {fall} points less{since}{stretch}."


def _scoped(start: str, settled_only: bool) -> str:
    """Begin a sentence, saying where it holds for settled days only."""
    return f"On settled days, {start[:1].lower()}{start[1:]}" if settled_only else start


def _named_days(days: Sequence[date]) -> str:
    if len({(day.year, day.month) for day in days}) == 1:
        return f"{words.listed([str(day.day) for day in days])} {days[0]:%B}"
    return words.listed([f"{day.day} {day:%B}" for day in days])


def bad_days(days: Sequence[tuple[date, int, int]], period: Rate) -> list[date]:
    """Return the worst days (date, messages, delivered), in order: clearly under the period."""
    low: list[tuple[float, date]] = []
    for day, messages, part in days:
        rate = comparison.rate(part, messages)
        if rate is None or period.value - rate.value < BAD_DAY_BY_POINTS:
            continue
        if comparison.apart(rate, period):
            low.append((rate.value, day))
    return sorted(day for _, day in sorted(low)[:BAD_DAYS_NAMED])


def ranking(networks: Sequence[NetworkFigures], *, settled_only: bool) -> tuple[str, bool]:
    """Say how networks compare with each other, and whether that is worth a warning."""
    judged = [n for n in networks if n.now.whole >= comparison.COUNT_MIN]
    if len(judged) < 2:
        return "", False
    ordered = sorted(judged, key=lambda network: network.now.value)
    worst, best = ordered[0], ordered[-1]
    if not comparison.apart(worst.now, best.now):
        return _scoped("No clear difference between networks.", settled_only), False
    start = _scoped("", settled_only)
    far = best.now.value - worst.now.value >= LOW_BY_POINTS
    if all(comparison.apart(worst.now, other.now) for other in ordered[1:]):
        than = "any other network" if len(ordered) > 2 else best.name
        figure = words.percent(worst.now.value)
        return f"{start}{worst.name} delivers less than {than}: {figure}.", far
    pair = f"{words.percent(worst.now.value)} against {words.percent(best.now.value)}"
    return f"{start}{worst.name} delivers less than {best.name}: {pair}.", far


def slower(now: float, before: float) -> str:
    """Say that delivery became slower, seconds at p95."""
    times = f"{words.seconds(now)}, before {words.seconds(before)}"
    return f"Delivery is slower: 95{words.SPACE}% within {times}."


def latency(
    median: float | None, slow: float | None, before: float | None, change: Change | None, than: str
) -> str:
    """Say how fast delivery is, seconds at the median and p95, and how that compares."""
    if median is None:
        return "No message of this period was delivered with a known time."
    start = (
        f"Half of the delivered messages arrived within {words.seconds(median)}, "
        f"95{words.SPACE}% within {words.seconds(slow)}"
    )
    if change is None or before is None:
        return f"{start}."
    if not change.clear:
        return f"{start}, with no clear change from {than}."
    return f"{start}; in {than} it was {words.seconds(before)}."


def slowest(
    networks: Sequence[tuple[str, float, tuple[float, float] | None]], *, settled_only: bool
) -> str:
    """Name the network whose p95 is clearly the longest: (name, p95, its interval), or none."""
    judged = [(name, p95, ends) for name, p95, ends in networks if ends is not None]
    if len(judged) < 2:
        return ""
    (name, p95, ends), *others = sorted(judged, key=lambda one: -one[1])
    if any(other[2][1] > ends[0] for other in others):
        return _scoped("No network is clearly slower than all others.", settled_only)
    following = others[0]
    return (
        f"{_scoped('', settled_only)}{name} is the slowest: p95 {words.seconds(p95)}, "
        f"{_compared_times(p95, following[1], following[0])}."
    )


def _compared_times(seconds: float, other: float, name: str) -> str:
    if other <= 0 or seconds / other < 1.5:
        return f"against {words.seconds(other)} of {name}"
    return f"{words.times(seconds / other)} that of {name}"


def network(
    name: str,
    rate: Rate,
    pending: int,
    change: Change | None,
    than: str,
    p95: float | None,
    others: float | None,
) -> str:
    """Say how one network delivered, and how fast; `others` is their p95 where it clearly differs.

    Times in seconds.
    """
    share = f"{words.percent(rate.value)} of {words.counted(rate.whole, 'message')}"
    if rate.whole < comparison.COUNT_MIN:
        share = f"{words.number(rate.part)} of {words.counted(rate.whole, 'message')}"
    so_far = " so far" if pending else ""
    moved = f", {in_points(change)} than in {than}" if change and change.clear else ""
    speed = ""
    if p95 is not None:
        speed = f"; p95 {words.seconds(p95)}"
        if others and p95 / others >= 1.5:
            speed += f", {words.times(p95 / others)} that of the other networks"
    return f"{name} delivered {share}{so_far}{moved}{speed}."


def replies(
    rate: Rate | None, change: Change | None, than: str, median: float | None, count: int
) -> str:
    """Say how many answer, and how soon, seconds."""
    if not count:
        return "No reply came in this period."
    came = f"{words.counted(count, 'reply', 'replies')} came in"
    soon = ""
    if median is not None and count >= comparison.COUNT_MIN:
        soon = f"; half of the replies came within {words.seconds(median)}"
    if rate is None:
        return f"{came}{soon}."
    share = f"{words.percent(rate.value)} of delivered messages were answered"
    if change is None:
        return f"{share}{soon}."
    moved = (
        f"{in_points(change)} than in {than}"
        if change.clear
        else f"with no clear change from {than}"
    )
    return f"{share}, {moved}{soon}."
