-- How many messages took how long, over all networks and days?
select latency_from_seconds, sum(messages) as messages
from latency_histogram
group by latency_from_seconds
order by latency_from_seconds
