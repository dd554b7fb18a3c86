-- Write files of messages, one for each day and range of hours; return what was written, one row a
-- file. Lightly compressed: the state is as good as random. Grain: one message. Inputs: changed
-- (folded messages), unchanged (others that the files hold), slots.
copy (
    select messages.*, slots.hours
    from (
        from changed
        union all by name
        from unchanged
    ) as messages
    inner join slots
        on slots.day = messages.sent_day and slots.hour = utc_hour(messages.sent_at)
)
to $folder
(
    format parquet,
    compression zstd,
    compression_level 1,
    partition_by (sent_day, hours),
    return_stats
)
