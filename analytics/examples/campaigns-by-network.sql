-- How long does each campaign take on each network, exactly, without reading every message?
select
    network,
    campaign,
    sum(messages) as delivered,
    quantile_of_cells(latency_seconds, messages, 0.5) as latency_p50,
    quantile_of_cells(latency_seconds, messages, 0.95) as latency_p95
from latency_cells
where date > (select max(date) - 30 from latency_cells)
group by network, campaign
having sum(messages) >= 20
order by latency_p95 desc
