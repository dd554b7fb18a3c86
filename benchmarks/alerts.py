"""Measure the alerts on simulated networks, beside the rule that Plivo documents for its own.

    python -m benchmarks.alerts        writes the tables of docs/alerts.md

A network has a daily curve of traffic, and hours whose rate differs as a beta distribution does.
Both rules see the same messages, as soon as it is known of them whether they were delivered in
time, once every five minutes. Ours goes through the code that the server runs.
"""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from analytics.alerts.cusum import BUCKET, Bucket, Watch, step
from analytics.alerts.limits import FALSE_ALARM_DAYS
from analytics.alerts.reading import IN_TIME
from analytics.alerts.usual import BUCKETS_AN_HOUR, History, Hour, history

PAGE = Path(__file__).parents[1] / "docs/alerts.md"
MARKS = re.compile(r"(<!-- measured -->\n).*(<!-- /measured -->)", re.DOTALL)
SEED = 20_261_124
START = datetime(2026, 1, 5, tzinfo=UTC)
USUAL_RATE = 0.95
RATES_AFTER = (0.90, 0.80, 0.50, 0.0)
MESSAGES_AN_HOUR = (20, 200, 2_000)
CORRELATIONS = (0.0, 0.005)
WEEK = 7 * 24
LAG = timedelta(minutes=1)
NETWORKS_DROPPED = 200
NETWORKS_QUIET = 40
WATCHED = timedelta(hours=24)

Alarms = Callable[["Simulated"], Iterator[int]]
"""A rule: yields the numbers of the buckets after which it begins to find something wrong."""


@dataclass(frozen=True)
class Simulated:
    """A network, bucket by bucket; the first week is only to be known."""

    messages: list[int]
    delivered: list[int]

    @property
    def buckets(self) -> int:
        return len(self.messages)

    def hours(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """Yield messages and delivered of each hour from one to before another."""
        for hour in range(first, last):
            part = slice(hour * BUCKETS_AN_HOUR, (hour + 1) * BUCKETS_AN_HOUR)
            yield sum(self.messages[part]), sum(self.delivered[part])


def simulate(
    dice: np.random.Generator,
    an_hour: float,
    correlation: float,
    days: int,
    drop: tuple[int, float] | None = None,
) -> Simulated:
    """Make a network of a week and `days` more; from a bucket on it has another rate."""
    hours = WEEK + days * 24
    curve = an_hour * (1 - 0.6 * np.cos(2 * math.pi * (np.arange(hours) % 24) / 24))
    messages = dice.poisson(np.repeat(curve / BUCKETS_AN_HOUR, BUCKETS_AN_HOUR))
    rates = np.full(len(messages), USUAL_RATE)
    if drop:
        rates[drop[0] :] = drop[1]
    if correlation:
        of_hours = rates[::BUCKETS_AN_HOUR]
        spread = (1 - correlation) / correlation
        drawn = dice.beta(of_hours * spread + 1e-9, (1 - of_hours) * spread + 1e-9)
        rates = np.clip(rates + np.repeat(drawn - of_hours, BUCKETS_AN_HOUR), 0, 1)
    return Simulated(messages.tolist(), dice.binomial(messages, rates).tolist())


def ours(network: Simulated) -> Iterator[int]:
    """Judge as the server does; history is the seven days before the last five hours."""
    past, watch = History({}, {}, 1, 0.0, 1.0), Watch(judged_upto=START)
    for number in range(WEEK * BUCKETS_AN_HOUR, network.buckets):
        hour = number // BUCKETS_AN_HOUR
        if number % BUCKETS_AN_HOUR == 0:
            past = _past(network, hour)
        bucket = Bucket(
            START + number * BUCKET, hour % 24, network.messages[number], network.delivered[number]
        )
        was_down = watch.is_down
        watch = step(watch, bucket, past.usual(bucket.hour_of_day))
        if watch.is_down and not was_down:
            yield number


def _past(network: Simulated, hour: int) -> History:
    first, last = max(0, hour - 5 - WEEK), hour - 5
    return history(
        Hour(START + timedelta(hours=first + index), (first + index) % 24, messages, delivered)
        for index, (messages, delivered) in enumerate(network.hours(first, last))
    )


def plivos(network: Simulated) -> Iterator[int]:
    """The last 60 minutes, of at least 100 messages, a quarter below the rate of a week."""
    messages, delivered = (
        np.cumsum([0, *counts]) for counts in (network.messages, network.delivered)
    )
    was_low = False
    for number in range(WEEK * BUCKETS_AN_HOUR, network.buckets):
        upto, since, week = number + 1, number + 1 - BUCKETS_AN_HOUR, number + 1 - WEEK * 12
        count = messages[upto] - messages[since]
        usual = (delivered[upto] - delivered[week]) / (messages[upto] - messages[week])
        is_low = count >= 100 and (delivered[upto] - delivered[since]) / count < 0.75 * usual
        if is_low and not was_low:
            yield number
        was_low = bool(is_low)


RULES: dict[str, Alarms] = {"ours": ours, "Plivo's": plivos}


def delays(rule: Alarms, an_hour: float, correlation: float, rate: float) -> list[float | None]:
    """Return after how many minutes each of the networks was told of; None for not in a day."""
    found: list[float | None] = []
    dice = np.random.default_rng(
        [SEED, round(an_hour), round(correlation * 1e6), round(rate * 100)]
    )
    for _ in range(NETWORKS_DROPPED):
        falls = WEEK * BUCKETS_AN_HOUR + int(dice.integers(0, 24 * BUCKETS_AN_HOUR))
        network = simulate(dice, an_hour, correlation, 3, (falls, rate))
        alarm = next((number for number in rule(network) if number >= falls), None)
        delay = None if alarm is None else (alarm + 1 - falls) * BUCKET + ripening()
        found.append(delay.total_seconds() / 60 if delay and delay <= WATCHED else None)
    return found


def ripening() -> timedelta:
    """Return how long after a bucket's end it is judged: the next look once it is known."""
    return math.ceil((IN_TIME + LAG) / BUCKET) * BUCKET


def false_alarms(rule: Alarms, an_hour: float, correlation: float) -> float:
    """Return the number of false alarms of one network in 90 days."""
    dice = np.random.default_rng([SEED, round(an_hour), round(correlation * 1e6)])
    networks = (
        simulate(dice, an_hour, correlation, FALSE_ALARM_DAYS) for _ in range(NETWORKS_QUIET)
    )
    return sum(len(list(rule(network))) for network in networks) / NETWORKS_QUIET


def told(found: list[float | None]) -> str:
    """Tell the median delay, and how many were missed."""
    seen = sorted(delay for delay in found if delay is not None)
    if not seen:
        return "never"
    missed = len(found) - len(seen)
    half = len(found) // 2
    text = f"{seen[half]:.0f} min" if half < len(seen) else f"({statistics.median(seen):.0f} min)"
    share = f"{missed / len(found):.0%}" if missed / len(found) >= 0.01 else "<1%"
    return f"{text}, {share} missed" if missed else text


def tables() -> str:
    """Measure everything; return it as a page has it."""
    heads = [f"95 → {rate:.0%}".replace("%", " %") for rate in RATES_AFTER]
    lines = []
    for correlation in CORRELATIONS:
        lines += [
            "",
            "Hours alike but for chance:"
            if not correlation
            else f"Hours that differ beyond chance (intraclass correlation {correlation}):",
            "",
            f"| messages an hour | rule | false alarms in 90 days | {' | '.join(heads)} |",
            f"| ---: | --- | ---: |{' ---: |' * len(heads)}",
        ]
        for an_hour in MESSAGES_AN_HOUR:
            for name, rule in RULES.items():
                cells = [told(delays(rule, an_hour, correlation, rate)) for rate in RATES_AFTER]
                quiet = false_alarms(rule, an_hour, correlation)
                lines.append(f"| {an_hour:,} | {name} | {quiet:.2f} | {' | '.join(cells)} |")
                print(lines[-1], flush=True)
    return "\n".join(lines[1:])


def main() -> None:
    """Write the tables into the page."""
    measured = tables()
    page = PAGE.read_text("utf-8")
    PAGE.write_text(MARKS.sub(lambda found: f"{found[1]}{measured}\n{found[2]}", page), "utf-8")


if __name__ == "__main__":
    main()
