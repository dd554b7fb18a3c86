-- Write the replies with the message that each answers, one folder for each received day; return
-- what was written, one row a file. Grain: one reply. Inputs: folded_replies, referred, latest, the
-- parameter window_us. The id is made of the JSON of the key, which no two keys share.
copy (
    with
    matched as (
        select
            replies.*,
            referred.message_id is not null as is_explicit,
            latest.sent_at is not null
            and epoch_us(replies.received_at) - epoch_us(latest.sent_at) <= $window_us
                as is_followed,
            case when is_explicit then 'explicit' when is_followed then 'inferred' else 'unsolicited' end
                as attribution,
            case attribution when 'explicit' then referred.message when 'inferred' then latest.message end
                as message
        from folded_replies as replies
        left join referred on replies.replied_to = referred.message_id
        asof left join latest
            on replies.number = latest.number and replies.received_at >= latest.sent_at
    )
    select
        md5(to_json([number, epoch_us(received_at)::varchar, body, replied_to])::varchar)
            as reply_id,
        number,
        mcc,
        mnc,
        body,
        received_at,
        received_at::date as received_day,
        replied_to,
        campaign,
        copies,
        first_ingested_at,
        attribution,
        replied_to is not null and not is_explicit as unknown_reference,
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
        state_first
    from matched
)
to $folder
(format parquet, compression zstd, partition_by (received_day), return_stats)
