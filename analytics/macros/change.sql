-- Grain: one row for each measure and chosen key (a network by its codes, under its latest name, or an hour
-- of the day): how much the measure over all keys changed because of it from the days before to the days
-- from from_date to to_date. Of s, its share of the messages, and r, its own rate, with R the rate over all:
--   mix_effect  = (s - s before) * ((r + r before) / 2 - (R + R before) / 2)   its share grew or shrank
--   rate_effect = (r - r before) * (s + s before) / 2                          it did better or worse
-- Both add up, over all keys, to R - R before: exactly, and the same either way round. A key without messages
-- on one side takes its rate from the other: all is mix. No days before given: as many as there are, just
-- before. Days from the first on that still has pending messages do not count, on either side: receipts that
-- are still coming would look like a fall. Reply rates are of messages older than the reply window anyway.
create macro internal.change(facts, from_date, to_date, before_from, before_to, by_network, by_hour) as table
with facts as (
    select *, true as is_now
    from query_table(facts)
    where date between (from_date)::date and (to_date)::date
    union all
    select *, false
    from query_table(facts)
    where date
        between coalesce((before_from)::date, (from_date)::date - ((to_date)::date - (from_date)::date + 1)::integer)
        and coalesce((before_to)::date, (from_date)::date - 1)
),
open_days as (
    select is_now, date
    from facts
    where status is null
    group by all
    having sum(messages - aged_horizon) > 0
),
settled as (
    select
        facts.* replace (
            case when by_network then mcc end as mcc,
            case when by_network then mnc end as mnc
        ),
        case when by_hour then hour_sent end as hour_of_day,
        case when first_open is null or date < first_open then 1 else 0 end as is_settled
    from facts
    left join (select is_now, min(date) as first_open from open_days group by is_now) using (is_now)
),
summed as (
    select
        is_now, mcc, mnc, hour_of_day,
        max_by(network, date) as network,
        max_by(country, date) as country,
        max(date) as date,
        sum(is_settled * messages) as messages,
        sum(case when status = 'delivered' then is_settled * messages else 0 end) as delivered,
        sum(is_settled * aged_30s) as aged_30s,
        sum(case when latency_seconds <= 30 then is_settled * aged_30s else 0 end) as in_30s,
        sum(eligible) as eligible,
        sum(replied) as replied
    from settled
    group by is_now, mcc, mnc, hour_of_day
),
measured as (
    select *, 'delivery_rate' as measure, messages as whole, delivered as part from summed
    union all
    select *, 'within_30s', aged_30s, in_30s from summed
    union all
    select *, 'reply_rate', eligible, replied from summed where internal.replies_were_seen()
),
paired as (
    select
        measure, mcc, mnc, hour_of_day,
        case when by_network then max_by(network, date) end as network,
        case when by_network then max_by(country, date) end as country,
        coalesce(sum(whole) filter (is_now), 0) as n,
        coalesce(sum(part) filter (is_now), 0) as k,
        coalesce(sum(whole) filter (not is_now), 0) as n_before,
        coalesce(sum(part) filter (not is_now), 0) as k_before
    from measured
    group by measure, mcc, mnc, hour_of_day
    having sum(whole) > 0
),
rated as (
    select
        *,
        n / sum(n) over of_all as share,
        n_before / sum(n_before) over of_all as share_before,
        coalesce(k / nullif(n, 0), k_before / n_before) as r,
        coalesce(k_before / nullif(n_before, 0), k / n) as r_before,
        sum(k) over of_all / sum(n) over of_all as r_all,
        sum(k_before) over of_all / sum(n_before) over of_all as r_all_before
    from paired
    window of_all as (partition by measure)
    qualify sum(n) over of_all > 0 and sum(n_before) over of_all > 0
),
split as (
    select
        *,
        (share - share_before) * ((r + r_before) / 2 - (r_all + r_all_before) / 2) as mix_effect,
        (r - r_before) * (share + share_before) / 2 as rate_effect
    from rated
)
select
    measure, mcc, mnc, network, country, hour_of_day,
    n::bigint as messages,
    k::bigint as successes,
    n_before::bigint as messages_before,
    k_before::bigint as successes_before,
    share,
    share_before,
    k / nullif(n, 0) as rate,
    wilson_low(k, n) as rate_low,
    wilson_high(k, n) as rate_high,
    k_before / nullif(n_before, 0) as rate_before,
    wilson_low(k_before, n_before) as rate_before_low,
    wilson_high(k_before, n_before) as rate_before_high,
    mix_effect,
    rate_effect,
    mix_effect + rate_effect as effect,
    r_all - r_all_before as change
from split
