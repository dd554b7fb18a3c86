-- Grain: one row per pair of networks between which numbers moved on these dates (inclusive, report time
-- zone): how many, and how surely their messages arrived in the 30 days before and after each move, no
-- further than the next move.
create macro network_flows_between(from_date, to_date) as table
with summed as (
    select
        from_mcc, from_mnc, from_network, to_mcc, to_mnc, to_network,
        count(*) as changes,
        count(distinct number) as numbers,
        coalesce(sum(messages_before), 0)::bigint as messages_before,
        coalesce(sum(delivered_before), 0)::bigint as delivered_before,
        coalesce(sum(open_before), 0)::bigint as open_before,
        coalesce(sum(messages_after), 0)::bigint as messages_after,
        coalesce(sum(delivered_after), 0)::bigint as delivered_after,
        coalesce(sum(open_after), 0)::bigint as open_after
    from internal.change_facts
    left join internal.move_counts using (number, since)
    where (from_date is null or date >= (from_date)::date)
        and (to_date is null or date <= (to_date)::date)
    group by all
)
select
    from_mcc, from_mnc, from_network, to_mcc, to_mnc, to_network, changes, numbers,
    messages_before,
    delivered_before,
    open_before,
    delivered_before / nullif(messages_before, 0) as delivery_rate_before,
    wilson_low(delivered_before, messages_before) as delivery_rate_before_low,
    wilson_high(delivered_before, messages_before) as delivery_rate_before_high,
    messages_after,
    delivered_after,
    open_after,
    delivered_after / nullif(messages_after, 0) as delivery_rate_after,
    wilson_low(delivered_after, messages_after) as delivery_rate_after_low,
    wilson_high(delivered_after, messages_after) as delivery_rate_after_high
from summed
