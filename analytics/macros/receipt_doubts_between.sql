-- Grain: one row per reply that contradicts what was told of the message it answers, of the messages
-- sent on these dates (inclusive, report time zone): the cases behind receipt_honesty.
create macro receipt_doubts_between(from_date, to_date) as table
select
    doubt,
    sent_date as date,
    sent_mcc as mcc,
    sent_mnc as mnc,
    sent_network as network,
    sent_country as country,
    message_campaign as campaign,
    message_id,
    number,
    message_sent_at as sent_at,
    coalesce(message_status, 'unknown') as state,
    message_delivered_at as delivered_at,
    reply_id,
    received_at,
    attribution,
    case when doubt = 'before_delivery'
        then (epoch_us(message_delivered_at) - epoch_us(received_at)) / 1000000 end as early_seconds
from internal.answer_facts
where doubt is not null
    and (from_date is null or sent_date >= (from_date)::date)
    and (to_date is null or sent_date <= (to_date)::date)
