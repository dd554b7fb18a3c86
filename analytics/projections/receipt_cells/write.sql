-- Write the counts of messages by when their final receipt came, one folder for each sent day; return
-- what was written, one row a file. Grain: one cell. Inputs: cells (as they were, of the days that
-- change), changes. Counts add up: what came is added, what went is taken away.
copy (
    select
        sent_day,
        date,
        mcc,
        mnc,
        status,
        lag_ms,
        final_seconds,
        open_since,
        sum(messages)::bigint as messages
    from (
        from cells
        union all by name
        from changes
    )
    group by all
    having sum(messages) <> 0
)
to $folder
(format parquet, compression zstd, partition_by (sent_day), return_stats)
