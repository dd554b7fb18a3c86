-- Write the partitions as they become, one folder for each day on which stays began; return what was
-- written, one row a file. Grain: one stay. Inputs: made, before (the partitions as they are), moved.
copy (
    from made
    union all by name
    from before
    where not exists (
        from moved where moved.number = before.number and before.since >= moved.from_at
    )
)
to $folder
(format parquet, compression zstd, partition_by (since_day), return_stats)
