-- Write the counts of delivered messages that were answered in time, one folder for each sent day;
-- return what was written, one row a file. Grain: one cell. Inputs: answers (replies received since
-- the first of the days to make again), counted_days, the parameters time_zone and window_us.
-- In time: not before the message was sent, and within the reply window of its delivery, or of its
-- sending where the time of delivery is unknown.
copy (
    with answered as (
        select
            message_id,
            any_value(utc_day(message_sent_at)) as sent_day,
            any_value(message_sent_at) as sent_at,
            any_value(message_mcc) as mcc,
            any_value(message_mnc) as mnc,
            any_value(message_campaign) as campaign,
            min(time_to_reply_seconds) as time_to_reply_seconds
        from answers
        where
            message_status = 'delivered'
            and received_at >= message_sent_at
            and epoch_us(received_at)
            - epoch_us(coalesce(message_delivered_at, message_sent_at)) <= $window_us
        group by message_id
    ),
    hours as (
        select sent_at, hour_of(sent_at, $time_zone) as sent_hour
        from (select distinct sent_at from answered)
    )
    select
        sent_day,
        sent_hour,
        mcc,
        mnc,
        campaign,
        time_to_reply_seconds,
        count(*) as messages
    from answered
    inner join hours using (sent_at)
    group by all
)
to $folder
(format parquet, compression zstd, partition_by (sent_day), return_stats)
