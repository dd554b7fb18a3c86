-- Grain: one row, all messages sent on these dates (inclusive, report time zone), also when none was.
create macro delivery_between(from_date, to_date) as table
select
    coalesce(messages, 0) as messages,
    coalesce(delivered, 0) as delivered,
    coalesce(undelivered, 0) as undelivered,
    coalesce(expired, 0) as expired,
    coalesce(error, 0) as error,
    coalesce(pending, 0) as pending,
    coalesce(unknown, 0) as unknown,
    delivery_rate, delivery_rate_low, delivery_rate_high, success_rate, receipt_coverage,
    latency_p50, latency_p90, latency_p95, latency_p99,
    within_5s, within_10s, within_30s, within_60s, within_300s,
    coalesce(latencies, 0) as latencies,
    coalesce(clock_anomalies, 0) as clock_anomalies,
    coalesce(provisional, false) as provisional,
    coalesce(eligible_messages, 0) as eligible_messages,
    coalesce(replied, 0) as replied,
    reply_rate, reply_rate_low, reply_rate_high
from (select 1) as always
left join internal.delivery('internal.daily_facts', from_date, to_date, false, false, false, false) on true
