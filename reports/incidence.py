"""Aalen and Johansen's estimate of what share was delivered by when, with its interval. Pure.

The interval is Wilson's, of as many messages as would vary as much: where nothing waits that is all
of them, and what waits counts for less. The variance is the estimator's usual one (of the delta
method, as in Greenwood's formula).
"""

from __future__ import annotations

import polars as pl

from reports import measures

SHARE = "delivered_share"


def estimated(ended: pl.DataFrame) -> pl.DataFrame:
    """Return the share delivered by each second: seconds, delivered_share, …_low, …_high.

    Takes delivered, other and open by second; what is open was watched until then.
    """
    summed = ended.group_by("seconds").agg(pl.sum("delivered", "other", "open")).sort("seconds")
    counted = summed.with_columns(ended=pl.col("delivered") + pl.col("other"))
    at_risk = (pl.col("ended") + pl.col("open")).cum_sum(reverse=True)
    watched = counted.with_columns(at_risk=at_risk).filter(pl.col("at_risk") > 0)
    left = (1 - pl.col("ended") / pl.col("at_risk")).cum_prod()
    entered = watched.with_columns(before=left.shift(1, fill_value=1.0))
    delivered = pl.col("before") / pl.col("at_risk") * pl.col("delivered")
    # Else a sum that misses one by its last digit would be taken for a share that varies.
    shared = entered.with_columns(delivered.cum_sum().round(12).alias(SHARE))
    like = _with_variance(shared).with_columns(like=_like(pl.col("variance")))
    rated = like.with_columns(part=pl.col(SHARE) * pl.col("like"))
    return rated.select("seconds", SHARE, *measures.rate("part", "like", SHARE)[1:])


def _with_variance(shared: pl.DataFrame) -> pl.DataFrame:
    """Add the variance of the share by each second.

    With F the share, S what is left before a second, n at risk, d ended and k of these delivered:
    the sums, up to t, of (F(t) − F)² d ÷ (n (n − d)) + S² k (n − k) ÷ n³ − 2 (F(t) − F) S k ÷ n².
    """
    n, k, d = (pl.col(name).cast(pl.Float64) for name in ("at_risk", "delivered", "ended"))
    floats = shared.with_columns(n=n, k=k, d=d)
    n, k, d, before, share = (pl.col(name) for name in ("n", "k", "d", "before", SHARE))
    terms = floats.with_columns(
        ends=pl.when(n > d).then(d / (n * (n - d))).otherwise(0.0),  # nobody is left: none follows
        own=before * before * k * (n - k) / (n * n * n),
        both=before * k / (n * n),
    )
    ends, own, both = (pl.col(name) for name in ("ends", "own", "both"))
    squares = share * share * ends.cum_sum() - 2 * share * (share * ends).cum_sum()
    crossed = share * both.cum_sum() - (share * both).cum_sum()
    summed = squares + (share * share * ends).cum_sum() + own.cum_sum()
    return terms.with_columns(variance=summed - 2 * crossed)


def _like(variance: pl.Expr) -> pl.Expr:
    """Return how many messages, all watched to their end, would vary as much; at most all."""
    share, messages = pl.col(SHARE), pl.col("at_risk").first().cast(pl.Float64)
    varies = (share > 0) & (share < 1) & (variance > 0)
    return (
        pl.when(varies).then((share * (1 - share) / variance).clip(1, messages)).otherwise(messages)
    )
