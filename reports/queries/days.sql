-- One row per day sent that has messages: what became of them over all networks, and how long
-- delivery took. Percentiles are exact; a day that still has pending messages is provisional.
select
    date, messages, delivered, undelivered, expired, error, pending, unknown,
    delivery_rate, receipt_coverage, latency_p50, latency_p95, latency_p99, provisional
from delivery_total_daily
where date between $from_date and $to_date
order by date
