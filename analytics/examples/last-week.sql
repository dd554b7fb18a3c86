-- How was the last week?
select messages, delivery_rate, success_rate, receipt_coverage, latency_p50, latency_p95, within_10s
from delivery_between(current_date - 7, current_date - 1)
