-- Write files of replies, one for each day and range of hours, each reply with the message that it
-- answers; return what was written, one row a file. Grain: one reply. Inputs: folded_replies, referred
-- (messages that they name), unnamed (those that name none), latest (messages that these may follow),
-- unchanged (other replies that the files hold), slots, the parameter window_us. Lightly compressed:
-- most of it are ids, and half the time goes into compressing them.
copy (
    with
    matched as (
        select replies.*, 'explicit' as attribution, referred.message
        from folded_replies as replies
        inner join referred on replies.replied_to = referred.message_id
        union all by name
        select
            replies.*,
            latest.sent_at is not null
            and epoch_us(replies.received_at) - epoch_us(latest.sent_at) <= $window_us as is_followed,
            case when is_followed then 'inferred' else 'unsolicited' end as attribution,
            case when is_followed then latest.message end as message
        from unnamed as replies
        asof left join latest
            on replies.number = latest.number and replies.received_at >= latest.sent_at
    ),
    attributed as (
        select
            reply_id_of(number, received_at, body, replied_to) as reply_id,
            number,
            mcc,
            mnc,
            body,
            received_at,
            utc_day(received_at) as received_day,
            replied_to,
            campaign,
            copies,
            first_ingested_at,
            attribution,
            replied_to is not null and attribution <> 'explicit' as unknown_reference,
            message.message_id as message_id,
            message.sent_at as message_sent_at,
            message.delivered_at as message_delivered_at,
            message.final_status as message_status,
            message.mcc as message_mcc,
            message.mnc as message_mnc,
            message.campaign as message_campaign,
            case
                when received_at >= message_delivered_at
                    then (epoch_us(received_at) - epoch_us(message_delivered_at)) // 1000000
            end as time_to_reply_seconds,
            coalesce(received_at < message_delivered_at, false) as before_delivery,
            state_replied_key,
            state_first
        from matched
    )
    select replies.*, slots.hours
    from (
        from attributed
        union all by name
        from unchanged
    ) as replies
    inner join slots
        on slots.day = replies.received_day and slots.hour = utc_hour(replies.received_at)
)
to $folder
(
    format parquet,
    compression zstd,
    compression_level 1,
    partition_by (received_day, hours),
    return_stats
)
