-- Grain: one row for each chosen key; the keys that are not chosen are NULL. Replies count on the
-- date they were received, in the network that they came from; the rate counts messages, on the
-- date they were sent, in the network that they went to.
create macro internal.reply(from_date, to_date, by_date, by_network) as table
with received as (
    select
        case when by_date then received_date end as date,
        case when by_network then mcc end as mcc,
        case when by_network then mnc end as mnc,
        case when by_network then network end as network,
        case when by_network then country end as country,
        count(*) as replies,
        count(*) filter (attribution = 'explicit') as explicit,
        count(*) filter (attribution = 'inferred') as inferred,
        count(*) filter (attribution = 'unsolicited') as unsolicited,
        count(*) filter (unknown_reference) as unknown_reference,
        count(*) filter (before_delivery) as before_delivery,
        count(*) filter (opt_out) as opt_outs,
        quantile_cont(time_to_reply_seconds, 0.5) as time_to_reply_p50,
        quantile_cont(time_to_reply_seconds, 0.9) as time_to_reply_p90,
        0 as eligible_messages,
        0 as replied_messages
    from internal.reply_facts
    where (from_date is null or received_date >= (from_date)::date)
        and (to_date is null or received_date <= (to_date)::date)
    group by all
),
sent as (
    select
        case when by_date then date end as date,
        case when by_network then mcc end as mcc,
        case when by_network then mnc end as mnc,
        case when by_network then network end as network,
        case when by_network then country end as country,
        0, 0, 0, 0, 0, 0, 0, null, null,
        sum(eligible) as eligible_messages,
        sum(replied) as replied_messages
    from internal.daily_facts
    where (from_date is null or date >= (from_date)::date)
        and (to_date is null or date <= (to_date)::date)
    group by all
    having sum(eligible) > 0
),
summed as (
    select
        date, mcc, mnc, network, country,
        sum(replies)::bigint as replies,
        sum(explicit)::bigint as explicit,
        sum(inferred)::bigint as inferred,
        sum(unsolicited)::bigint as unsolicited,
        sum(unknown_reference)::bigint as unknown_reference,
        sum(opt_outs)::bigint as opt_outs,
        sum(before_delivery)::bigint as before_delivery,
        sum(eligible_messages)::bigint as eligible_messages,
        sum(replied_messages)::bigint as replied_messages,
        max(time_to_reply_p50) as time_to_reply_p50,
        max(time_to_reply_p90) as time_to_reply_p90
    from (from received union all from sent)
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
