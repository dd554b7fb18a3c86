-- Grain: one row for each hour of the day sent (0 to 23, report time zone), and network if chosen, whose
-- keys are NULL otherwise. The rate is that of internal.delivery; the time is that of a message's first
-- reply, its median with the 95 % interval from the ranks. Inputs: both cells.
create macro internal.reply_by_hour(from_date, to_date, by_network) as table
with cells as (
    select date, hour_sent, network_id, null as seconds, 0 as answers, eligible, replied
    from internal.delivery_facts
    where status = 'delivered'
    union all
    select date, hour_sent, network_id, time_to_reply_seconds, messages, 0, 0
    from internal.answer_time_facts
),
by_second as (
    select
        case when by_network then network_id end as network_id,
        hour_sent as hour_of_day,
        seconds,
        sum(answers) as answers,
        sum(eligible) as eligible,
        sum(replied) as replied
    from cells
    where (from_date is null or date >= (from_date)::date)
        and (to_date is null or date <= (to_date)::date)
    group by all
),
ranked as (
    select
        *,
        sum(answers) over (partition by network_id, hour_of_day order by seconds)
            as reached,
        sum(answers) over (partition by network_id, hour_of_day) as total
    from by_second
),
summed as (
    select
        network_id, hour_of_day,
        sum(eligible)::bigint as eligible_messages,
        sum(replied)::bigint as replied,
        sum(answers)::bigint as answers,
        min(seconds) filter (reached > floor(internal.rank_at(0.5, total))) as low_50,
        min(seconds) filter (reached > ceil(internal.rank_at(0.5, total))) as high_50,
        min(seconds) filter (reached > internal.end_rank(0.5, total, -1.959963984540054)) as low_end,
        min(seconds) filter (reached > internal.end_rank(0.5, total, 1.959963984540054)) as high_end,
        min(seconds) filter (reached > floor(internal.rank_at(0.9, total))) as low_90,
        min(seconds) filter (reached > ceil(internal.rank_at(0.9, total))) as high_90
    from ranked
    group by network_id, hour_of_day
    having sum(eligible) > 0
)
select
    mcc, mnc, network, country, hour_of_day, eligible_messages, replied,
    case when internal.replies_were_seen() then replied / eligible_messages end as reply_rate,
    case when internal.replies_were_seen() then wilson_low(replied, eligible_messages) end
        as reply_rate_low,
    case when internal.replies_were_seen() then wilson_high(replied, eligible_messages) end
        as reply_rate_high,
    answers,
    internal.interpolated(low_50, high_50, internal.rank_at(0.5, answers)) as time_to_reply_p50,
    low_end::double as time_to_reply_p50_low,
    high_end::double as time_to_reply_p50_high,
    internal.interpolated(low_90, high_90, internal.rank_at(0.9, answers)) as time_to_reply_p90
from summed
left join internal.network_names using (network_id)
