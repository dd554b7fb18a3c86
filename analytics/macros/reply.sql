-- Grain: one row for each chosen key; the keys that are not chosen are NULL. Replies count on the
-- date they were received, in the network that they came from; the rate counts messages, on the
-- date they were sent, in the network that they went to.
create macro internal.reply(from_date, to_date, by_date, by_network) as table
with received as (
    select
        date, mcc, mnc, network, country,
        sum(replies) as replies,
        sum(replies) filter (attribution = 'explicit') as explicit,
        sum(replies) filter (attribution = 'inferred') as inferred,
        sum(replies) filter (attribution = 'unsolicited') as unsolicited,
        sum(unknown_reference) as unknown_reference,
        sum(before_delivery) as before_delivery,
        sum(opt_outs) as opt_outs,
        null as time_to_reply_p50,
        null as time_to_reply_p90,
        0 as eligible_messages,
        0 as replied_messages
    from internal.chosen('internal.reply_count_facts', from_date, to_date, by_date, by_network)
    group by all
    having sum(replies) > 0
),
sent as (
    select
        date, mcc, mnc, network, country,
        0, 0, 0, 0, 0, 0, 0, null, null,
        sum(eligible) as eligible_messages,
        sum(replied) as replied_messages
    from internal.chosen('internal.daily_facts', from_date, to_date, by_date, by_network)
    group by all
    having sum(eligible) > 0
),
answered as (
    select date, mcc, mnc, network, country, 0, 0, 0, 0, 0, 0, 0, p50, p90, 0, 0
    from internal.spread('internal.reply_time_facts', from_date, to_date, by_date, by_network)
),
summed as (
    select
        date, mcc, mnc, network, country,
        coalesce(sum(replies), 0)::bigint as replies,
        coalesce(sum(explicit), 0)::bigint as explicit,
        coalesce(sum(inferred), 0)::bigint as inferred,
        coalesce(sum(unsolicited), 0)::bigint as unsolicited,
        coalesce(sum(unknown_reference), 0)::bigint as unknown_reference,
        coalesce(sum(opt_outs), 0)::bigint as opt_outs,
        coalesce(sum(before_delivery), 0)::bigint as before_delivery,
        coalesce(sum(eligible_messages), 0)::bigint as eligible_messages,
        coalesce(sum(replied_messages), 0)::bigint as replied_messages,
        max(time_to_reply_p50) as time_to_reply_p50,
        max(time_to_reply_p90) as time_to_reply_p90
    from (from received union all from sent union all from answered)
    group by all
)
select
    date, mcc, mnc, network, country,
    replies, explicit, inferred, unsolicited, unknown_reference, opt_outs, before_delivery,
    eligible_messages, replied_messages,
    case when internal.replies_were_seen()
        then replied_messages / nullif(eligible_messages, 0) end as reply_rate,
    case when internal.replies_were_seen()
        then wilson_low(replied_messages, eligible_messages) end as reply_rate_low,
    case when internal.replies_were_seen()
        then wilson_high(replied_messages, eligible_messages) end as reply_rate_high,
    time_to_reply_p50, time_to_reply_p90
from summed
