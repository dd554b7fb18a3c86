-- One row per day sent on which one network carried a message: what became of them, and how long
-- delivery took. A day that still has pending messages is provisional.
select
    date, messages, delivered, undelivered, expired, error, pending, unknown,
    delivery_rate, receipt_coverage, latency_p50, latency_p95, latency_p99, provisional
from delivery_daily
where date between $from_date and $to_date and mcc = $mcc and mnc = $mnc
order by date
