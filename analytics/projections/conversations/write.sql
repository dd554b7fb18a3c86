-- Write files of conversations, one for each day and range of hours of their beginnings; return what was
-- written, one row a file. Grain: one conversation. Inputs: made, rest (what else they hold), slots.
copy (
    select conversations.*, slots.hours
    from (
        from made
        union all by name
        from rest
    ) as conversations
    inner join slots
        on slots.day = conversations.started_day
        and slots.hour = utc_hour(conversations.started_at)
)
to $folder
(
    format parquet,
    compression zstd,
    compression_level 1,
    partition_by (started_day, hours),
    return_stats
)
