"""The interval of the curve is Wilson's where nothing waits, and wider where something does."""

from __future__ import annotations

import warnings

import numpy as np
import polars as pl
import pytest
from lifelines import AalenJohansenFitter

from reports import comparison, incidence

ENDED = pl.DataFrame(
    {"seconds": [2, 5, 9, 30], "delivered": [50, 30, 0, 5], "other": [0, 3, 10, 2], "open": [0] * 4}
)


def test_where_nothing_waits_the_interval_is_wilsons() -> None:
    curve = incidence.estimated(ENDED)
    for part, row in zip((50, 80, 80, 85), curve.iter_rows(), strict=True):
        wanted = comparison.rate(part, 100)
        assert wanted
        assert row[1:] == pytest.approx((wanted.value, wanted.low, wanted.high), abs=1e-9)


def test_where_all_are_delivered_one_by_one_the_share_is_one_and_its_interval_wilsons() -> None:
    for many in (10, 22, 199):
        one_by_one = pl.DataFrame({"seconds": range(many)}).with_columns(
            delivered=pl.lit(1), other=pl.lit(0), open=pl.lit(0)
        )
        wanted = comparison.rate(many, many)
        assert wanted
        share, *interval = incidence.estimated(one_by_one).row(-1)[1:]
        assert share == 1
        assert interval == pytest.approx((wanted.low, wanted.high), abs=1e-9)


def test_what_waits_makes_the_interval_wider_than_all_messages_would_have_it() -> None:
    waiting = ENDED.with_columns(open=pl.Series([0, 200, 0, 0]))
    curve = incidence.estimated(waiting)
    share, low, high = curve.row(-1)[1:]
    all_of = comparison.rate(round(share * 300), 300)
    assert all_of
    assert high - low > 1.2 * (all_of.high - all_of.low)
    assert 0 <= low < share < high <= 1


def test_it_varies_as_lifelines_says() -> None:
    random = np.random.default_rng(7)
    times = random.choice(4_000, 300, replace=False) + 1
    kinds = random.choice([0, 1, 2], 300, p=[0.3, 0.5, 0.2])
    ended = pl.DataFrame({"seconds": times}).with_columns(
        delivered=pl.Series((kinds == 1).astype(int)),
        other=pl.Series((kinds == 2).astype(int)),
        open=pl.Series((kinds == 0).astype(int)),
    )
    fitter = AalenJohansenFitter(seed=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitter.fit(times, kinds, event_of_interest=1)
    share = float(fitter.cumulative_density_.iloc[:, 0].loc[:2_100].iloc[-1])
    variance = float(fitter.variance_.loc[:2_100].iloc[-1])
    at = incidence.estimated(ended).filter(pl.col("seconds") <= 2_100).row(-1)
    like = share * (1 - share) / variance
    wanted = comparison.rate(round(share * like), round(like))
    assert wanted
    assert at[1] == pytest.approx(share, abs=1e-9)
    assert at[2:] == pytest.approx((wanted.low, wanted.high), abs=0.005)
