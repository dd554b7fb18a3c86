-- Grain: one row per date, network, campaign and whole second of latency that a message took.
-- Inputs: internal.daily_facts. Why: sums of these give any percentile of any group, exactly, at the
-- cost of the cells rather than of the messages: see the macro quantile_of_cells.
create view latency_cells as
select
    date, mcc, mnc, network, country, campaign, latency_seconds,
    sum(messages)::bigint as messages
from internal.daily_facts
where latency_seconds is not null and messages > 0
group by all
