"""What pages say beside their figures: what is provisional, what is wrong with the data. Pure."""

from __future__ import annotations

import polars as pl

from reports import honesty, measures, words
from reports.cards import Fact
from reports.figures import Figures, dates, within
from reports.period import Period
from reports.query import Query
from reports.reply_figures import ReplyFigures

CHECKS = {
    "duplicates": "Duplicates",
    "out_of_order": "Out of order",
    "conflicting_finals": "Conflicting finals",
    "clock_anomalies": "Clock anomalies",
    "dead_letters": "Dead letters",
    "unknown_networks": "Unknown networks",
    "unknown_references": "Unknown references",
    "replies_before_delivery": "Replies before delivery",
}

NOUNS = {
    "duplicates": ("duplicate", "duplicates"),
    "out_of_order": ("out of order", "out of order"),
    "conflicting_finals": ("conflicting final", "conflicting finals"),
    "clock_anomalies": ("clock anomaly", "clock anomalies"),
    "dead_letters": ("dead letter", "dead letters"),
    "unknown_networks": ("on an unknown network", "on unknown networks"),
    "unknown_references": ("unknown reference", "unknown references"),
    "replies_before_delivery": ("reply before delivery", "replies before delivery"),
}


def provisional(figures: Figures) -> str:
    """Say which days may still change, and how many messages of them."""
    days = figures.days.filter("provisional")["date"].to_list()
    if not days:
        return ""
    pending = figures.now.pending
    waiting = f"{words.counted(pending, 'message')} still {'waits' if pending == 1 else 'wait'}"
    which = f"{words.day(days[0])} is" if len(days) == 1 else f"From {words.day(days[0])} on"
    which = "This day is" if figures.period.days == 1 else which
    return f"{which} provisional: {waiting} for a receipt."


def checks_by_day(
    figures: Figures, replies: ReplyFigures, period: Period | None = None
) -> pl.DataFrame:
    """Return one row a day on which anything happened, with a count for each check.

    Of the period looked at, or of another one that the facts hold.
    """
    period = period or figures.period
    sent = within(figures.facts, period).group_by("date").agg(pl.sum(*measures.QUALITY))
    came = (
        within(replies.facts, period)
        .group_by("date")
        .agg(
            copies=pl.sum("copies"),
            unknown_references=pl.sum("unknown_reference"),
            replies_before_delivery=pl.sum("before_delivery"),
        )
    )
    zone = {"time_zone": figures.about.time_zone}
    refused = figures.desk.ask(Query("refused", dates(period) | zone))
    joined = sent.join(came, on="date", how="full", coalesce=True)
    joined = joined.join(refused, on="date", how="full", coalesce=True).fill_null(0)
    return (
        joined.with_columns(duplicates=pl.col("duplicates") + pl.col("copies"))
        .select("date", *(pl.col(check).cast(pl.Int64) for check in CHECKS))
        .sort("date")
    )


def quality(
    figures: Figures, replies: ReplyFigures, period: Period | None = None
) -> dict[str, int]:
    """Return the count of each check of data quality over the period, or over another."""
    return checks_by_day(figures, replies, period).select(pl.sum(*CHECKS)).row(0, named=True)


def footer(figures: Figures, replies: ReplyFigures) -> list[Fact]:
    """Name the checks with their counts; they are shown even at nought."""
    counts = quality(figures, replies)
    lag = honesty.lag_of(figures, figures.period)["receipt_lag_p95"]
    checks = [Fact(title, words.number(counts[check])) for check, title in CHECKS.items()]
    return [*checks, Fact("Receipt lag p95", words.seconds(lag))]
