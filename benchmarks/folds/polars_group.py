"""One lazy group-by in polars, streamed to one Parquet file."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from benchmarks.folds.outcome import files, run
from eventlog.event import FINAL_STATUSES
from eventlog.layout import Layout


def fold(layout: Layout, out: Path) -> None:
    """Fold the log into `out`."""
    seq, status, final = pl.col("seq"), pl.col("status"), pl.col("final")
    (
        pl.scan_parquet(files(layout))
        .filter(pl.col("type") == "status")
        .with_columns(
            final=status.is_in(FINAL_STATUSES),
            campaign=pl.col("tags").str.json_path_match("$.campaign"),
        )
        .group_by("message_id")
        .agg(
            *(pl.col(name).min_by("seq") for name in ("number", "mcc", "mnc", "sent_at")),
            campaign=pl.col("campaign").min(),
            last_status=status.max_by("seq"),
            final_status=status.filter(final).min_by(seq.filter(final)),
            delivered_at=pl.col("delivered_at").filter(final).min_by(seq.filter(final)),
            first_ingested_at=pl.col("ingested_at").min(),
            final_ingested_at=pl.col("ingested_at").filter(final).min(),
            last_ingested_at=pl.col("ingested_at").max(),
            status_events=pl.len(),
            duplicates=pl.len() - pl.col("digest").n_unique(),
            conflicting_final=status.filter(final).min() != status.filter(final).max(),
            out_of_order=(seq.filter(~final).max() > seq.filter(final).min()).fill_null(False),
        )
        .sink_parquet(out, compression="zstd")
    )


if __name__ == "__main__":
    run(fold)
