-- Write the partitions as they become, one folder for each sent day; return what was written, one
-- row a file. Grain: one message. Inputs: changed (folded messages), unchanged (those of the same
-- partitions that no new event speaks of).
copy (
    from changed
    union all by name
    from unchanged
)
to $folder
(format parquet, compression zstd, partition_by (sent_day), return_stats)
