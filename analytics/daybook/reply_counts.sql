-- Grain: a quarter of an hour of the day, a network as spelt on the wire, and an attribution.
-- Inputs: the day's replies.
insert into internal.reply_counts
select
    $date::date,
    epoch_us(received_at) // 900000000,
    mcc,
    mnc,
    attribution,
    count(*),
    count(*) filter (unknown_reference),
    count(*) filter (before_delivery),
    count(*) filter (is_opt_out(body)),
    sum(copies - 1)::bigint
from day_replies
where received_at >= make_timestamptz($begins_us) and received_at < make_timestamptz($ends_us)
group by all
