-- At which hour of the day is delivery slowest?
select hour(sent_at) as hour_utc, quantile_cont(latency_seconds, 0.95) as latency_p95
from messages
where state = 'delivered'
group by hour_utc
order by hour_utc
