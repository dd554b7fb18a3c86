-- Write the counts of delivered messages that were answered in time, one folder for each sent day;
-- return what was written, one row a file. Grain: one cell. Inputs: answered_messages (the partitions
-- to make again), later_replies (those received since), the parameters time_zone and window_us.
-- In time: not before the message was sent, and within the reply window of its delivery, or of its
-- sending where the time of delivery is unknown.
copy (
    with answered as (
        select
            messages.message_id,
            any_value(messages.sent_day) as sent_day,
            any_value(messages.sent_at) as sent_at,
            any_value(messages.mcc) as mcc,
            any_value(messages.mnc) as mnc,
            any_value(messages.campaign) as campaign,
            min(replies.time_to_reply_seconds) as time_to_reply_seconds
        from answered_messages as messages
        inner join later_replies as replies using (message_id)
        where
            messages.final_status = 'delivered'
            and replies.received_at >= messages.sent_at
            and epoch_us(replies.received_at)
            - epoch_us(coalesce(messages.delivered_at, messages.sent_at)) <= $window_us
        group by messages.message_id
    )
    select
        sent_day,
        hour_of(sent_at, $time_zone) as sent_hour,
        mcc,
        mnc,
        campaign,
        time_to_reply_seconds,
        count(*) as messages
    from answered
    group by all
)
to $folder
(format parquet, compression zstd, partition_by (sent_day), return_stats)
