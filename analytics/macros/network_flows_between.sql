-- Grain: one row per pair of networks between which numbers moved on these dates (inclusive, report time
-- zone): how many, and how surely their messages arrived in the 30 days before and after each move, no
-- further than the next move.
create macro network_flows_between(from_date, to_date) as table
with moves as (
    select
        *,
        greatest(from_since, since - interval 720 hours) as before_from,
        least(
            lead(since) over (partition by number order by since), since + interval 720 hours
        ) as after_to
    from internal.change_facts
),
chosen as (
    from moves
    where (from_date is null or date >= (from_date)::date)
        and (to_date is null or date <= (to_date)::date)
),
around as (
    select
        chosen.from_mcc, chosen.from_mnc, chosen.from_network,
        chosen.to_mcc, chosen.to_mnc, chosen.to_network,
        count(*) filter (message.sent_at < chosen.since) as messages_before,
        count(*) filter (message.sent_at < chosen.since and final_status = 'delivered')
            as delivered_before,
        count(*) filter (message.sent_at >= chosen.since) as messages_after,
        count(*) filter (message.sent_at >= chosen.since and final_status = 'delivered')
            as delivered_after
    from chosen
    inner join internal.messages as message
        on message.number = chosen.number
        and message.sent_at >= chosen.before_from and message.sent_at < chosen.after_to
    where (from_date is null or message.sent_day >= (from_date)::date - 32)
        and (to_date is null or message.sent_day <= (to_date)::date + 32)
    group by all
),
counted as (
    select
        from_mcc, from_mnc, from_network, to_mcc, to_mnc, to_network,
        count(*) as changes,
        count(distinct number) as numbers
    from chosen
    group by all
)
select
    from_mcc, from_mnc, from_network, to_mcc, to_mnc, to_network, changes, numbers,
    coalesce(messages_before, 0) as messages_before,
    coalesce(delivered_before, 0) as delivered_before,
    delivered_before / nullif(messages_before, 0) as delivery_rate_before,
    wilson_low(delivered_before, messages_before) as delivery_rate_before_low,
    wilson_high(delivered_before, messages_before) as delivery_rate_before_high,
    coalesce(messages_after, 0) as messages_after,
    coalesce(delivered_after, 0) as delivered_after,
    delivered_after / nullif(messages_after, 0) as delivery_rate_after,
    wilson_low(delivered_after, messages_after) as delivery_rate_after_low,
    wilson_high(delivered_after, messages_after) as delivery_rate_after_high
from counted
left join around using (from_mcc, from_mnc, from_network, to_mcc, to_mnc, to_network)
