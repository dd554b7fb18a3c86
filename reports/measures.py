"""Add facts up to measures, at any grain. Pure.

The same definitions as those of the public views, held equal to them by a test: one look at the
cells then serves every figure of every page. Facts are counts per whole second of latency, so the
value at a rank is the smallest latency by which more messages than the rank have arrived;
interpolating between the whole ranks gives the percentiles of the messages themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from reports import comparison
from reports.comparison import Rate, Z
from reports.nouns import FINALS, OUTCOMES

QUANTILES = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99}
WITHIN_SECONDS = (5, 10, 30, 60, 300)
QUALITY = (
    "duplicates",
    "out_of_order",
    "conflicting_finals",
    "clock_anomalies",
    "unknown_networks",
)
RATES = {
    "delivery_rate": ("delivered", "messages"),
    "reply_rate": ("replied", "eligible"),
    **{f"within_{seconds}s": (f"in_{seconds}s", f"aged_{seconds}s") for seconds in WITHIN_SECONDS},
}
TIMELY = [f"{what}_{seconds}s" for seconds in WITHIN_SECONDS for what in ("aged", "in")]
SUMMED = ("messages", *OUTCOMES, *TIMELY, "eligible", "replied", *QUALITY)
_ALL = "_all"  # the key of everything


def told_apart(facts: pl.DataFrame) -> pl.DataFrame:
    """Add a count of its own for each outcome and for what arrived in time: only sums are left."""
    messages, aged = pl.col("messages"), pl.col("aged_horizon")
    is_open = pl.col("status").is_null()
    counts = {name: (pl.col("status") == name, messages) for name in FINALS}
    counts |= {"pending": (is_open, messages - aged), "unknown": (is_open, aged)}
    for seconds in WITHIN_SECONDS:
        if (age := f"aged_{seconds}s") in facts.columns:
            counts[f"in_{seconds}s"] = (pl.col("latency_seconds") <= seconds, pl.col(age))
    return facts.with_columns(
        pl.when(these).then(count).otherwise(0).alias(name)
        for name, (these, count) in counts.items()
    )


def measure(facts: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Return one row per value of the columns `by` that has messages, in their order.

    Takes facts that are `told_apart`. Counts of outcomes, rates with their intervals, percentiles
    in seconds (latency_p50 …), and as far as the facts tell of them the shares within N seconds
    with theirs, and the counts that reply rates and data quality are made of. Without columns it is
    one row, or none when there are no messages.
    """
    keys = list(by) or [_ALL]
    keyed = facts if by else facts.with_columns(pl.lit(0).alias(_ALL))
    sums = pl.sum(*(name for name in SUMMED if name in facts.columns))
    counted = keyed.group_by(keys).agg(sums).filter(pl.col("messages") > 0)
    joined = counted.join(percentiles(keyed, keys), on=keys, how="left", nulls_equal=True)
    rates = {name: pair for name, pair in RATES.items() if pair[1] in facts.columns}
    measured = rated(joined.with_columns(_plain()), rates).drop(TIMELY, strict=False).sort(keys)
    return measured if by else measured.drop(_ALL)


def arrived(facts: pl.DataFrame, seconds: int) -> Rate | None:
    """Return, of the messages sent at least so many seconds ago, those delivered within them."""
    in_time, aged = (int(facts[f"{what}_{seconds}s"].sum()) for what in ("in", "aged"))
    return comparison.rate(in_time, aged)


def _plain() -> list[pl.Expr]:
    """Return the shares without an interval, and whether something is still open."""
    finals = pl.sum_horizontal(FINALS)
    return [
        pl.when(finals > 0).then(pl.col("delivered") / finals).alias("success_rate"),
        (finals / pl.col("messages")).alias("receipt_coverage"),
        (pl.col("pending") > 0).alias("provisional"),
    ]


def rated(frame: pl.DataFrame, rates: Mapping[str, tuple[str, str]]) -> pl.DataFrame:
    """Add rates with the ends of their Wilson 95 % intervals: by name, the parts and the wholes.

    As `rate` gives each. All are reckoned as one column, since here an expression costs far more
    than its rows do.
    """
    pairs = [pl.DataFrame({"k": frame[part], "n": frame[whole]}) for part, whole in rates.values()]
    found = pl.concat(pairs, rechunk=True).select(rate("k", "n", "rate"))
    many = frame.height
    return frame.with_columns(
        found[f"rate{end}"].slice(at * many, many).alias(f"{name}{end}")
        for at, name in enumerate(rates)
        for end in ("", "_low", "_high")
    )


def rate(part: str, whole: str, name: str) -> list[pl.Expr]:
    """Return part ÷ whole and the ends of its Wilson 95 % interval; null for nothing of nothing."""
    k, n = pl.col(part), pl.col(whole)
    share, square = k / n, Z * Z
    centre = (share + square / (2 * n)) / (1 + square / n)
    half = Z * (share * (1 - share) / n + square / (4 * n * n)).sqrt() / (1 + square / n)
    known = pl.when(n > 0)
    return [
        known.then(share).alias(name),
        known.then((centre - half).clip(0, 1)).alias(f"{name}_low"),
        known.then((centre + half).clip(0, 1)).alias(f"{name}_high"),
    ]


def percentiles(
    facts: pl.DataFrame,
    keys: Sequence[str],
    value: str = "latency_seconds",
    count: str = "messages",
    prefix: str = "latency",
) -> pl.DataFrame:
    """Return the keys with the percentiles of a counted value, and how many there were.

    By linear interpolation, as quantile_cont does it. Only keys that have values.
    """
    return percentiles_of(ranked(facts, keys, value, count), keys, value, prefix)


def percentiles_of(
    ranked: pl.DataFrame, keys: Sequence[str], value: str, prefix: str
) -> pl.DataFrame:
    """Return the same of what is `ranked`."""
    named = [_percentile(value, q).alias(f"{prefix}_{name}") for name, q in QUANTILES.items()]
    totals = pl.col("_total").first().alias(f"{prefix}_count")
    return ranked.group_by(list(keys)).agg(*named, totals)


def medians(
    ranked: pl.DataFrame, keys: Sequence[str], value: str, name: str, z: float = Z
) -> pl.DataFrame:
    """Return the keys with the median of what is `ranked`, its interval's ends, and how many.

    It is the 95 % interval unless `z` says otherwise. Only keys that have values; the ends are null
    where these are too few.
    """
    enough = pl.when(pl.col("_total").first() >= comparison.COUNT_MIN)
    ends = [
        enough.then(_at_rank(value, z * sign)).alias(f"{name}_{end}")
        for sign, end in ((-1, "low"), (1, "high"))
    ]
    total = pl.col("_total").first().alias(f"{name}_count")
    return ranked.group_by(list(keys)).agg(_percentile(value, 0.5).alias(name), *ends, total)


def _at_rank(value: str, z: float) -> pl.Expr:
    """Return the value `z` standard deviations of the binomial law from the median's rank."""
    rank = pl.col("_total") / 2 + z * pl.col("_total").sqrt() / 2
    return pl.col(value).filter(pl.col("_reached") >= rank).min()


def ranked(facts: pl.DataFrame, keys: Sequence[str], value: str, count: str) -> pl.DataFrame:
    """Return keys and values in order, with how many are `_reached` by each and in `_total`."""
    timed = facts.select(*keys, value, count).filter(
        pl.col(value).is_not_null() & (pl.col(count) > 0)
    )
    summed = timed.group_by([*keys, value]).agg(pl.sum(count)).sort([*keys, value])
    return summed.with_columns(
        pl.col(count).cum_sum().over(keys).alias("_reached"),
        pl.col(count).sum().over(keys).alias("_total"),
    )


def _percentile(value: str, quantile: float) -> pl.Expr:
    rank = (pl.col("_total") - 1) * quantile
    low = pl.col(value).filter(pl.col("_reached") > rank.floor()).min()
    high = pl.col(value).filter(pl.col("_reached") > rank.ceil()).min()
    share = (rank - rank.floor()).first()
    return low + (high - low) * share
