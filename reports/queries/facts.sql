-- One row per day sent, network, outcome and whole second of latency, from the first day to the last:
-- counts that can be added up to any coarser grain. One look at the cells, summed by day, serves every figure of a
-- report and of the period it is compared with; reports/measures.py adds up.
select
    date, mcc, mnc, network, country, status, latency_seconds,
    sum(messages)::bigint as messages,
    sum(aged_5s)::bigint as aged_5s,
    sum(aged_10s)::bigint as aged_10s,
    sum(aged_30s)::bigint as aged_30s,
    sum(aged_60s)::bigint as aged_60s,
    sum(aged_300s)::bigint as aged_300s,
    sum(aged_horizon)::bigint as aged_horizon,
    sum(eligible)::bigint as eligible,
    sum(replied)::bigint as replied,
    sum(duplicates)::bigint as duplicates,
    sum(out_of_order)::bigint as out_of_order,
    sum(conflicting_finals)::bigint as conflicting_finals,
    sum(clock_anomalies)::bigint as clock_anomalies,
    sum(case when network_is_known then 0 else messages end)::bigint as unknown_networks
from internal.daily_facts
where date between $from_date and $to_date
group by date, mcc, mnc, network, country, status, latency_seconds
