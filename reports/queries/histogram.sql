-- One row per bin of latency that is not empty: delivered messages, by how long delivery took.
select latency_from_seconds, latency_to_seconds, sum(messages)::bigint as messages
from latency_histogram
where date between $from_date and $to_date
group by latency_from_seconds, latency_to_seconds
order by latency_from_seconds
