"""Intervals and percentiles are those of statsmodels and numpy, in SQL and in the oracle."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint  # type: ignore[import-untyped]

from analytics.catalogue import publish
from analytics.definitions import Definitions
from analytics.door import Catalogue
from eventlog.layout import Layout
from tests.oracle.counting import percentile, wilson
from tests.oracle.figures import Figures
from tests.oracle.reading import Log
from tests.oracle.traffic import ANCHORS

PARTS_AND_WHOLES = st.lists(
    st.integers(1, 10**9).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))),
    min_size=1,
    max_size=40,
)
BARE = Figures(Log(), Definitions(), ANCHORS[0])


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """An empty catalogue, for the macros that need no rows."""
    layout = Layout(tmp_path_factory.mktemp("data"))
    publish(layout, BARE.definitions, BARE.as_of)
    with Catalogue.open(layout.catalogue) as opened:
        yield opened


@settings(max_examples=40, deadline=None)
@given(PARTS_AND_WHOLES)
def test_wilson_interval_is_that_of_statsmodels(
    catalogue: Catalogue, counts: list[tuple[int, int]]
) -> None:
    parts, wholes = (list(each) for each in zip(*counts, strict=True))
    said = catalogue.frame(
        "select wilson_low(k, n), wilson_high(k, n)"
        " from (select unnest($parts::bigint[]) as k, unnest($wholes::bigint[]) as n)",
        parts=parts,
        wholes=wholes,
    )
    wanted = proportion_confint(np.array(parts), np.array(wholes), alpha=0.05, method="wilson")
    for column, ends in zip(said.get_columns(), wanted, strict=True):
        assert column.to_list() == pytest.approx(list(ends), rel=1e-9, abs=1e-12)
    for count, ends in zip(counts, zip(*wanted, strict=True), strict=True):
        assert wilson(*count) == pytest.approx(ends, rel=1e-9, abs=1e-12)


def test_wilson_interval_of_nothing_is_not_known(catalogue: Catalogue) -> None:
    assert catalogue.frame("select wilson_low(0, 0), wilson_high(0, 0)").row(0) == (None, None)
    assert wilson(0, 0) == (None, None)


@given(st.lists(st.integers(0, 300_000), min_size=1, max_size=60), st.integers(0, 100))
def test_percentiles_of_the_oracle_are_those_of_numpy(values: list[int], percent: int) -> None:
    assert percentile(values, percent) == pytest.approx(np.percentile(values, percent), rel=1e-12)


CELLS = st.lists(
    st.tuples(st.one_of(st.none(), st.integers(-5, 300_000)), st.integers(0, 40)), max_size=60
)


@settings(max_examples=40, deadline=None)
@given(CELLS, st.integers(0, 100))
def test_quantile_of_cells_is_that_of_numpy(
    catalogue: Catalogue, cells: list[tuple[int | None, int]], percent: int
) -> None:
    said = catalogue.frame(
        "select quantile_of_cells(value, n, $percent / 100) from"
        " (select unnest($values::bigint[]) as value, unnest($counts::bigint[]) as n)",
        values=[value for value, _ in cells],
        counts=[n for _, n in cells],
        percent=percent,
    )
    spread = [value for value, n in cells for _ in range(n) if value is not None]
    if spread:
        assert said.item() == pytest.approx(np.percentile(spread, percent), rel=1e-12, abs=1e-9)
    else:
        assert said.item() is None


def test_quantile_of_many_cells_and_groups_is_that_of_their_values(catalogue: Catalogue) -> None:
    said = catalogue.frame(
        "with cells as (select (hash(i) % 9001)::bigint as v,"
        " (1 + hash(3 * i) % 3)::bigint as n, i % 7 as g from range(30000) t(i)),"
        " ours as (select g, quantile_of_cells(v, n, 0.95) as p95 from cells group by g),"
        " theirs as (select g, quantile_cont(v, 0.95) as p95 from cells, range(n) group by g)"
        " select g, ours.p95 as ours, theirs.p95 as theirs from ours join theirs using (g)"
    )
    assert said.height == 7
    for _, ours, theirs in said.iter_rows():
        assert ours == pytest.approx(theirs, rel=1e-12)


def _disguised(word: str) -> st.SearchStrategy[str]:
    """Spell a word with other capitals, marks over its letters, and space around it."""
    letters = st.tuples(
        *(
            st.sampled_from([letter, letter.upper(), f"{letter}\u0306", f"{letter}\u0327"])
            for letter in word
        )
    )
    space = st.sampled_from(["", " ", "\n", "\t", "\r\n", "\u00a0", "\u2003", "\u200b"])
    return st.builds(
        lambda before, spelt, after: before + "".join(spelt) + after, space, letters, space
    )


BODIES = st.one_of(
    st.sampled_from(BARE.definitions.opt_out_words).flatmap(_disguised),
    st.sampled_from(["stop stop", "\uff33\uff34\uff2f\uff30", "s\u200btop", "stop."]),
    st.text(max_size=12),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(BODIES, min_size=1, max_size=40))
def test_opt_outs_are_whole_words_whatever_their_case_marks_and_space(
    catalogue: Catalogue, bodies: list[str]
) -> None:
    said = catalogue.frame(
        "select is_opt_out(body) from (select unnest($bodies::varchar[]) as body)", bodies=bodies
    )
    assert said.to_series().to_list() == [BARE.is_opt_out(body) for body in bodies]
