-- One row per hour that has messages, counted from the first instant of a short period; the same
-- figures as by day, from the messages themselves, because percentiles of networks cannot be added.
select
    $start::timestamptz + to_hours((epoch(sent_at) - epoch($start::timestamptz))::bigint // 3600)
        as hour,
    count(*) as messages,
    count(*) filter (state = 'delivered') as delivered,
    count(*) filter (state = 'undelivered') as undelivered,
    count(*) filter (state = 'expired') as expired,
    count(*) filter (state = 'error') as "error",
    count(*) filter (state = 'pending') as pending,
    count(*) filter (state = 'unknown') as "unknown",
    count(*) filter (state = 'delivered') / count(*) as delivery_rate,
    count(*) filter (state not in ('pending', 'unknown')) / count(*) as receipt_coverage,
    quantile_cont(latency_seconds, 0.5)::double as latency_p50,
    quantile_cont(latency_seconds, 0.95)::double as latency_p95,
    quantile_cont(latency_seconds, 0.99)::double as latency_p99,
    bool_or(state = 'pending') as provisional
from messages
where sent_date between $from_date and $to_date
    and ($mcc is null or mcc = $mcc) and ($mnc is null or mnc = $mnc)
group by hour
order by hour
