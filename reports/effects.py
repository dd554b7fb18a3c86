"""What changed from the days before, and who did it: a change split into effects. Pure.

Of each network there are two: that it did better or worse, and that it had more or less of the
traffic. An effect is clear when it is more than noise, all of them taken together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import polars as pl

from reports import comparison, words
from reports.comparison import Change, Rate

NAMED_MAX = 3
Kind = Literal["rate", "mix"]


@dataclass(frozen=True)
class Effect:
    """What one key did to a change: `size` as a fraction; `more` says that its share grew."""

    label: str
    kind: Kind
    size: float
    clear: bool
    more: bool = False


@dataclass(frozen=True)
class Split:
    """A change of a rate, and its rows: label, messages, successes, … and the two effects."""

    now: Rate
    before: Rate
    rows: pl.DataFrame

    @property
    def change(self) -> Change:
        moved = comparison.change(self.now, self.before)
        assert moved is not None
        return moved

    @cached_property
    def effects(self) -> list[Effect]:
        """All effects, largest first."""
        z = comparison.z_of_all(self.rows.height)
        found = [
            effect for row in self.rows.iter_rows(named=True) for effect in self._effects(row, z)
        ]
        return sorted(found, key=lambda one: (-round(abs(one.size), 9), not one.more, one.label))

    def total(self, kind: Kind) -> float:
        """Return the sum of the effects of a kind."""
        return float(self.rows[f"{kind}_effect"].sum())

    def _effects(self, row: dict[str, Any], z: float) -> list[Effect]:
        more = row["share"] > row["share_before"]
        return [
            Effect(row["label"], "rate", row["rate_effect"], _did(row, z)),
            Effect(row["label"], "mix", row["mix_effect"], self._moved(row, z), more),
        ]

    def _moved(self, row: dict[str, Any], z: float) -> bool:
        """Say whether a share moved, and its messages do fare otherwise than all others."""
        shares = comparison.change(
            comparison.rate(row["messages"], self.now.whole, z),
            comparison.rate(row["messages_before"], self.before.whole, z),
        )
        part, whole = (row[name] + row[f"{name}_before"] for name in ("successes", "messages"))
        others = (self.now.part + self.before.part, self.now.whole + self.before.whole)
        apart = comparison.change(
            comparison.rate(part, whole, z),
            comparison.rate(others[0] - part, others[1] - whole, z),
        )
        return all(one is not None and one.clear for one in (shares, apart))


def split(rows: pl.DataFrame) -> Split | None:
    """Make a split of the rows of one measure, each with a label; None without any."""
    sums = rows.select(pl.sum("successes", "messages", "successes_before", "messages_before"))
    part, whole, part_before, whole_before = sums.row(0)
    now, before = comparison.rate(part, whole), comparison.rate(part_before, whole_before)
    return None if now is None or before is None else Split(now, before, rows)


def _did(row: dict[str, Any], z: float) -> bool:
    change = comparison.change(
        comparison.rate(row["successes"], row["messages"], z),
        comparison.rate(row["successes_before"], row["messages_before"], z),
    )
    return change is not None and change.clear


def visible(effects: Sequence[Effect]) -> list[Effect]:
    """Return the effects that are clear and not too small to be told."""
    return [one for one in effects if one.clear and abs(one.size) >= words.LEAST_POINTS]


@dataclass(frozen=True)
class Nouns:
    """How a measure is told: its name, and what a key did when it did better or worse."""

    name: str
    better: str
    worse: str


def moved(nouns: Nouns, of: Split, than: str, scope: str = "") -> str:
    """Say how a measure changed: Delivery fell by 2.3 points from that of the 30 days before."""
    change = of.change
    before, now = words.percent(of.before.value), words.percent(of.now.value)
    if not change.clear:
        return _begun(
            f"{nouns.name} shows no clear change from {than}: {now}, before {before}.", scope
        )
    size = words.signed(abs(change.difference) * 100).lstrip("+")
    points = "point" if size == "1.0" else "points"
    verb = "rose" if change.difference > 0 else "fell"
    return _begun(
        f"{nouns.name} {verb} by {size} {points} against {than}, from {before} to {now}.", scope
    )


def why(nouns: Nouns, of: Split) -> str:
    """Say who did it: Vodafone did worse (−1.9), more traffic went to Orange (−0.4)."""
    clear, fell = visible(of.effects), of.change.difference < 0
    along = [_said(nouns, one) for one in clear if (one.size < 0) == fell][:NAMED_MAX]
    against = [_said(nouns, one) for one in clear if (one.size < 0) != fell][:NAMED_MAX]
    if not of.change.clear:
        found = [_said(nouns, one) for one in clear][:NAMED_MAX]
        return f"Yet {words.listed(found)}." if found else ""
    if not along:
        return "No network alone explains it beyond chance."
    text = words.listed(along)
    if text.startswith(("more traffic", "less traffic")):  # and not the name of a network
        text = f"{text[0].upper()}{text[1:]}"
    return f"{text}; against it, {words.listed(against)}." if against else f"{text}."


def _said(nouns: Nouns, effect: Effect) -> str:
    points = words.points(effect.size)
    if effect.kind == "rate":
        return f"{effect.label} {nouns.better if effect.size > 0 else nouns.worse} ({points})"
    return f"{'more' if effect.more else 'less'} traffic went to {effect.label} ({points})"


def _begun(sentence: str, scope: str) -> str:
    return f"{scope}{sentence[:1].lower()}{sentence[1:]}" if scope else sentence
