-- Grain: one row for each chosen key; the keys that are not chosen are NULL. Dates are inclusive, in
-- the report time zone; NULL is no bound.
-- Percentiles: cells are counts per whole second, so the value at a rank is the smallest latency
-- by which more messages than the rank have arrived; interpolating between the whole ranks gives
-- quantile_cont of the messages themselves.
create macro internal.delivery(facts, from_date, to_date, by_date, by_hour, by_network, by_campaign)
as table
with by_latency as (
    select
        date,
        case when by_hour then sent_hour end as hour,
        mcc, mnc, network, country,
        case when by_campaign then campaign end as campaign,
        latency_seconds,
        sum(messages) as messages,
        sum(case when status = 'delivered' then messages else 0 end) as delivered,
        sum(case when status = 'undelivered' then messages else 0 end) as undelivered,
        sum(case when status = 'expired' then messages else 0 end) as expired,
        sum(case when status = 'error' then messages else 0 end) as error,
        sum(case when status is null then messages - aged_horizon else 0 end) as pending,
        sum(case when status is null then aged_horizon else 0 end) as unknown,
        sum(case when latency_seconds is not null then messages else 0 end) as timed,
        sum(clock_anomalies) as clock_anomalies,
        sum(aged_5s) as aged_5s,
        sum(aged_10s) as aged_10s,
        sum(aged_30s) as aged_30s,
        sum(aged_60s) as aged_60s,
        sum(aged_300s) as aged_300s,
        sum(case when latency_seconds <= 5 then aged_5s else 0 end) as in_5s,
        sum(case when latency_seconds <= 10 then aged_10s else 0 end) as in_10s,
        sum(case when latency_seconds <= 30 then aged_30s else 0 end) as in_30s,
        sum(case when latency_seconds <= 60 then aged_60s else 0 end) as in_60s,
        sum(case when latency_seconds <= 300 then aged_300s else 0 end) as in_300s,
        sum(eligible) as eligible,
        sum(replied) as replied
    from internal.chosen(facts, from_date, to_date, by_date, by_network)
    group by all
),
ranked as (
    select
        *,
        sum(timed) over (
            partition by date, hour, mcc, mnc, network, country, campaign order by latency_seconds
        ) as reached,
        sum(timed) over (
            partition by date, hour, mcc, mnc, network, country, campaign
        ) as timed_total
    from by_latency
),
summed as (
    select
        date, hour, mcc, mnc, network, country, campaign,
        sum(messages)::bigint as messages,
        sum(delivered)::bigint as delivered,
        sum(undelivered)::bigint as undelivered,
        sum(expired)::bigint as expired,
        sum(error)::bigint as error,
        sum(pending)::bigint as pending,
        sum(unknown)::bigint as unknown,
        sum(delivered + undelivered + expired + error)::bigint as finals,
        sum(clock_anomalies)::bigint as clock_anomalies,
        sum(timed)::bigint as timed,
        sum(aged_5s) as aged_5s, sum(in_5s) as in_5s,
        sum(aged_10s) as aged_10s, sum(in_10s) as in_10s,
        sum(aged_30s) as aged_30s, sum(in_30s) as in_30s,
        sum(aged_60s) as aged_60s, sum(in_60s) as in_60s,
        sum(aged_300s) as aged_300s, sum(in_300s) as in_300s,
        sum(eligible)::bigint as eligible,
        sum(replied)::bigint as replied,
        min(latency_seconds) filter (reached > floor(internal.rank_at(0.5, timed_total))) as low_50,
        min(latency_seconds) filter (reached > ceil(internal.rank_at(0.5, timed_total))) as high_50,
        min(latency_seconds) filter (reached > floor(internal.rank_at(0.9, timed_total))) as low_90,
        min(latency_seconds) filter (reached > ceil(internal.rank_at(0.9, timed_total))) as high_90,
        min(latency_seconds) filter (reached > floor(internal.rank_at(0.95, timed_total))) as low_95,
        min(latency_seconds) filter (reached > ceil(internal.rank_at(0.95, timed_total))) as high_95,
        min(latency_seconds) filter (reached > floor(internal.rank_at(0.99, timed_total))) as low_99,
        min(latency_seconds) filter (reached > ceil(internal.rank_at(0.99, timed_total))) as high_99
    from ranked
    group by date, hour, mcc, mnc, network, country, campaign
    having sum(messages) > 0
)
select
    date, hour, mcc, mnc, network, country, campaign,
    messages, delivered, undelivered, expired, error, pending, unknown,
    delivered / messages as delivery_rate,
    wilson_low(delivered, messages) as delivery_rate_low,
    wilson_high(delivered, messages) as delivery_rate_high,
    delivered / nullif(finals, 0) as success_rate,
    finals / messages as receipt_coverage,
    internal.interpolated(low_50, high_50, internal.rank_at(0.5, timed)) as latency_p50,
    internal.interpolated(low_90, high_90, internal.rank_at(0.9, timed)) as latency_p90,
    internal.interpolated(low_95, high_95, internal.rank_at(0.95, timed)) as latency_p95,
    internal.interpolated(low_99, high_99, internal.rank_at(0.99, timed)) as latency_p99,
    in_5s / nullif(aged_5s, 0) as within_5s,
    in_10s / nullif(aged_10s, 0) as within_10s,
    in_30s / nullif(aged_30s, 0) as within_30s,
    in_60s / nullif(aged_60s, 0) as within_60s,
    in_300s / nullif(aged_300s, 0) as within_300s,
    timed as latencies,
    clock_anomalies,
    pending > 0 as provisional,
    eligible as eligible_messages,
    replied,
    case when internal.replies_were_seen() then replied / nullif(eligible, 0) end as reply_rate,
    case when internal.replies_were_seen() then wilson_low(replied, eligible) end as reply_rate_low,
    case when internal.replies_were_seen() then wilson_high(replied, eligible) end
        as reply_rate_high
from summed
