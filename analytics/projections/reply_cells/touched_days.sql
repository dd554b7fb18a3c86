-- The sent days of the messages of which what is said in replies is different: in replies that came
-- and were not there before, or went and are no longer. Grain: one day. Inputs: came, went.
select distinct utc_day(message_sent_at)::varchar
from (
    (
        select
            message_id, message_sent_at, message_delivered_at, message_status, message_mcc,
            message_mnc, message_campaign, received_at
        from came
        except
        select
            message_id, message_sent_at, message_delivered_at, message_status, message_mcc,
            message_mnc, message_campaign, received_at
        from went
    )
    union all
    (
        select
            message_id, message_sent_at, message_delivered_at, message_status, message_mcc,
            message_mnc, message_campaign, received_at
        from went
        except
        select
            message_id, message_sent_at, message_delivered_at, message_status, message_mcc,
            message_mnc, message_campaign, received_at
        from came
    )
)
where message_sent_at is not null
