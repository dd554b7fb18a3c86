-- Grain: one row per reply that contradicts what was told of the message it answers, of the messages
-- sent on these dates (inclusive, report time zone): the cases behind receipt_honesty.
create macro receipt_doubts_between(from_date, to_date) as table
select
    doubt, date, mcc, mnc, network, country, campaign, message_id, number, sent_at,
    coalesce(status, 'unknown') as state,
    delivered_at, reply_id, received_at, attribution,
    case when doubt = 'before_delivery'
        then (epoch_us(delivered_at) - epoch_us(received_at)) / 1000000 end as early_seconds
from internal.doubt_facts
where (from_date is null or date >= (from_date)::date)
    and (to_date is null or date <= (to_date)::date)
