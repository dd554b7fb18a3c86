-- How did each network do, day by day, leaving out days that may still change?
select date, network, messages, delivery_rate, latency_p95
from delivery_daily
where not provisional
order by date, network
