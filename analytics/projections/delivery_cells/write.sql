-- Write the counts of messages by everything that a delivery report may ask for, one folder for each
-- sent day; return what was written, one row a file. Grain: one cell. Inputs: cells (as they were, of
-- the days that change), changes. Counts add up, so what came is added and what went is taken away,
-- and any coarser grain is a sum of cells.
copy (
    select
        sent_day,
        sent_hour,
        mcc,
        mnc,
        campaign,
        status,
        latency_seconds,
        sum(messages)::bigint as messages,
        sum(clock_anomalies)::bigint as clock_anomalies,
        sum(conflicting_finals)::bigint as conflicting_finals,
        sum(out_of_order)::bigint as out_of_order,
        sum(duplicates)::bigint as duplicates,
        sum(status_events)::bigint as status_events
    from (
        from cells
        union all by name
        from changes
    )
    group by sent_day, sent_hour, mcc, mnc, campaign, status, latency_seconds
    having sum(messages) <> 0
)
to $folder
(format parquet, compression zstd, partition_by (sent_day), return_stats)
