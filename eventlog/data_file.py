"""One Parquet file of a table: what is known of it, and the action that adds it. Pure.

DataFile ──add_action──▶ the table's log ──listed──▶ a row for each active file
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
import polars as pl
from deltalake.transaction import AddAction


@dataclass(frozen=True)
class DataFile:
    """One Parquet file of a table. `path` is relative to the table's folder."""

    path: str
    partition: str
    rows: int
    size_bytes: int
    sha256: str
    seq_min: int | None = None
    seq_max: int | None = None
    node: str | None = None  # of all rows


def span(rows: pl.DataFrame) -> dict[str, Any]:
    """Return what a `DataFile` says of its rows, where they have a seq and all one node."""
    said: dict[str, Any] = {}
    if "seq" in rows.columns:
        said |= {"seq_min": rows["seq"].min(), "seq_max": rows["seq"].max()}
    if "node" in rows.columns and rows["node"].n_unique() == 1:
        said |= {"node": rows["node"][0]}
    return said


def add_action(partition_by: str, file: DataFile, at_ms: int, *, data_change: bool) -> AddAction:
    """Return the action that adds a file, made at a time in milliseconds, to its partition."""
    stats: dict[str, Any] = {"numRecords": file.rows}
    if file.seq_min is not None:
        node = {} if file.node is None else {"node": file.node}
        stats |= {
            "minValues": {"seq": file.seq_min, **node},
            "maxValues": {"seq": file.seq_max, **node},
            "nullCount": {"seq": 0, **dict.fromkeys(node, 0)},
        }
    return AddAction(
        path=file.path,
        size=file.size_bytes,
        partition_values={partition_by: file.partition},
        modification_time=at_ms,
        data_change=data_change,
        stats=msgspec.json.encode(stats).decode(),
    )


def listed(actions: pl.DataFrame, partition_by: str) -> pl.DataFrame:
    """Return what the flattened actions that add files say of each, one row a file.

    path, partition, rows, size_bytes, seq_min, seq_max, node: the last three are null where a
    file was added without them.
    """
    seqs = {"min.seq": "seq_min", "max.seq": "seq_max"}
    node: pl.Expr = pl.lit(None)
    if {"min.node", "max.node"} <= set(actions.columns):
        node = pl.when(pl.col("min.node") == pl.col("max.node")).then("min.node")
    return actions.select(
        pl.col("path"),
        pl.col(f"partition.{partition_by}").cast(pl.String).alias("partition"),
        pl.col("num_records").alias("rows"),
        pl.col("size_bytes"),
        *(
            (pl.col(old) if old in actions.columns else pl.lit(None)).cast(pl.Int64).alias(new)
            for old, new in seqs.items()
        ),
        node.cast(pl.String).alias("node"),
    )
