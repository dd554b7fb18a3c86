-- Grain: one row per date, network and bin that holds a message. Inputs: the cells, latency_bins.
create view latency_histogram as
select
    cell.date, cell.mcc, cell.mnc, cell.network, cell.country,
    bin.latency_from_seconds,
    bin.latency_to_seconds,
    sum(cell.messages)::bigint as messages
from internal.daily_facts as cell
asof join internal.latency_bins as bin on cell.latency_seconds >= bin.latency_from_seconds
where cell.messages > 0
group by all
