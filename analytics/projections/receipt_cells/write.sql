-- Write the counts of messages by when their final receipt came, one folder for each sent day; return
-- what was written, one row a file. Grain: one cell. Inputs: changed_messages, the parameter time_zone.
-- A message is in one of three kinds of cell: with the lag of its receipt behind its delivery, in
-- whole milliseconds (which may be negative: two clocks); without a delivery after its sending, with
-- the whole seconds from its sending to its receipt, the only instant known; without a final status,
-- with the instant since which it waits. A delivery before its sending has both of the first two.
copy (
    select
        sent_day,
        timezone($time_zone, sent_at)::date as date,
        mcc,
        mnc,
        final_status as status,
        case when final_status = 'delivered'
            then floor((epoch_us(final_ingested_at) - epoch_us(delivered_at)) / 1000)::bigint
        end as lag_ms,
        case when final_status is not null and not coalesce(delivered_at >= sent_at, false)
            then greatest(0, (epoch_us(final_ingested_at) - epoch_us(sent_at)) // 1000000)
        end as final_seconds,
        case when final_status is null then sent_at end as open_since,
        count(*) as messages
    from changed_messages
    group by all
)
to $folder
(format parquet, compression zstd, partition_by (sent_day), return_stats)
