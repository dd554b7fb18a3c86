-- Grain: one reply of the day to a message that was not delivered as far as we were told, or was later:
-- what may speak against a receipt, which depends on as_of. Inputs: the day's replies.
insert into internal.doubtful_answers
select
    $date::date,
    (message_sent_at at time zone internal.report_time_zone())::date,
    message_mcc,
    message_mnc,
    message_campaign,
    message_id,
    number,
    message_sent_at,
    message_status,
    message_delivered_at,
    reply_id,
    received_at,
    attribution,
    before_delivery
from day_replies
where message_id is not null
    and (message_status is distinct from 'delivered' or before_delivery)
    and received_at >= make_timestamptz($begins_us) and received_at < make_timestamptz($ends_us)
