-- One row per campaign with a message in the period, largest first, the first fifty.
select
    campaign, messages, delivered, delivery_rate, delivery_rate_low, delivery_rate_high,
    latency_p50, latency_p95, within_10s, reply_rate, reply_rate_low, reply_rate_high, provisional
from campaign_performance_between($from_date, $to_date)
where campaign is not null
order by messages desc, campaign
limit 50
