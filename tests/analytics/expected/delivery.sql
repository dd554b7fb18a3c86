-- Grain: one row per chosen key. Every figure of delivery, counted message by message.
-- Inputs: messages and replies; ages at as_of to the microsecond.
with aged as (
    select
        message.*,
        (epoch_us(about.as_of) - epoch_us(message.sent_at)) / 1000000 as age_seconds,
        (epoch_us(about.as_of) - epoch_us(coalesce(message.delivered_at, message.sent_at)))
            / 1000000 > about.reply_window_hours * 3600 as is_old,
        about.horizon_hours * 3600 as horizon_seconds,
        exists (
            select 1 from replies as reply
            where reply.message_id = message.message_id
                and reply.received_at >= message.sent_at
                and reply.received_at - coalesce(message.delivered_at, message.sent_at)
                    <= to_hours(about.reply_window_hours)
        ) as has_reply,
        timezone(about.time_zone, message.sent_at) as local_time
    from messages as message
    cross join internal.catalogue as about
),
keyed as (
    select
        case when $by_date then local_time::date end as date,
        case when $by_hour then
            sent_at - to_minutes(minute(local_time)) - to_microseconds(microsecond(local_time))
        end as hour,
        case when $by_network then mcc end as mcc,
        case when $by_network then mnc end as mnc,
        case when $by_network then network end as network,
        case when $by_network then country end as country,
        case when $by_campaign then campaign end as campaign,
        * exclude (mcc, mnc, network, country, campaign)
    from aged
)
select
    date, hour, mcc, mnc, network, country, campaign,
    count(*) as messages,
    count(*) filter (final_status = 'delivered') as delivered,
    count(*) filter (final_status = 'undelivered') as undelivered,
    count(*) filter (final_status = 'expired') as expired,
    count(*) filter (final_status = 'error') as error,
    count(*) filter (final_status is null and age_seconds < horizon_seconds) as pending,
    count(*) filter (final_status is null and age_seconds >= horizon_seconds) as unknown,
    count(*) filter (final_status = 'delivered') / count(*) as delivery_rate,
    wilson_low(count(*) filter (final_status = 'delivered'), count(*)) as delivery_rate_low,
    wilson_high(count(*) filter (final_status = 'delivered'), count(*)) as delivery_rate_high,
    count(*) filter (final_status = 'delivered') / nullif(count(final_status), 0) as success_rate,
    count(final_status) / count(*) as receipt_coverage,
    quantile_cont(latency_seconds, 0.5) as latency_p50,
    quantile_cont(latency_seconds, 0.9) as latency_p90,
    quantile_cont(latency_seconds, 0.95) as latency_p95,
    quantile_cont(latency_seconds, 0.99) as latency_p99,
    count(*) filter (latency_seconds <= 5 and age_seconds >= 5)
        / nullif(count(*) filter (age_seconds >= 5), 0) as within_5s,
    count(*) filter (latency_seconds <= 10 and age_seconds >= 10)
        / nullif(count(*) filter (age_seconds >= 10), 0) as within_10s,
    count(*) filter (latency_seconds <= 30 and age_seconds >= 30)
        / nullif(count(*) filter (age_seconds >= 30), 0) as within_30s,
    count(*) filter (latency_seconds <= 60 and age_seconds >= 60)
        / nullif(count(*) filter (age_seconds >= 60), 0) as within_60s,
    count(*) filter (latency_seconds <= 300 and age_seconds >= 300)
        / nullif(count(*) filter (age_seconds >= 300), 0) as within_300s,
    count(latency_seconds) as latencies,
    count(*) filter (delivered_at < sent_at) as clock_anomalies,
    count(*) filter (final_status is null and age_seconds < horizon_seconds) > 0 as provisional,
    count(*) filter (final_status = 'delivered' and is_old) as eligible_messages,
    count(*) filter (final_status = 'delivered' and is_old and has_reply) as replied,
    count(*) filter (final_status = 'delivered' and is_old and has_reply)
        / nullif(count(*) filter (final_status = 'delivered' and is_old), 0) as reply_rate
from keyed
where ($from_date is null or local_time::date >= $from_date)
    and ($to_date is null or local_time::date <= $to_date)
group by date, hour, mcc, mnc, network, country, campaign
