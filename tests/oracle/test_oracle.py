"""Every figure of every view is the one that plain loops count from the same webhooks."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.drawing import PATIENT, QUICK
from tests.oracle.comparing import differences
from tests.oracle.crowd import crowd
from tests.oracle.figures import Figures
from tests.oracle.pipeline import published
from tests.oracle.reading import read
from tests.oracle.traffic import Scene, scenes

DAYS = st.none() | st.integers(-2, 3)


def agree(scene: Scene, days: tuple[int | None, int | None]) -> None:
    """Judge one scene by both; `days` are counted from that of `as_of`."""
    figures = Figures(read(scene.calls), scene.definitions, scene.as_of)
    first, last = (_day(figures, each) for each in days)
    batches = [[call.line for call in batch] for batch in scene.batches]
    with (
        tempfile.TemporaryDirectory() as folder,
        published(
            Path(folder), batches, scene.definitions, scene.as_of, rebuilt=scene.rebuilt
        ) as catalogue,
    ):
        about = catalogue.about()
        assert (about.events, about.dead_letters, about.replies, about.last_event_at) == (
            len(figures.log.receipts) + len(figures.log.answers),
            len(figures.log.unreadable),
            len(figures.received),
            figures.log.last_event_at,
        )
        assert differences(catalogue, figures, (first, last)) == []


def _day(figures: Figures, offset: int | None) -> date | None:
    return None if offset is None else figures.day(figures.as_of) + timedelta(days=offset)


@settings(QUICK, max_examples=10)
@given(scenes(), DAYS, DAYS)
def test_figures_are_those_that_plain_loops_count(
    scene: Scene, first: int | None, last: int | None
) -> None:
    agree(scene, (first, last))


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(2, 50))]
)
def test_figures_of_a_month_are_those_that_plain_loops_count(seed: int) -> None:
    agree(crowd(seed), (-20, -10))


def test_a_month_has_changes_of_each_measure_by_network_and_by_hour() -> None:
    scene = crowd(1)
    figures = Figures(read(scene.calls), scene.definitions, scene.as_of)
    days = _day(figures, -20), _day(figures, -10)
    for rows in (figures.change_by_network_between(*days), figures.change_by_hour_between(*days)):
        split = Counter(row["measure"] for row in rows if row["mix_effect"] and row["rate_effect"])
        assert split.keys() == {"delivery_rate", "within_30s", "reply_rate"}
        assert min(split.values()) > 2


@pytest.mark.soak
@settings(PATIENT, max_examples=2_000)
@given(scenes(), DAYS, DAYS)
def test_figures_are_those_that_plain_loops_count_for_long(
    scene: Scene, first: int | None, last: int | None
) -> None:
    agree(scene, (first, last))
