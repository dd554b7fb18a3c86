-- Write the counts of messages by everything that a delivery report may ask for, one folder for each
-- sent day; return what was written, one row a file. Grain: one cell. Inputs: changed_messages, the
-- parameter time_zone. Counts add up, so any coarser grain is a sum of cells.
copy (
    select
        sent_day,
        hour_of(sent_at, $time_zone) as sent_hour,
        mcc,
        mnc,
        campaign,
        final_status as status,
        case
            when final_status = 'delivered' and delivered_at >= sent_at
                then (epoch_us(delivered_at) - epoch_us(sent_at)) // 1000000
        end as latency_seconds,
        count(*) as messages,
        count(*) filter (where final_status = 'delivered' and delivered_at < sent_at)
            as clock_anomalies,
        count(*) filter (where conflicting_final) as conflicting_finals,
        count(*) filter (where out_of_order) as out_of_order,
        sum(duplicates)::bigint as duplicates,
        sum(status_events)::bigint as status_events
    from changed_messages
    group by sent_day, sent_hour, mcc, mnc, campaign, status, latency_seconds
)
to $folder
(format parquet, compression zstd, partition_by (sent_day), return_stats)
